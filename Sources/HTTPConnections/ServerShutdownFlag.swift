import Synchronization

/// Tells the connections of one server that it has begun to shut down, before each of them gets the event.
package final class ServerShutdownFlag: Sendable {
    private let flag = Atomic(false)

    /// Makes the state of a server that runs.
    package init() {}

    /// Indicates that the server has begun to shut down.
    package var hasBegun: Bool { flag.load(ordering: .relaxed) }

    /// Notes that the server begins to shut down.
    package func begin() { flag.store(true, ordering: .relaxed) }
}
