import NIOCore
import PostgresClient

extension PostgresListener {
    /// For how long after the database's last sign of life it counts as heard.
    private static let patience = TimeAmount.seconds(5)

    /// Whether every change that was announced before that long has been heard of and followed up.
    var isHeard: Bool { lastAnswer.map { .now() - $0 <= Self.patience } ?? false }
}

extension PostgresListener.Handler {
    /// Tells `watch`.
    init(_ watch: TableWatch) {
        self.init(missed: { await watch.missed() }, notified: { await watch.changed($0) })
    }
}
