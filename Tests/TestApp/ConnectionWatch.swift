public import Hummingbird
import HummingbirdCore

extension ApplicationConfiguration {
    /// The same, with a gate that each connection passes when it has been closed.
    ///
    /// A configuration that has no delegate for connections stays without, and nothing passes.
    public func watched(by closed: Gate) -> ApplicationConfiguration {
        var configuration = self
        configuration.availableConnectionsDelegate = availableConnectionsDelegate.map {
            WatchingDelegate(base: $0, closed: closed)
        }
        return configuration
    }

    /// Indicates that something is told of connections.
    public var hasDelegate: Bool { availableConnectionsDelegate != nil }
}

/// Says when a connection has gone, beside what another delegate does.
private struct WatchingDelegate: AvailableConnectionsDelegate {
    var base: any AvailableConnectionsDelegate
    let closed: Gate

    mutating func connectionOpened() { base.connectionOpened() }

    mutating func connectionClosed() {
        base.connectionClosed()
        Task { [closed] in await closed.pass() }
    }

    func isAcceptingNewConnections() -> Bool { base.isAcceptingNewConnections() }
}
