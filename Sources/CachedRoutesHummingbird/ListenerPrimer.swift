import HTTPConnections
import HummingbirdCore

/// Opens a first connection to the server itself as soon as it listens.
///
/// It sets no limit: ``CachedRoutesConfiguration/httpMaximumConnections`` does.
struct ListenerPrimer: AvailableConnectionsDelegate {
    private let connection: ListenerPrimingConnection

    /// Creates the delegate of a server that listens on a port.
    init(port: Int) {
        connection = ListenerPrimingConnection(port: port)
    }

    func connectionOpened() { connection.end() }

    func connectionClosed() {}

    /// Called before each read of the listener, the first time as soon as it listens.
    func isAcceptingNewConnections() -> Bool {
        connection.begin()
        return true
    }
}
