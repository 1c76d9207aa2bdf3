extension RedisError {
    /// The refusal because of which a handshake failed.
    var refusal: RedisCommandRefusal? { code == .handshakeFailed ? serverRefusal : nil }

    /// The refusal because of which a handshake failed, or a connection was left.
    var serverRefusal: RedisCommandRefusal? {
        (underlying as? RedisServerError).flatMap { RedisCommandRefusal($0) }
    }

    /// The failure of TLS because of which there is no connection.
    var tlsFailure: RedisTLSFailure? {
        underlying as? RedisTLSFailure ?? (underlying as? RedisConnectError)?.tlsFailure
    }

    /// Indicates that a reachable server refuses the login, the database or the connection, or TLS with it fails, until the
    /// server or the configuration is changed. A server that loads its data or has lost its primary does not.
    var isRefusal: Bool {
        if let tlsFailure { return tlsFailure.isRefusal }
        guard let refusal else { return false }
        return ![.busy, .clusterDown, .loading, .primaryDown, .tooManyClients].contains(refusal.kind)
    }
}
