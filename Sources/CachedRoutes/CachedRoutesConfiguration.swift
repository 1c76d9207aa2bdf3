import CachedRoutesCore
import ClientSupport
public import Logging
package import RouteModel

/// The configuration of a ``CachedRoutesService``, in code or from environment variables.
///
/// | variable | value | default |
/// |---|---|---|
/// | `REDIS_URL` | `redis://…`, `redis+unix://…`, `redis+sentinel://…` or `redis+cluster://…`; `rediss` for TLS | unset: the memory store |
/// | `REDIS_COMMAND_TIMEOUT` | duration | `100ms` |
/// | `REDIS_CONNECT_TIMEOUT` | duration | `1s` |
/// | `REDIS_TLS_CA_FILE` | PEM file of the authorities that may have issued the server's certificate | the operating system's |
/// | `REDIS_TLS_CERTIFICATE_FILE`, `REDIS_TLS_KEY_FILE` | PEM files of the client's certificate and its key | unset: none |
/// | `REDIS_TLS_SERVER_NAME` | the name in the server's certificate | the connection's host |
/// | `REDIS_TLS_VERIFY` | `full`, or `none`, which anybody on the path to Redis can abuse | `full` |
/// | `DATABASE_URL` | a libpq connection string | unset: libpq's own `PG*` variables |
/// | `DATABASE_LISTEN_URL` | a libpq connection string straight to the primary, for `LISTEN` | `DATABASE_URL`, unless statements are `unnamed` |
/// | `DATABASE_POOL_MIN`, `DATABASE_POOL_MAX` | connections | `1`, `16` |
/// | `DATABASE_POOL_WAITERS` | requests that may wait for a connection | `1024` |
/// | `DATABASE_LEASE_TIMEOUT` | duration a request waits for a connection | `1s` |
/// | `DATABASE_CONNECT_TIMEOUT` | duration | `3s` |
/// | `DATABASE_POOL_IDLE` | duration after which a connection above the minimum is closed | `60s` |
/// | `DATABASE_POOL_KEEPALIVE` | duration after which an idle connection is checked | `30s` |
/// | `DATABASE_POOL_LIFETIME` | duration after which a connection is replaced | `30m` |
/// | `DATABASE_STATEMENTS` | `named`, or `unnamed` behind a pooler in transaction mode | `named` |
/// | `CACHED_ROUTES_CHECK` | statements that the database can't prepare: `warn` logs them, `fail` also keeps `/ready` at 503, `off` looks for none | `warn` |
/// | `CACHE_MEMORY` | size of the memory store | `64MiB` |
/// | `CACHE_WRITE_ENTRIES`, `CACHE_WRITE_BYTES` | bounds of the background writer | `1024`, `64MiB` |
/// | `CACHE_DRAIN_TIMEOUT` | duration the writer has at shutdown, half of `SHUTDOWN_TIMEOUT` at most | `5s` |
/// | `CACHE_AFTER_RESTART` | stored responses after a restart or failover of Redis: `discard`, or `keep` although it may have lost purges | `discard` |
/// | `CACHE_WARM_CONCURRENCY` | responses that are warmed at once | `2` |
/// | `HTTP_HEAD_TIMEOUT` | duration a request head may take from its first byte to its end | `10s` |
/// | `HTTP_IDLE_TIMEOUT` | duration a connection may be without a request, or a request body may stall | `75s` |
/// | `HTTP_WRITE_TIMEOUT` | duration a client may read nothing of its response | `30s` |
/// | `HTTP_MAX_CONNECTIONS` | connections of clients; others wait in the system's queue | three quarters of the file descriptors, at most 65536 |
/// | `CLIENT_BUFFER_BYTES` | size of all responses that clients have not read; beyond it the slowest clients are disconnected | `256MiB` |
/// | `SHUTDOWN_TIMEOUT` | duration from the signal to the end, whatever clients do | `20s` |
/// | `HOST`, `PORT` | the address of an app that takes it from here | `127.0.0.1`, `8080` |
/// | `LOG_LEVEL` | `trace` … `critical`, unless the app passes a logger | `info` |
///
/// A value too small to be useful is an error that names the least one: durations from `1s`, but
/// `DATABASE_POOL_LIFETIME` from `10s`, `CACHE_DRAIN_TIMEOUT` and `DATABASE_CONNECT_TIMEOUT` from `100ms`,
/// `DATABASE_LEASE_TIMEOUT` and `REDIS_CONNECT_TIMEOUT` from `10ms`, and `REDIS_COMMAND_TIMEOUT` from `5ms`; sizes from
/// `1MiB`; `HTTP_MAX_CONNECTIONS` from 16. `CACHE_DRAIN_TIMEOUT` is half of `SHUTDOWN_TIMEOUT` at most: a longer one is
/// an error, and its default is shortened.
public struct CachedRoutesConfiguration: Sendable {
    /// The way in which statements are sent to PostgreSQL.
    public struct Statements: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// Prepared once on each connection: for direct connections, and poolers in session mode.
        public static let named = Statements(.named)
        /// Not prepared beyond a transaction: for poolers in transaction mode, such as PgBouncer.
        public static let unnamed = Statements(.unnamed)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case named, unnamed
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in the environment.
        public var description: String { rawValue }
    }

    /// The consequence of a statement that the database can't prepare, as it is found when the service starts.
    public struct StatementCheck: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// Each is logged.
        public static let warn = StatementCheck(.warn)
        /// Each is logged, and the service is not ready before all statements can be prepared.
        public static let fail = StatementCheck(.fail)
        /// No statement is prepared before a request needs it.
        public static let off = StatementCheck(.off)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case warn, fail, off
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in the environment.
        public var description: String { rawValue }
    }

    /// The use of stored responses after a restart or failover of Redis.
    public struct AfterRestart: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// They are made anew, because they may be from before a purge.
        public static let discard = AfterRestart(.discard)
        /// They are reused. A purge that the server has lost is lost.
        public static let keep = AfterRestart(.keep)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case discard, keep
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in the environment.
        public var description: String { rawValue }
    }

    /// The checks of the Redis server's certificate.
    public struct RedisTLSVerification: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// A trusted authority has issued it, it is valid now, and it is for the server's name or address.
        public static let full = RedisTLSVerification(.full)
        /// None. Whoever is on the path to Redis can read and change everything.
        public static let none = RedisTLSVerification(.none)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case full, none
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in the environment.
        public var description: String { rawValue }
    }

    /// The URL of the Redis server; `nil` for the memory store.
    public var redisURL: String?
    /// The time limit for the whole reply to a read, and for the progress of a write.
    public var redisCommandTimeout: Duration = .milliseconds(100)
    /// The time limit for connecting to Redis.
    public var redisConnectTimeout: Duration = .seconds(1)
    /// The PEM file of the authorities that may have issued the certificate of the Redis server; `nil` for the operating
    /// system's.
    public var redisTLSAuthorityFile: String?
    /// The PEM file of the certificate by which the service identifies to Redis; `nil` for none.
    public var redisTLSCertificateFile: String?
    /// The PEM file of the certificate's private key; `nil` for none.
    public var redisTLSKeyFile: String?
    /// The name in the certificate of the Redis server; `nil` for the host of the URL.
    public var redisTLSServerName: String?
    /// The checks of the Redis server's certificate; `nil` for all.
    public var redisTLSVerification: RedisTLSVerification?
    /// The connection string of the PostgreSQL server; `nil` for libpq's own environment variables.
    public var databaseURL: String?
    /// The connection string for `LISTEN`, straight to the primary without a pooler in transaction mode; `nil` for
    /// ``databaseURL``, unless statements are `unnamed`.
    public var databaseListenURL: String?
    /// The number of connections that the pool keeps.
    public var databasePoolMinimum = 1
    /// The largest number of connections that the pool opens.
    public var databasePoolMaximum = 16
    /// The number of requests that may wait for a connection.
    public var databasePoolWaiters = 1024
    /// The time that a request may wait for a connection.
    public var databaseLeaseTimeout: Duration = .seconds(1)
    /// The time limit for connecting to PostgreSQL.
    public var databaseConnectTimeout: Duration = .seconds(3)
    /// The time after which an idle connection above the minimum is closed.
    public var databaseIdleTimeout: Duration = .seconds(60)
    /// The time after which an idle connection is checked.
    public var databaseKeepAlive: Duration = .seconds(30)
    /// The age at which a connection is replaced.
    public var databaseConnectionLifetime: Duration = .seconds(1800)
    /// The way in which statements are sent.
    public var databaseStatements = Statements.named
    /// The consequence of a statement that the database can't prepare.
    public var statementCheck = StatementCheck.warn
    /// The budget of the memory store, in bytes.
    public var memoryBudget = 64 << 20
    /// The number of entries that the background writer may hold.
    public var writeQueueEntries = 1024
    /// The size of entries that the background writer may hold, in bytes.
    public var writeQueueBytes = 64 << 20
    /// The time that the background writer has at shutdown.
    public var drainTimeout: Duration = .seconds(5)
    /// The use of stored responses after a restart or failover of Redis.
    public var afterRestart = AfterRestart.discard
    /// The number of responses that are warmed at once.
    public var warmConcurrency = 2
    /// The time limit for a request head, from its first byte to its end.
    public var httpHeadTimeout: Duration = .seconds(10)
    /// The time that a connection may be without a request, and that a request body may stall.
    public var httpIdleTimeout: Duration = .seconds(75)
    /// The time that a client may read nothing of its response.
    public var httpWriteTimeout: Duration = .seconds(30)
    /// The number of clients' connections that may be open.
    public var httpMaximumConnections = FileDescriptorBudget.connections()
    /// The size of all responses that clients have not read, in bytes, beyond which the slowest clients are
    /// disconnected.
    public var clientBufferBytes = 256 << 20
    /// The time from the beginning of a shutdown to its end.
    public var shutdownTimeout: Duration = .seconds(20)
    /// The address the app listens on.
    public var host = "127.0.0.1"
    /// The port the app listens on.
    public var port = 8080
    /// The lowest level that is logged.
    public var logLevel: Logger.Level = .info

    /// The environment variables that look misspelt, and are not read.
    private(set) var unreadVariables: [UnreadVariable] = []
    /// Sentences for the log about settings that other settings change or render ineffective.
    private(set) var notes: [String] = []

    /// Creates a configuration of defaults.
    public init() {}

    /// Reads a configuration from environment variables.
    ///
    /// - Parameter environment: the variables.
    /// - Throws: ``CachedRoutesConfigurationError`` with a problem for each bad value.
    public init(environment: CachedRoutesEnvironment) throws(CachedRoutesConfigurationError) {
        self.init()
        var reader = Reader(environment: environment)
        redisURL = reader.text("REDIS_URL")
        databaseURL = reader.text("DATABASE_URL")
        databaseListenURL = reader.text("DATABASE_LISTEN_URL")
        reader.duration("REDIS_COMMAND_TIMEOUT", from: .milliseconds(5), into: &redisCommandTimeout)
        reader.duration("REDIS_CONNECT_TIMEOUT", from: .milliseconds(10), into: &redisConnectTimeout)
        redisTLSAuthorityFile = reader.text("REDIS_TLS_CA_FILE")
        redisTLSCertificateFile = reader.text("REDIS_TLS_CERTIFICATE_FILE")
        redisTLSKeyFile = reader.text("REDIS_TLS_KEY_FILE")
        redisTLSServerName = reader.text("REDIS_TLS_SERVER_NAME")
        reader.choice("REDIS_TLS_VERIFY", into: &redisTLSVerification)
        reader.number("DATABASE_POOL_MIN", in: 0...10_000, into: &databasePoolMinimum)
        reader.number("DATABASE_POOL_MAX", in: 1...10_000, into: &databasePoolMaximum)
        reader.number("DATABASE_POOL_WAITERS", in: 1...1_000_000, into: &databasePoolWaiters)
        reader.duration("DATABASE_LEASE_TIMEOUT", from: .milliseconds(10), into: &databaseLeaseTimeout)
        reader.duration("DATABASE_CONNECT_TIMEOUT", from: .milliseconds(100), into: &databaseConnectTimeout)
        reader.duration("DATABASE_POOL_IDLE", from: .seconds(1), into: &databaseIdleTimeout)
        reader.duration("DATABASE_POOL_KEEPALIVE", from: .seconds(1), into: &databaseKeepAlive)
        reader.duration("DATABASE_POOL_LIFETIME", from: .seconds(10), into: &databaseConnectionLifetime)
        reader.choice("DATABASE_STATEMENTS", into: &databaseStatements)
        reader.choice("CACHED_ROUTES_CHECK", into: &statementCheck)
        reader.size("CACHE_MEMORY", from: 1 << 20, into: &memoryBudget)
        reader.number("CACHE_WRITE_ENTRIES", in: 1...1_000_000, into: &writeQueueEntries)
        reader.size("CACHE_WRITE_BYTES", from: 1 << 20, into: &writeQueueBytes)
        reader.duration("CACHE_DRAIN_TIMEOUT", from: .milliseconds(100), into: &drainTimeout)
        reader.choice("CACHE_AFTER_RESTART", into: &afterRestart)
        reader.number("CACHE_WARM_CONCURRENCY", in: 1...1000, into: &warmConcurrency)
        reader.duration("HTTP_HEAD_TIMEOUT", from: .seconds(1), into: &httpHeadTimeout)
        reader.duration("HTTP_IDLE_TIMEOUT", from: .seconds(1), into: &httpIdleTimeout)
        reader.duration("HTTP_WRITE_TIMEOUT", from: .seconds(1), into: &httpWriteTimeout)
        reader.number(
            "HTTP_MAX_CONNECTIONS",
            in: FileDescriptorBudget.leastConnections...10_000_000,
            into: &httpMaximumConnections
        )
        reader.size("CLIENT_BUFFER_BYTES", from: 1 << 20, into: &clientBufferBytes)
        reader.duration("SHUTDOWN_TIMEOUT", from: .seconds(1), into: &shutdownTimeout)
        reader.host("HOST", into: &host)
        reader.number("PORT", in: 0...65_535, into: &port)
        reader.level("LOG_LEVEL", into: &logLevel)
        if databasePoolMinimum > databasePoolMaximum {
            reader.problems.append(
                "DATABASE_POOL_MIN is \(databasePoolMinimum), which is more than DATABASE_POOL_MAX, which is "
                    + "\(databasePoolMaximum)"
            )
        }
        fitDrain(&reader)
        if redisURL == nil {
            let idle = Self.namesForRedis.filter { environment[$0] != nil }.joined(separator: ", ")
            if !idle.isEmpty { notes.append("Without REDIS_URL these have no effect: \(idle)") }
        }
        unreadVariables = UnreadVariable.all(in: environment.names, besides: reader.names)
        guard reader.problems.isEmpty else { throw CachedRoutesConfigurationError(problems: reader.problems) }
    }

    /// The variables that have an effect with Redis only.
    private static let namesForRedis = [
        "REDIS_COMMAND_TIMEOUT", "REDIS_CONNECT_TIMEOUT", "CACHE_WRITE_ENTRIES", "CACHE_AFTER_RESTART",
    ]

    /// The variables about TLS to Redis that are set.
    var redisTLSVariables: [String] {
        [
            ("REDIS_TLS_CA_FILE", redisTLSAuthorityFile), ("REDIS_TLS_CERTIFICATE_FILE", redisTLSCertificateFile),
            ("REDIS_TLS_KEY_FILE", redisTLSKeyFile), ("REDIS_TLS_SERVER_NAME", redisTLSServerName),
            ("REDIS_TLS_VERIFY", redisTLSVerification?.rawValue),
        ].filter { $0.1 != nil }.map(\.0)
    }

    /// Keeps the drain timeout within its share of the shutdown: a longer one is a problem if it was set, and is
    /// shortened if it is the default.
    private mutating func fitDrain(_ reader: inout Reader) {
        let name = "CACHE_DRAIN_TIMEOUT"
        let most = ShutdownTimes.longestDrain(within: shutdownTimeout)
        guard drainTimeout > most else { return }
        if let text = reader.text(name) {
            // A text that can't be parsed is a problem already.
            guard QuantityNotation.duration(text) == drainTimeout else { return }
            reader.problems.append(
                "\(name)='\(text)' is more than half of SHUTDOWN_TIMEOUT, within which it lies: \(most.notation) at most"
            )
        } else {
            notes.append(
                "\(name) is \(most.notation), half of SHUTDOWN_TIMEOUT; its default is \(drainTimeout.notation)"
            )
            drainTimeout = most
        }
    }

    private struct Reader {
        let environment: CachedRoutesEnvironment
        var problems: [String] = []
        /// The names of all variables that are read.
        private(set) var names: [String] = []

        mutating func text(_ name: String) -> String? {
            names.append(name)
            return environment[name].flatMap(Self.trimmed)
        }

        /// Removes blanks and line ends around a value, which mounted secrets often have.
        private static func trimmed(_ text: String) -> String? {
            let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
            guard let last = scalars.lastIndex(where: { !$0.properties.isWhitespace }) else { return nil }
            return String(String.UnicodeScalarView(scalars[...last]))
        }

        mutating func host(_ name: String, into value: inout String) {
            let expectation = "a host's name or an IP address, such as 127.0.0.1, or 0.0.0.0 for all"
            read(name, into: &value, expecting: expectation) { text in
                HostNameSyntax.isPossible(text) ? text : nil
            }
        }

        mutating func number(_ name: String, in range: ClosedRange<Int>, into value: inout Int) {
            let expectation = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            read(name, into: &value, expecting: expectation) { text in
                Int(text).flatMap { range.contains($0) ? $0 : nil }
            }
        }

        /// - Parameter least: the shortest useful duration.
        mutating func duration(_ name: String, from least: Duration, into value: inout Duration) {
            let examples = least < .seconds(1) ? "500ms, 10s or 5m" : "30s or 5m"
            let expectation = "a duration from \(least.notation) to 1d, such as \(examples)"
            read(name, into: &value, expecting: expectation) { text in
                QuantityNotation.duration(text).flatMap { $0 >= least && $0 <= .seconds(86_400) ? $0 : nil }
            }
        }

        /// - Parameter least: the smallest useful size, in whole MiB.
        mutating func size(_ name: String, from least: Int, into value: inout Int) {
            let expectation = "a size with a unit, \(least >> 20)MiB or more, such as 16MiB or 1GiB"
            read(name, into: &value, expecting: expectation) { text in
                QuantityNotation.bytes(text).flatMap { $0 >= least ? $0 : nil }
            }
        }

        mutating func level(_ name: String, into value: inout Logger.Level) {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            read(name, into: &value, expecting: "one of \(levels)") { Logger.Level(rawValue: $0.lowercased()) }
        }

        mutating func choice<Choice: ExtensibleEnum>(_ name: String, into value: inout Choice) {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            read(name, into: &value, expecting: "one of \(names)") { Choice(rawValue: $0) }
        }

        mutating func choice<Choice: ExtensibleEnum>(_ name: String, into value: inout Choice?) {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            // Without a second optional, an unknown name would be a value.
            read(name, into: &value, expecting: "one of \(names)") { Choice(rawValue: $0).map(Optional.some) }
        }

        private mutating func read<Value>(
            _ name: String,
            into value: inout Value,
            expecting expectation: String,
            by parse: (String) -> Value?
        ) {
            guard let text = text(name) else { return }
            if let parsed = parse(text) {
                value = parsed
            } else {
                problems.append("\(name)='\(text)' is not \(expectation)")
            }
        }
    }
}

extension Duration {
    /// The notation of the duration in the environment: in hours, minutes or seconds if it is a whole number of them.
    fileprivate var notation: String {
        for (unit, length) in [("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where milliseconds % length == 0 {
            return "\(milliseconds / length)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}
