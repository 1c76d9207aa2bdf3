import HTTPConnections
import HummingbirdCore

/// Makes a server's first connection when its listener is there.
///
/// It sets no limit: ``CachedRoutesConfiguration/httpMaximumConnections`` does.
struct FirstConnectionDelegate: AvailableConnectionsDelegate {
    private let connection: FirstConnection

    /// A delegate of a server that listens on a port.
    init(port: Int) {
        connection = FirstConnection(port: port)
    }

    func connectionOpened() { connection.end() }

    func connectionClosed() {}

    /// It is asked before each read of the listener, for the first time as soon as it listens.
    func isAcceptingNewConnections() -> Bool {
        connection.begin()
        return true
    }
}
