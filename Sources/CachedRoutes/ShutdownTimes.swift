import CachedRoutesCore
import NIOCore

/// The parts of a shutdown's time: first for clients' responses, then for writes and purges, then for closing
/// connections to servers.
struct ShutdownTimes: Sendable {
    /// The time for clients' connections.
    let clients: TimeAmount
    /// The time for the background writer and queued purges, together.
    let drain: TimeAmount
    /// The time for closing the connections to PostgreSQL.
    let close: TimeAmount

    /// Returns the most that the writer and the purges may have of a shutdown of this length.
    static func longestDrain(within shutdown: Duration) -> Duration { .milliseconds(shutdown.milliseconds / 2) }

    /// Divides the shutdown time of a configuration.
    ///
    /// A short shutdown is divided as well: no part has less than a quarter of it because another one's default is
    /// longer.
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
