package import NIOCore

/// The time limits of a client's connection.
package struct ConnectionTimeouts: Sendable, Hashable {
    /// The time for receiving a request head, from its first byte on; for the first request, from the opening of the
    /// connection on.
    package var head: TimeAmount
    /// The time without a request in progress, and the time for which the transfer of a request body may stall.
    package var idle: TimeAmount
    /// The time for which bytes may be pending without any of them being accepted by the client.
    package var write: TimeAmount
    /// The time for which a connection may stay open after the beginning of a shutdown.
    package var shutdown: TimeAmount
    /// The time for which a connection without a request stays open after the beginning of a shutdown, for a request
    /// that may be in transit.
    package var grace: TimeAmount = .milliseconds(500)
    /// The time without input for which input is still read after the last response. In all, input is read for at most
    /// five times this time.
    package var linger: TimeAmount = .seconds(2)

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - head: the time for receiving a request head.
    ///   - idle: the time without a request in progress.
    ///   - write: the time without progress of pending output.
    ///   - shutdown: the time after the beginning of a shutdown.
    package init(
        head: TimeAmount = .seconds(10),
        idle: TimeAmount = .seconds(75),
        write: TimeAmount = .seconds(30),
        shutdown: TimeAmount = .seconds(13)
    ) {
        self.head = head
        self.idle = idle
        self.write = write
        self.shutdown = shutdown
    }

    /// The part of ``shutdown`` that a server leaves for cancelled tasks to end.
    package var patience: TimeAmount { min(.milliseconds(100), .nanoseconds(shutdown.nanoseconds / 4)) }

    /// The interval between examinations of a connection: fine enough for the shortest limit, and rarely shorter than a
    /// second.
    package var interval: TimeAmount {
        let shortest = min(head, idle, write, shutdown)
        return .nanoseconds(min(1_000_000_000, max(5_000_000, shortest.nanoseconds / 8)))
    }
}

/// The reason for which a server closes a connection.
package enum CloseReason: String, Sendable, CaseIterable {
    /// A request head was not complete in time.
    case head
    /// No request was in progress for too long.
    case idle
    /// A request body stalled.
    case body
    /// The client accepted none of the pending output for too long.
    case write
    /// The client did not close after the last response.
    case linger
    /// The unsent responses of all connections held too much memory, and this connection was the slowest one.
    case buffers
    /// The time of a shutdown was over.
    case shutdown
}
