extension RedisConfiguration {
    /// Reads a URL.
    ///
    /// - `redis://[user[:password]@]host[:port][/database]`, with port 6379 by default; IPv6 addresses are in brackets.
    /// - `redis+unix://[user[:password]@]/path/to.sock[?db=number]`
    ///
    /// User, password and path are percent-decoded; an empty user is the server's `default` user. TLS (`rediss`),
    /// Sentinel and Cluster are not supported and are refused, as is any other content.
    ///
    /// - Parameter url: the URL.
    /// - Throws: ``RedisConfigurationError``, whose message never contains the password.
    public init(url: String) throws(RedisConfigurationError) {
        guard let separator = url.firstRange(of: "://") else {
            throw RedisConfigurationError(.invalidURL, "a Redis URL begins with redis:// or redis+unix://")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        var rest = url[separator.upperBound...]
        if rest.contains("#") {
            throw RedisConfigurationError(.invalidURL, "a Redis URL has no fragment: write '#' as %23")
        }
        var query: Substring?
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (authority, path) = (rest[..<slash], rest[slash...])
        let at = authority.lastIndex(of: "@")
        let credentials = try at.map { (at) throws(RedisConfigurationError) in try Self.credentials(authority[..<at]) }
        let host = at.map { authority[authority.index(after: $0)...] } ?? authority
        // Such a text may be part of a password, so it has to be refused before any part of it is quoted.
        if query?.contains("@") == true || !host.isEmpty && path.contains("@") {
            throw RedisConfigurationError(
                .invalidURL,
                "'@' after the first '/' or '?': in user and password write '/' as %2F, '?' as %3F and '@' as %40"
            )
        }
        let parameters = try Self.parameters(query)

        switch scheme {
        case "redis":
            try Self.refuse(parameters, except: [], scheme: scheme)
            let (name, port) = try Self.hostAndPort(host)
            let database = try Self.database(path.dropFirst())
            self.init(endpoint: .tcp(host: name, port: port), credentials: credentials ?? nil, database: database)
        case "redis+unix":
            try Self.refuse(parameters, except: ["db"], scheme: scheme)
            guard host.isEmpty, path.count > 1 else {
                throw RedisConfigurationError(
                    .invalidURL,
                    "redis+unix:// needs the absolute path of a socket, as in redis+unix:///run/redis.sock"
                )
            }
            let database = try Self.database(parameters["db"].map { $0[...] } ?? "")
            self.init(
                endpoint: .unixSocket(path: try Self.decoded(path, "path")),
                credentials: credentials ?? nil,
                database: database
            )
        case "rediss":
            throw RedisConfigurationError(.unsupported, "TLS (rediss://) is not supported yet")
        case "redis+sentinel":
            throw RedisConfigurationError(.unsupported, "Sentinel (redis+sentinel://) is not supported yet")
        case "redis+cluster":
            throw RedisConfigurationError(.unsupported, "Cluster (redis+cluster://) is not supported yet")
        default:
            throw RedisConfigurationError(.invalidURL, "unknown scheme '\(scheme)': use redis:// or redis+unix://")
        }
        try validate()
    }

    private static func credentials(_ text: Substring) throws(RedisConfigurationError) -> Credentials? {
        guard let colon = text.firstIndex(of: ":") else {
            if text.isEmpty { return nil }
            return Credentials(username: try decoded(text, "user"), password: "")
        }
        let user = try decoded(text[..<colon], "user")
        let password = try decoded(text[text.index(after: colon)...], "password")
        if user.isEmpty && password.isEmpty { return nil }
        return Credentials(username: user.isEmpty ? nil : user, password: password)
    }

    private static func hostAndPort(_ text: Substring) throws(RedisConfigurationError) -> (String, Int) {
        var (host, port): (Substring, Substring?) = (text, nil)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw RedisConfigurationError(.invalidURL, "the IPv6 address in '\(text)' has no closing bracket")
            }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if let first = rest.first {
                guard first == ":" else {
                    throw RedisConfigurationError(.invalidURL, "'\(rest)' after an IPv6 address is no port")
                }
                port = rest.dropFirst()
            }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
            if port?.contains(":") == true {
                throw RedisConfigurationError(
                    .invalidURL,
                    "an IPv6 address stands in brackets, as in redis://[::1]:6379"
                )
            }
        }
        guard !host.isEmpty else {
            throw RedisConfigurationError(.invalidURL, "the host is missing, as in redis://localhost:6379")
        }
        guard let port else { return (try decoded(host, "host"), 6379) }
        guard let number = number(port), (1...65_535).contains(number) else {
            // The text is not quoted, because it is the password if the '@' and the host were forgotten.
            throw RedisConfigurationError(.invalidURL, "what follows the host's ':' is not a port: 1 to 65535")
        }
        return (try decoded(host, "host"), number)
    }

    private static func database(_ text: Substring) throws(RedisConfigurationError) -> Int {
        if text.isEmpty { return 0 }
        guard let number = number(text) else {
            throw RedisConfigurationError(.invalidURL, "'\(text)' is not the number of a database")
        }
        return number
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func parameters(_ query: Substring?) throws(RedisConfigurationError) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in query?.split(separator: "&") ?? [] {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(sides[0], "query")
            guard sides.count == 2 else {
                throw RedisConfigurationError(.invalidURL, "the parameter '\(name)' has no value")
            }
            guard parameters.updateValue(try decoded(sides[1], "query"), forKey: name) == nil else {
                throw RedisConfigurationError(.invalidURL, "the parameter '\(name)' is given twice")
            }
        }
        return parameters
    }

    private static func refuse(
        _ parameters: [String: String],
        except known: Set<String>,
        scheme: String
    ) throws(RedisConfigurationError) {
        if let unknown = parameters.keys.filter({ !known.contains($0) }).min() {
            let hint = known.isEmpty ? "there are none" : "known: \(known.sorted().joined(separator: ", "))"
            throw RedisConfigurationError(.invalidURL, "unknown parameter '\(unknown)' in a \(scheme):// URL (\(hint))")
        }
    }

    /// Decodes percent-encoded text (RFC 3986, 2.1).
    ///
    /// - Parameters:
    ///   - text: the encoded text.
    ///   - what: the name of the part for error messages, which must not quote the text because it may be secret.
    private static func decoded(_ text: Substring, _ what: String) throws(RedisConfigurationError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
                throw RedisConfigurationError(
                    .invalidURL,
                    "a '%' in the \(what) of the Redis URL is not followed by two hex digits"
                )
            }
            bytes.append(high << 4 | low)
        }
        guard let string = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw RedisConfigurationError(.invalidURL, "the \(what) of the Redis URL is not UTF-8 text")
        }
        return string
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
