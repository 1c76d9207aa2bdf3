import HTTPConnections

/// Reports the requests of a connection, or of a stream of HTTP/2, to the handler of the connection's limits.
struct RequestActivityReporter {
    let connection: ConnectionHandler
    /// Indicates that the connection has other streams, so that no response is its last one.
    let isStream: Bool

    /// Indicates that the next response has to be the last one.
    var isQuiescing: Bool { !isStream && connection.isQuiescing }

    func requestBegan() { connection.requestBegan(hasBody: !isStream) }

    func requestReceived() {
        if !isStream { connection.requestReceived() }
    }

    func responseWritten() { connection.responseWritten() }
}
