import NIOCore
import PostgresClient
import ServiceLifecycle

/// Hears which tables change, once a route wants to know.
final class TableListener: Service {
    private let listener: PostgresListener
    private let watch: TableWatch
    private let whenWanted: AsyncStream<Void>
    private let wanted: AsyncStream<Void>.Continuation

    /// For how long after the database's last sign of life it counts as heard.
    static let patience = TimeAmount.seconds(5)

    init(_ listener: PostgresListener, _ watch: TableWatch) {
        self.listener = listener
        self.watch = watch
        (whenWanted, wanted) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// A route has tables.
    func want() {
        wanted.yield()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [whenWanted] in
            for await _ in whenWanted { break }
        }
        guard !Task.isShuttingDownGracefully else { return }
        try await listener.run(
            PostgresListener.Handler(
                missed: { [watch] in await watch.missed() },
                notified: { [watch] in await watch.changed($0) }
            )
        )
    }
}

extension PostgresListener {
    /// Whether every change that was announced longer than ``TableListener/patience`` ago has been heard of and followed up.
    var isHeard: Bool { lastAnswer.map { .now() - $0 <= TableListener.patience } ?? false }
}
