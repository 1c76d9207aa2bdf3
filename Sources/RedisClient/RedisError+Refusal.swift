extension RedisError {
    /// Whether a server that is there refuses the login, the database or the connection until somebody changes the server or the
    /// configuration. One that loads its data, or has lost its primary, does not.
    var isRefusal: Bool {
        guard code == .handshakeFailed, let reply = underlyingError as? RedisServerError else { return false }
        return !["BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN"].contains(reply.code)
            && !reply.message.contains("max number of clients")
    }

    /// What to do about a refusal.
    var cure: String {
        guard let reply = underlyingError as? RedisServerError else { return "look at the server's log" }
        let message = reply.message.lowercased()
        switch reply.code {
        case "NOAUTH": return "put the password into the URL"
        case "WRONGPASS": return "put the right user and password into the URL"
        case "NOPERM": return "allow the user the command (ACL SETUSER)"
        case "DENIED": return "give the server a password, or let it listen where only its clients are"
        default: break
        }
        if message.contains("without any password") {
            return "take the password out of the URL, or give the server one"
        }
        if message.contains("password") { return "put the right user and password into the URL" }
        if message.contains("db index") {
            return "name a database in the URL that the server has (its setting databases)"
        }
        return "look at what the server says"
    }
}
