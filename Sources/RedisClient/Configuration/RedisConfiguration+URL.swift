extension RedisConfiguration {
    /// Reads a URL.
    ///
    /// - `redis://[user[:password]@]host[:port][/database]`, with port 6379 by default; IPv6 addresses are in brackets.
    /// - `redis+unix://[user[:password]@]/path/to.sock[?db=number]`
    /// - `redis+sentinel://[user[:password]@]host[:port],…/name[/database]`, with the addresses of Sentinels (port 26379 by
    ///   default), and the name under which they know the primary. Their own login, if they have one, is in the
    ///   parameters `sentinel-user` and `sentinel-password`.
    /// - `redis+cluster://[user[:password]@]host[:port],…`, with the addresses of some nodes (port 6379 by default).
    ///
    /// With TLS the schemes are `rediss`, `rediss+sentinel` and `rediss+cluster`. User, password, path and parameters are
    /// percent-decoded; an empty user is the server's `default` user. Any other content is refused.
    ///
    /// - Parameter url: the URL.
    /// - Throws: ``RedisConfigurationError``, whose message never contains a password.
    public init(url: String) throws(RedisConfigurationError) {
        guard let separator = url.firstRange(of: "://") else {
            throw RedisConfigurationError(.invalidURL, "a Redis URL begins with \(Self.schemes)")
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
        let hosts = at.map { authority[authority.index(after: $0)...] } ?? authority
        // Such a text may be part of a password, so it has to be refused before any part of it is quoted.
        if query?.contains("@") == true || !hosts.isEmpty && path.contains("@") {
            throw RedisConfigurationError(
                .invalidURL,
                "'@' after the first '/' or '?': in user and password write '/' as %2F, '?' as %3F and '@' as %40"
            )
        }
        let parameters = try Self.parameters(query)

        switch scheme {
        case "redis", "rediss":
            try Self.refuse(parameters, except: [], scheme: scheme)
            if hosts.contains(",") {
                throw RedisConfigurationError(
                    .invalidURL,
                    "\(scheme):// has one host; several are those of \(scheme)+sentinel:// or \(scheme)+cluster://"
                )
            }
            let endpoint = try Self.endpoint(hosts, defaultPort: 6379)
            let database = try Self.database(path.dropFirst())
            self.init(.standalone(endpoint), credentials: credentials ?? nil, database: database)
        case "redis+unix":
            try Self.refuse(parameters, except: ["db"], scheme: scheme)
            guard hosts.isEmpty, path.count > 1 else {
                throw RedisConfigurationError(
                    .invalidURL,
                    "redis+unix:// needs the absolute path of a socket, as in redis+unix:///run/redis.sock"
                )
            }
            let database = try Self.database(parameters["db"].map { $0[...] } ?? "")
            let socket = Endpoint.unixSocket(path: try Self.decoded(path, "path"))
            self.init(.standalone(socket), credentials: credentials ?? nil, database: database)
        case "redis+sentinel", "rediss+sentinel":
            let names: Set<String> = ["sentinel-user", "sentinel-password"]
            try Self.refuse(parameters, except: names, scheme: scheme)
            let addresses = try Self.endpoints(hosts, defaultPort: Sentinels.defaultPort)
            let parts = path.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else {
                throw RedisConfigurationError(
                    .invalidURL,
                    "the primary's name, as the Sentinels know it, is missing, as in \(scheme)://one,two,three/mymaster"
                )
            }
            let (user, password) = (parameters["sentinel-user"], parameters["sentinel-password"])
            guard user == nil || password != nil else {
                throw RedisConfigurationError(.invalidURL, "sentinel-user is given without sentinel-password")
            }
            let sentinels = Sentinels(
                addresses: addresses,
                primaryName: try Self.decoded(name, "path"),
                credentials: password.map { Credentials(username: user, password: $0) }
            )
            let database = try Self.database(parts.count > 1 ? parts[1] : "")
            self.init(.sentinel(sentinels), credentials: credentials ?? nil, database: database)
        case "redis+cluster", "rediss+cluster":
            try Self.refuse(parameters, except: [], scheme: scheme)
            let seeds = try Self.endpoints(hosts, defaultPort: 6379)
            // Not quoted in an error: it has database 0 only.
            let database = try Self.database(path.dropFirst())
            self.init(.cluster(seeds: seeds), credentials: credentials ?? nil, database: database)
        case "rediss+unix":
            throw RedisConfigurationError(.unsupported, "there is no TLS on Unix sockets: use redis+unix://")
        default:
            throw RedisConfigurationError(.invalidURL, "unknown scheme '\(scheme)': use \(Self.schemes)")
        }
        if scheme.hasPrefix("rediss") { tls = RedisTLSConfiguration() }
        try validate()
    }

    private static let ampersand = "write '&' in a password as %26"
    private static let schemes =
        "redis://, redis+unix://, redis+sentinel:// or redis+cluster://, with TLS rediss://, rediss+sentinel:// or "
        + "rediss+cluster://"

    /// Reads addresses that are separated by commas.
    private static func endpoints(_ text: Substring, defaultPort: Int) throws(RedisConfigurationError) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let endpoint = try endpoint(part, defaultPort: defaultPort)
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        return endpoints
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

    private static func endpoint(_ text: Substring, defaultPort: Int) throws(RedisConfigurationError) -> Endpoint {
        var (host, port): (Substring, Substring?) = (text, nil)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw RedisConfigurationError(.invalidURL, "the IPv6 address has no closing bracket")
            }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if let first = rest.first {
                guard first == ":" else {
                    throw RedisConfigurationError(.invalidURL, "what follows the IPv6 address is no port")
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
        guard let port else { return .tcp(host: try decoded(host, "host"), port: defaultPort) }
        guard let number = Int(digits: port), (1...65_535).contains(number) else {
            // The text is not quoted, because it is the password if the '@' and the host were forgotten.
            throw RedisConfigurationError(.invalidURL, "what follows the host's ':' is not a port: 1 to 65535")
        }
        return .tcp(host: try decoded(host, "host"), port: number)
    }

    private static func database(_ text: Substring) throws(RedisConfigurationError) -> Int {
        if text.isEmpty { return 0 }
        guard let number = Int(digits: text) else {
            throw RedisConfigurationError(.invalidURL, "the database is not a number")
        }
        return number
    }

    private static func parameters(_ query: Substring?) throws(RedisConfigurationError) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in query?.split(separator: "&") ?? [] {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(sides[0], "query")
            guard sides.count == 2 else {
                throw RedisConfigurationError(.invalidURL, "a parameter has no value; \(Self.ampersand)")
            }
            guard parameters.updateValue(try decoded(sides[1], "query"), forKey: name) == nil else {
                throw RedisConfigurationError(.invalidURL, "a parameter is given twice; \(Self.ampersand)")
            }
        }
        return parameters
    }

    private static func refuse(
        _ parameters: [String: String],
        except known: Set<String>,
        scheme: String
    ) throws(RedisConfigurationError) {
        // Not quoted, because it is part of a password in which '&' is not encoded.
        if !parameters.keys.allSatisfy(known.contains) {
            let hint = known.isEmpty ? "there are none" : "known: \(known.sorted().joined(separator: ", "))"
            throw RedisConfigurationError(
                .invalidURL,
                "unknown parameter in a \(scheme):// URL (\(hint)); \(Self.ampersand)"
            )
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
