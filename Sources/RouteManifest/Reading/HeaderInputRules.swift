import RouteModel

/// The rules for request fields that may be inputs.
enum HeaderInputRules {
    private static let secrets: Set<String> = ["authorization", "proxy-authorization", "cookie", "cookie2"]
    /// Connection-specific fields (RFC 9110, 7.6.1), including those of older proxies.
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]
    /// Response fields.
    private static let answers: Set<String> = [
        "set-cookie", "set-cookie2", "www-authenticate", "proxy-authenticate", "authentication-info",
        "proxy-authentication-info",
        "vary", "age", "etag", "location", "cache-status",
    ]
    /// Fields that the server and the cache process themselves.
    private static let ownedByServer: Set<String> = [
        "host", "content-length", "expect", "max-forwards", "if-match", "if-none-match", "if-modified-since",
        "if-unmodified-since", "if-range", "range", "cache-control", "pragma", "accept-encoding",
    ]

    /// The reason why the field can't be an input; `nil` if it can.
    static func problem(with field: String) -> String? {
        guard field.utf8.isToken else {
            return "'\(field)' is not the name of a header field; write one such as 'Accept-Language'"
        }
        let name = field.lowercased()
        if secrets.contains(name) {
            return
                "'\(field)' is a secret, and must not become part of a cache key; take the user that it stands for "
                + "instead, as in context: { userID: uuid }"
        }
        if hopByHop.contains(name) {
            return "'\(field)' is meant for the next hop only and cannot be an input; remove it"
        }
        if answers.contains(name) { return "'\(field)' is a field of responses and cannot be an input; remove it" }
        if ownedByServer.contains(name) {
            return "'\(field)' is dealt with by the server and cannot be an input; remove it"
        }
        return nil
    }
}
