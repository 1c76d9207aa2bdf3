/// Which request fields a route may read.
enum HeaderField {
    private static let secrets: Set<String> = ["authorization", "proxy-authorization", "cookie", "cookie2"]
    /// RFC 9110, 7.6.1, and the fields older proxies use.
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]
    /// Fields of answers.
    private static let answers: Set<String> = [
        "set-cookie", "set-cookie2", "www-authenticate", "proxy-authenticate", "authentication-info",
        "proxy-authentication-info",
        "vary", "age", "etag", "location", "cache-status",
    ]
    /// Fields whose meaning the server and the cache give themselves.
    private static let ownedByServer: Set<String> = [
        "host", "content-length", "expect", "max-forwards", "if-match", "if-none-match", "if-modified-since",
        "if-unmodified-since", "if-range", "range", "cache-control", "pragma", "accept-encoding",
    ]

    /// Why the field cannot be an input; `nil` when it can.
    static func problem(with field: String) -> String? {
        guard !field.isEmpty, field.utf8.allSatisfy(isTokenCharacter) else {
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

    /// RFC 9110, 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIDigit || byte.isASCIILetter || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
