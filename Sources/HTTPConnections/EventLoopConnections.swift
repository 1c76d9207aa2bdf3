import NIOCore

/// The connections of one event loop, which one timer examines.
///
/// A timer for each connection would have to be moved or checked at each of its requests.
final class EventLoopConnections {
    private let eventLoop: any EventLoop
    private var connections: [ConnectionID: ConnectionHandler] = [:]
    private var interval = TimeAmount.seconds(1)
    private var timer: Scheduled<Void>?

    /// The interval during a shutdown, which waits for the connections to close.
    private static let hurry = TimeAmount.milliseconds(50)

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Adds a connection.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - interval: the interval between its examinations.
    func add(_ connection: ConnectionHandler, interval: TimeAmount) {
        connections[connection.id] = connection
        if interval < self.interval {
            self.interval = interval
            schedule(in: interval)
        } else if timer == nil {
            schedule(in: self.interval)
        }
    }

    func remove(_ connection: ConnectionHandler) {
        connections[connection.id] = nil
        guard connections.isEmpty else { return }
        timer?.cancel()
        timer = nil
    }

    /// The connection with this number.
    subscript(id: ConnectionID) -> ConnectionHandler? { connections[id] }

    /// Shortens the interval between examinations while connections are shutting down.
    func hurry() {
        if Self.hurry < interval { schedule(in: Self.hurry) }
    }

    private func schedule(in time: TimeAmount) {
        timer?.cancel()
        timer = eventLoop.assumeIsolated().scheduleTask(in: time) { self.examine() }
    }

    private func examine() {
        timer = nil
        let now = eventLoop.now
        for connection in connections.values { connection.examine(at: now) }
        guard !connections.isEmpty else { return }
        schedule(in: connections.values.contains { $0.isQuiescing } ? min(Self.hurry, interval) : interval)
    }
}

@available(*, unavailable)
extension EventLoopConnections: Sendable {}
