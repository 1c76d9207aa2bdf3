package import NIOCore

/// The times that bound what one client can take of a server.
package struct ConnectionLimits: Sendable, Hashable {
    /// The time from the first byte of a request head, and for the first one from the beginning of the connection, to its end.
    package var head: TimeAmount
    /// The time that a connection may be without a request under way, and that a request body may stall.
    package var idle: TimeAmount
    /// The time that bytes may wait for a client without any of them being taken.
    package var write: TimeAmount
    /// The time that a connection has from the beginning of a shutdown.
    package var shutdown: TimeAmount
    /// The time that a connection without a request stays open after the beginning of a shutdown, for one that is on its way.
    package var grace: TimeAmount = .milliseconds(500)
    /// The time that a connection is read on after its last response without a byte coming. Five times as long at most.
    package var linger: TimeAmount = .seconds(2)

    /// Limits with these times.
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

    /// The interval at which connections are examined: fine enough for the shortest limit, and rarely more than once a second.
    package var interval: TimeAmount {
        let shortest = min(head, idle, write, shutdown)
        return .nanoseconds(min(1_000_000_000, max(5_000_000, shortest.nanoseconds / 8)))
    }
}

/// The reason for which a server closes a connection that its client has not closed.
package enum CloseReason: String, Sendable, CaseIterable {
    /// A request head was not complete in time.
    case head
    /// No request was under way for too long.
    case idle
    /// A request body stalled.
    case body
    /// The client took nothing of what waits for it for too long.
    case write
    /// The client did not close after the last response.
    case linger
    /// Unsent responses of all connections held too much memory, and this one was the slowest.
    case buffers
    /// The time of a shutdown was over.
    case shutdown
}
