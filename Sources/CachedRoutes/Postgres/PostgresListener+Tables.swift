import NIOCore
import PostgresClient
import RouteModel

extension PostgresListener {
    /// For how long after the database's last sign of life it counts as heard.
    private static let patience = TimeAmount.seconds(5)

    /// Whether every change that was announced before that long has been heard of and followed up.
    var isHeard: Bool { lastAnswer.map { .now() - $0 <= Self.patience } ?? false }
}

extension PostgresListener.Handler {
    /// Tells `watch`, about the tables of `registry`.
    init(_ watch: TableChangeHandler, _ registry: RouteRegistry) {
        self.init(
            tables: { registry.tableNames },
            missed: { await watch.missed($0) },
            notified: { await watch.notified($0) },
            inspected: { await watch.inspected($0) }
        )
    }
}

/// Has a write answered only when what the database has said of it is followed up: whoever wrote reads nothing older.
struct TableFollowUp: CommitFollowUp {
    let listener: PostgresListener
    let registry: RouteRegistry
    let purger: Purger

    func committed(_ plan: RoutePlan, _ values: InputValues, _ certainty: CommitCertainty) async -> PurgeOutcome {
        await listener.settle()
        return purger.holds(anyOf: registry.tables) ? .queued : .done
    }
}
