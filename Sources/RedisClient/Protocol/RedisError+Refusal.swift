extension RedisError {
    /// The refusal because of which a handshake failed.
    var refusal: RedisCommandRefusal? {
        guard code == .handshakeFailed else { return nil }
        return (underlying as? RedisServerError).flatMap { RedisCommandRefusal($0) }
    }

    /// Indicates that a reachable server refuses the login, the database or the connection until the server or the
    /// configuration is changed. A server that loads its data or has lost its primary does not.
    var isRefusal: Bool {
        guard let refusal else { return false }
        return ![.busy, .clusterDown, .loading, .primaryDown, .tooManyClients].contains(refusal.kind)
    }
}
