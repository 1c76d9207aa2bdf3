import CachedRoutesCore
import NIOCore

/// The parts of a shutdown's time: first clients get their responses, then writes and purges go out, then connections to servers
/// are closed.
struct ShutdownTimes: Sendable {
    /// The time of clients' connections.
    let clients: TimeAmount
    /// The time of the background writer and the purges that wait, together.
    let drain: TimeAmount
    /// The time of the connections to PostgreSQL.
    let close: TimeAmount

    /// The most that the writer and the purges get of a shutdown of this length.
    static func longestDrain(within shutdown: Duration) -> Duration { .milliseconds(shutdown.milliseconds / 2) }

    /// The shares of `configuration`.
    ///
    /// A short shutdown is shared too: no part gets less than a quarter of it because another one's default is longer.
    init(_ configuration: CachedRoutesConfiguration) {
        let total = configuration.shutdownTimeout.milliseconds
        let drain = min(configuration.drainTimeout, Self.longestDrain(within: configuration.shutdownTimeout))
            .milliseconds
        let close = max(1, min(2_000, total / 4))
        clients = .milliseconds(total - drain - close)
        self.drain = .milliseconds(drain)
        self.close = .milliseconds(close)
    }
}
