/// Where Redis is, how to log in, and the bounds a client keeps.
public struct RedisConfiguration: Sendable {
    /// A server's address.
    public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
        /// A host name or an IPv4 or IPv6 address (without brackets), and a port.
        case tcp(host: String, port: Int)
        /// The absolute path of a Unix domain socket.
        case unixSocket(path: String)

        /// The address as it stands in log lines.
        public var description: String {
            switch self {
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unixSocket(let path): path
            }
        }
    }

    /// What `AUTH` sends.
    public struct Credentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
        /// The ACL user; `nil` is the server's `default` user.
        public var username: String?
        /// The password, sent as it is.
        public var password: String

        /// Names a user and a password.
        public init(username: String? = nil, password: String) {
            self.username = username
            self.password = password
        }

        /// The user; never the password.
        public var description: String { "\(username ?? "default") with a password" }

        /// The user; never the password.
        public var debugDescription: String { description }
    }

    /// The server's address.
    public var endpoint: Endpoint
    /// The login. Default: none, `AUTH` is not sent.
    public var credentials: Credentials?
    /// The number of the database, `SELECT`ed when it is not 0.
    public var database: Int

    /// The time that a read may wait for the whole of its reply, from its sending on. Default: 100 ms. Then the connection is given up.
    ///
    /// A write may see no progress for so long, neither of what is sent nor of what is received, and waits no longer than ten
    /// times this in all. A read behind such a write is given up alone.
    public var commandTimeout: Duration = .milliseconds(100)
    /// How long opening a connection may take, the handshake included. Default: 1 s.
    public var connectTimeout: Duration = .seconds(1)
    /// The name that `CLIENT LIST` shows; `nil` sends none. No spaces or line ends.
    public var clientName: String?
    /// The most commands that wait for a reply on one connection. Default: 16,384. One more is refused.
    public var maximumPendingCommands = 16_384
    /// The most bytes of commands that one connection holds because the socket takes no more. Default: 64 MiB.
    /// A command that does not fit is refused, so this also bounds the size of a value.
    public var maximumPendingBytes = 64 * 1024 * 1024
    /// The most bytes of one reply, everything in it counted. Default: 512 MiB, the longest string Redis itself keeps.
    public var maximumReplySize = 512 * 1024 * 1024
    /// The most bytes of a string in a reply to `MGET`, the first one left out. Default: as many as the whole reply may have.
    ///
    /// It is looked at where a string has not come as a whole with what was read at once.
    public var maximumLaterElementSize = 512 * 1024 * 1024
    /// The wait before the first attempt to connect again. Default: 10 ms. It doubles with every failed attempt.
    public var minimumBackoff: Duration = .milliseconds(10)
    /// The longest wait between attempts to connect. Default: 2 s. Each wait is shortened by up to a half, at random.
    public var maximumBackoff: Duration = .seconds(2)

    /// A configuration with default bounds.
    public init(endpoint: Endpoint, credentials: Credentials? = nil, database: Int = 0) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.database = database
    }

    /// Checks everything that the types do not.
    ///
    /// - Throws: ``RedisConfigurationError`` naming the first value that cannot be used.
    public func validate() throws(RedisConfigurationError) {
        switch endpoint {
        case .tcp(let host, let port):
            if host.isEmpty { throw RedisConfigurationError("the host is missing") }
            if !(1...65_535).contains(port) { throw RedisConfigurationError("\(port) is not a port: 1 to 65535") }
        case .unixSocket(let path):
            if !path.hasPrefix("/") {
                throw RedisConfigurationError("the path of a socket must be absolute: '\(path)'")
            }
            if path.utf8.count > System.longestSocketPath {
                throw RedisConfigurationError(
                    "the path of a socket may have \(System.longestSocketPath) bytes here: '\(path)'"
                )
            }
        }
        if database < 0 { throw RedisConfigurationError("\(database) is not the number of a database") }
        if let clientName,
            clientName.isEmpty || !clientName.utf8.allSatisfy({ (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) })
        {
            throw RedisConfigurationError("the client's name must be printable ASCII without spaces")
        }
        for (name, duration) in [
            ("commandTimeout", commandTimeout), ("connectTimeout", connectTimeout), ("minimumBackoff", minimumBackoff),
        ] where duration < .milliseconds(1) {
            throw RedisConfigurationError("\(name) must be at least 1 ms")
        }
        if maximumBackoff < minimumBackoff {
            throw RedisConfigurationError("maximumBackoff must not be shorter than minimumBackoff")
        }
        for (name, bound) in [
            ("maximumPendingCommands", maximumPendingCommands), ("maximumPendingBytes", maximumPendingBytes),
            ("maximumReplySize", maximumReplySize), ("maximumLaterElementSize", maximumLaterElementSize),
        ] where bound < 1 {
            throw RedisConfigurationError("\(name) must be positive")
        }
        if maximumPendingBytes > 1 << 30 {
            throw RedisConfigurationError("maximumPendingBytes must be 1 GiB at most")
        }
    }
}
