extension RedisError {
    /// The refusal that a handshake has ended with.
    var refusal: RedisRefusal? {
        guard code == .handshakeFailed else { return nil }
        return (underlyingError as? RedisServerError).flatMap { RedisRefusal($0) }
    }

    /// Whether a server that is there refuses the login, the database or the connection until somebody changes the server or the
    /// configuration. One that loads its data, or has lost its primary, does not.
    var isRefusal: Bool {
        guard let refusal else { return false }
        return ![.busy, .clusterDown, .loading, .primaryDown, .tooManyClients].contains(refusal.kind)
    }
}
