import ClientSupport

/// The addresses of Redis servers, the login, and the limits of a client.
public struct RedisConfiguration: Sendable {
    /// The servers that a client uses, and the way to find them.
    public enum Deployment: Hashable, Sendable, CustomStringConvertible {
        /// One server.
        case standalone(Endpoint)
        /// The primary that Sentinels name.
        case sentinel(Sentinels)
        /// The primaries of a cluster, which any of its nodes tells.
        case cluster(seeds: [Endpoint])

        /// The addresses for log messages.
        public var description: String {
            switch self {
            case .standalone(let endpoint): endpoint.description
            case .sentinel(let sentinels): "\(sentinels.primaryName) at Sentinels \(Self.list(sentinels.addresses))"
            case .cluster(let seeds): "cluster at \(Self.list(seeds))"
            }
        }

        private static func list(_ endpoints: [Endpoint]) -> String {
            endpoints.map(\.description).joined(separator: ",")
        }

        /// Indicates that Sentinels name the server.
        var hasSentinels: Bool { if case .sentinel = self { true } else { false } }
        /// Indicates that the servers are the nodes of a cluster.
        var isCluster: Bool { if case .cluster = self { true } else { false } }
    }

    /// A server's address.
    public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
        /// A host name or an IPv4 or IPv6 address (without brackets), and a port.
        case tcp(host: String, port: Int)
        /// The absolute path of a Unix domain socket.
        case unixSocket(path: String)

        /// Indicates the path of a socket.
        var isSocket: Bool { if case .unixSocket = self { true } else { false } }

        /// The address for log messages.
        public var description: String {
            switch self {
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unixSocket(let path): path
            }
        }
    }

    /// The user and the password that are sent by `AUTH`.
    public struct Credentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
        /// The ACL user; `nil` for the server's `default` user.
        public var username: String?
        /// The password.
        public var password: String

        /// Makes credentials from a user and a password.
        public init(username: String? = nil, password: String) {
            self.username = username
            self.password = password
        }

        /// The user without the password.
        public var description: String { "\(username ?? "default") with a password" }

        /// The user without the password.
        public var debugDescription: String { description }
    }

    /// The servers.
    public var deployment: Deployment
    /// The login to each server; `nil` sends no `AUTH`. Default: `nil`.
    public var credentials: Credentials?
    /// The number of the database, which is selected by `SELECT` if it is not 0.
    public var database: Int
    /// TLS for all connections; `nil` for none. Default: `nil`.
    public var tls: RedisTLSConfiguration?

    /// The time limit for the whole reply to a read, from its sending on. Default: 100 ms. The connection is closed
    /// when it is exceeded.
    ///
    /// A write may make no progress for this time, neither in sending nor in receiving, and waits for at most ten times
    /// this time. A read behind such a write fails without closing the connection.
    public var commandTimeout: Duration = .milliseconds(100)
    /// The time limit for opening a connection, including the handshake. Default: 1 s.
    public var connectTimeout: Duration = .seconds(1)
    /// The name that `CLIENT LIST` shows; `nil` sends none. It must not contain spaces or line ends.
    public var clientName: String?
    /// The largest number of commands in flight on one connection; further commands are refused. Default: 16,384.
    public var maximumPendingCommands = 16_384
    /// The largest number of bytes of commands that one connection buffers while the socket accepts no more. Default:
    /// 64 MiB. A command that does not fit is refused, so this also limits the size of a value.
    public var maximumPendingBytes = 64 * 1024 * 1024
    /// The largest number of bytes in one reply. Default: 512 MiB, the longest string that Redis stores.
    public var maximumReplySize = 512 * 1024 * 1024
    /// The largest number of bytes in each string but the first of a reply to `MGET`. Default: 512 MiB.
    ///
    /// It is enforced for strings that do not arrive in one read.
    public var maximumLaterElementSize = 512 * 1024 * 1024
    /// The wait before the first attempt to reconnect, which doubles with every failed attempt. Default: 10 ms.
    public var minimumBackoff: Duration = .milliseconds(10)
    /// The longest wait between attempts to connect. Default: 2 s. Each wait is shortened by up to a half at random.
    public var maximumBackoff: Duration = .seconds(2)

    /// Makes a configuration with default limits.
    ///
    /// - Parameters:
    ///   - deployment: the servers.
    ///   - credentials: the login to each server; `nil` sends no `AUTH`.
    ///   - database: the number of the database, 0 in a cluster.
    public init(_ deployment: Deployment, credentials: Credentials? = nil, database: Int = 0) {
        self.deployment = deployment
        self.credentials = credentials
        self.database = database
    }

    /// Makes a configuration of one server with default limits.
    ///
    /// - Parameters:
    ///   - endpoint: the server's address.
    ///   - credentials: the login; `nil` sends no `AUTH`.
    ///   - database: the number of the database.
    public init(endpoint: Endpoint, credentials: Credentials? = nil, database: Int = 0) {
        self.init(.standalone(endpoint), credentials: credentials, database: database)
    }

    /// The addresses that are configured: of the server, the Sentinels or the cluster's nodes.
    package var endpoints: [Endpoint] {
        switch deployment {
        case .standalone(let endpoint): [endpoint]
        case .sentinel(let sentinels): sentinels.addresses
        case .cluster(let seeds): seeds
        }
    }

    /// Validates all values.
    ///
    /// - Throws: ``RedisConfigurationError`` that names the first invalid value.
    public func validate() throws(RedisConfigurationError) {
        if let tls {
            if endpoints.contains(where: \.isSocket) {
                throw RedisConfigurationError(.unsupported, "there is no TLS over a Unix socket: leave it out")
            }
            try tls.validate()
        }
        switch deployment {
        case .standalone(let endpoint): try Self.validate(endpoint)
        case .sentinel(let sentinels): try sentinels.validate()
        case .cluster(let seeds):
            for seed in seeds { try Self.validate(seed) }
            if seeds.isEmpty { throw RedisConfigurationError(.invalidValue, "the addresses of the nodes are missing") }
            if database != 0 { throw RedisConfigurationError(.invalidValue, "a cluster has database 0 only") }
        }
        if database < 0 { throw RedisConfigurationError(.invalidValue, "\(database) is not the number of a database") }
        if let clientName,
            clientName.isEmpty || !clientName.utf8.allSatisfy({ (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) })
        {
            throw RedisConfigurationError(.invalidValue, "the client's name must be printable ASCII without spaces")
        }
        for (name, duration) in [
            ("commandTimeout", commandTimeout), ("connectTimeout", connectTimeout), ("minimumBackoff", minimumBackoff),
        ] where duration < .milliseconds(1) {
            throw RedisConfigurationError(.invalidValue, "\(name) must be at least 1 ms")
        }
        if maximumBackoff < minimumBackoff {
            throw RedisConfigurationError(.invalidValue, "maximumBackoff must not be shorter than minimumBackoff")
        }
        for (name, bound) in [
            ("maximumPendingCommands", maximumPendingCommands), ("maximumPendingBytes", maximumPendingBytes),
            ("maximumReplySize", maximumReplySize), ("maximumLaterElementSize", maximumLaterElementSize),
        ] where bound < 1 {
            throw RedisConfigurationError(.invalidValue, "\(name) must be positive")
        }
        if maximumPendingBytes > 1 << 30 {
            throw RedisConfigurationError(.invalidValue, "maximumPendingBytes must be 1 GiB at most")
        }
    }

    private static func validate(_ endpoint: Endpoint) throws(RedisConfigurationError) {
        switch endpoint {
        case .tcp(let host, let port):
            if host.isEmpty { throw RedisConfigurationError(.invalidValue, "the host is missing") }
            if !(1...65_535).contains(port) {
                throw RedisConfigurationError(.invalidValue, "\(port) is not a port: 1 to 65535")
            }
        case .unixSocket(let path):
            if !path.hasPrefix("/") {
                throw RedisConfigurationError(.invalidValue, "the path of a socket must be absolute: '\(path)'")
            }
            if path.utf8.count > SystemErrorDetails.longestSocketPath {
                throw RedisConfigurationError(
                    .invalidValue,
                    "the path of a socket may have \(SystemErrorDetails.longestSocketPath) bytes here: '\(path)'"
                )
            }
        }
    }
}
