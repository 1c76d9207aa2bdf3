import CachedRoutesCore
import ClientSupport
public import Logging
import RouteModel

/// Everything a ``CachedRoutesService`` is told from outside.
///
/// | variable | value | default |
/// |---|---|---|
/// | `REDIS_URL` | `redis://…` or `redis+unix://…` | unset: the memory store |
/// | `REDIS_COMMAND_TIMEOUT` | duration | `100ms` |
/// | `REDIS_CONNECT_TIMEOUT` | duration | `1s` |
/// | `DATABASE_URL` | a libpq connection string | unset: libpq's own `PG*` variables |
/// | `DATABASE_LISTEN_URL` | a libpq connection string that leads straight to the primary, for `LISTEN` | `DATABASE_URL`, unless statements are `unnamed` |
/// | `DATABASE_POOL_MIN`, `DATABASE_POOL_MAX` | connections | `1`, `16` |
/// | `DATABASE_POOL_WAITERS` | requests that may wait for a connection | `1024` |
/// | `DATABASE_LEASE_TIMEOUT` | duration a request waits for a connection | `1s` |
/// | `DATABASE_CONNECT_TIMEOUT` | duration | `3s` |
/// | `DATABASE_POOL_IDLE` | duration after which a connection above the minimum is closed | `60s` |
/// | `DATABASE_POOL_KEEPALIVE` | duration after which an idle connection is asked whether it lives | `30s` |
/// | `DATABASE_POOL_LIFETIME` | duration after which a connection is replaced | `30m` |
/// | `DATABASE_STATEMENTS` | `named`, or `unnamed` behind a pooler in transaction mode | `named` |
/// | `CACHE_MEMORY` | size of the memory store | `64MiB` |
/// | `CACHE_WRITE_ENTRIES`, `CACHE_WRITE_BYTES` | bounds of the background writer | `1024`, `64MiB` |
/// | `CACHE_DRAIN_TIMEOUT` | duration the writer gets at shutdown, half of `SHUTDOWN_TIMEOUT` at most | `5s` |
/// | `CACHE_AFTER_RESTART` | what becomes of answers in a Redis that has restarted, or whose place another one has taken: `discard`, or `keep` although it may have forgotten purges | `discard` |
/// | `CACHE_WARM_CONCURRENCY` | answers that are warmed at once | `2` |
/// | `HTTP_HEAD_TIMEOUT` | duration a request head may take from its first byte to its end | `10s` |
/// | `HTTP_IDLE_TIMEOUT` | duration a connection may be without a request, or a request body may stall | `75s` |
/// | `HTTP_WRITE_TIMEOUT` | duration a client may take nothing of what waits for it | `30s` |
/// | `HTTP_MAX_CONNECTIONS` | connections of clients; others wait in the system's queue | three quarters of the file descriptors, at most 65536 |
/// | `CLIENT_BUFFER_BYTES` | size that responses which clients have not taken may hold; the slowest clients are cut beyond it | `256MiB` |
/// | `SHUTDOWN_TIMEOUT` | duration from the signal to the end, whatever clients do | `20s` |
/// | `HOST`, `PORT` | where an app listens that takes its address from here | `127.0.0.1`, `8080` |
/// | `LOG_LEVEL` | `trace` … `critical`, where the app gives no logger | `info` |
///
/// A value that would defeat itself is refused, and the error says from where on it is taken: durations from `1s`, but
/// `DATABASE_POOL_LIFETIME` from `10s`, `CACHE_DRAIN_TIMEOUT` and `DATABASE_CONNECT_TIMEOUT` from `100ms`, `DATABASE_LEASE_TIMEOUT`
/// and `REDIS_CONNECT_TIMEOUT` from `10ms`, and `REDIS_COMMAND_TIMEOUT` from `5ms`; sizes from `1MiB`; `HTTP_MAX_CONNECTIONS` from
/// 16. `CACHE_DRAIN_TIMEOUT` is half of `SHUTDOWN_TIMEOUT` at most: a longer one is refused, and its default is cut.
public struct CachedRoutesConfiguration: Sendable {
    /// How statements are sent to PostgreSQL.
    public enum Statements: String, Sendable, Hashable, CaseIterable {
        /// Prepared once for each connection: for direct connections, and poolers in session mode.
        case named
        /// For poolers in transaction mode, such as PgBouncer: nothing outlasts a transaction.
        case unnamed
    }

    /// What becomes of answers in a Redis that has restarted, or whose place another one has taken.
    public enum AfterRestart: String, Sendable, Hashable, CaseIterable {
        /// They are made anew: what it has may be from before a purge.
        case discard
        /// They are used. A purge that the server has forgotten is then forgotten.
        case keep
    }

    /// The Redis server; `nil`: the memory store.
    public var redisURL: String?
    /// The time within which the whole reply to a read has to come; a write has to get on within it.
    public var redisCommandTimeout: Duration = .milliseconds(100)
    /// How long connecting to Redis may take.
    public var redisConnectTimeout: Duration = .seconds(1)
    /// The PostgreSQL server; `nil`: libpq's own environment.
    public var databaseURL: String?
    /// The PostgreSQL server that is listened to, without a pooler in transaction mode in between; `nil`: that of ``databaseURL``,
    /// unless statements are `unnamed`.
    public var databaseListenURL: String?
    /// The connections the pool keeps.
    public var databasePoolMinimum = 1
    /// The most connections the pool opens.
    public var databasePoolMaximum = 16
    /// How many requests may wait for a connection.
    public var databasePoolWaiters = 1024
    /// How long a request waits for a connection.
    public var databaseLeaseTimeout: Duration = .seconds(1)
    /// How long connecting to PostgreSQL may take.
    public var databaseConnectTimeout: Duration = .seconds(3)
    /// How long a connection above the minimum is kept without work.
    public var databaseIdleTimeout: Duration = .seconds(60)
    /// How long a connection is without work before the server is asked whether it is there.
    public var databaseKeepAlive: Duration = .seconds(30)
    /// How old a connection becomes.
    public var databaseConnectionLifetime: Duration = .seconds(1800)
    /// How statements are sent.
    public var databaseStatements = Statements.named
    /// The budget of the memory store, in bytes.
    public var memoryBudget = 64 << 20
    /// How many entries may be under way to the store or wait for it.
    public var writeQueueEntries = 1024
    /// How many bytes may be under way to the store or wait for it.
    public var writeQueueBytes = 64 << 20
    /// How long the background writer may take at shutdown.
    public var drainTimeout: Duration = .seconds(5)
    /// What becomes of answers in a Redis that has restarted, or whose place another one has taken.
    public var afterRestart = AfterRestart.discard
    /// How many answers are made at once before anybody asks for them.
    public var warmConcurrency = 2
    /// The time that a request head may take from its first byte to its end.
    public var httpHeadTimeout: Duration = .seconds(10)
    /// The time that a connection may be without a request under way, and that a request body may stall.
    public var httpIdleTimeout: Duration = .seconds(75)
    /// The time that a client may take nothing of what waits for it.
    public var httpWriteTimeout: Duration = .seconds(30)
    /// The number of connections of clients that may be open.
    public var httpMaximumConnections = FileDescriptors.connections()
    /// The number of bytes that responses which clients have not taken may hold in all.
    public var clientBufferBytes = 256 << 20
    /// The time from the beginning of a shutdown to its end.
    public var shutdownTimeout: Duration = .seconds(20)
    /// The address the app listens on.
    public var host = "127.0.0.1"
    /// The port the app listens on.
    public var port = 8080
    /// The least level that is logged.
    public var logLevel: Logger.Level = .info

    /// Variables of the environment that may be meant for the service, and are not read.
    private(set) var unreadVariables: [UnreadVariable] = []
    /// Sentences for the log about settings that another one changes, or leaves without effect.
    private(set) var notes: [String] = []

    /// The defaults.
    public init() {}

    /// Reads the environment.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` with everything that is wrong.
    public init(environment: CachedRoutesEnvironment) throws(CachedRoutesConfigurationError) {
        self.init()
        var reader = Reader(environment: environment)
        redisURL = reader.text("REDIS_URL")
        databaseURL = reader.text("DATABASE_URL")
        databaseListenURL = reader.text("DATABASE_LISTEN_URL")
        reader.duration("REDIS_COMMAND_TIMEOUT", from: .milliseconds(5), &redisCommandTimeout)
        reader.duration("REDIS_CONNECT_TIMEOUT", from: .milliseconds(10), &redisConnectTimeout)
        reader.number("DATABASE_POOL_MIN", 0...10_000, &databasePoolMinimum)
        reader.number("DATABASE_POOL_MAX", 1...10_000, &databasePoolMaximum)
        reader.number("DATABASE_POOL_WAITERS", 1...1_000_000, &databasePoolWaiters)
        reader.duration("DATABASE_LEASE_TIMEOUT", from: .milliseconds(10), &databaseLeaseTimeout)
        reader.duration("DATABASE_CONNECT_TIMEOUT", from: .milliseconds(100), &databaseConnectTimeout)
        reader.duration("DATABASE_POOL_IDLE", from: .seconds(1), &databaseIdleTimeout)
        reader.duration("DATABASE_POOL_KEEPALIVE", from: .seconds(1), &databaseKeepAlive)
        reader.duration("DATABASE_POOL_LIFETIME", from: .seconds(10), &databaseConnectionLifetime)
        reader.choice("DATABASE_STATEMENTS", &databaseStatements)
        reader.size("CACHE_MEMORY", from: 1 << 20, &memoryBudget)
        reader.number("CACHE_WRITE_ENTRIES", 1...1_000_000, &writeQueueEntries)
        reader.size("CACHE_WRITE_BYTES", from: 1 << 20, &writeQueueBytes)
        reader.duration("CACHE_DRAIN_TIMEOUT", from: .milliseconds(100), &drainTimeout)
        reader.choice("CACHE_AFTER_RESTART", &afterRestart)
        reader.number("CACHE_WARM_CONCURRENCY", 1...1000, &warmConcurrency)
        reader.duration("HTTP_HEAD_TIMEOUT", from: .seconds(1), &httpHeadTimeout)
        reader.duration("HTTP_IDLE_TIMEOUT", from: .seconds(1), &httpIdleTimeout)
        reader.duration("HTTP_WRITE_TIMEOUT", from: .seconds(1), &httpWriteTimeout)
        reader.number("HTTP_MAX_CONNECTIONS", FileDescriptors.leastConnections...10_000_000, &httpMaximumConnections)
        reader.size("CLIENT_BUFFER_BYTES", from: 1 << 20, &clientBufferBytes)
        reader.duration("SHUTDOWN_TIMEOUT", from: .seconds(1), &shutdownTimeout)
        reader.host("HOST", &host)
        reader.number("PORT", 0...65_535, &port)
        reader.level("LOG_LEVEL", &logLevel)
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

    /// Those that only a service with Redis looks at.
    private static let namesForRedis = [
        "REDIS_COMMAND_TIMEOUT", "REDIS_CONNECT_TIMEOUT", "CACHE_WRITE_ENTRIES", "CACHE_AFTER_RESTART",
    ]

    /// Keeps the writer's time within its share of the shutdown: a longer one is a mistake where somebody has set it, and is cut
    /// where it is the default.
    private mutating func fitDrain(_ reader: inout Reader) {
        let name = "CACHE_DRAIN_TIMEOUT"
        let most = ShutdownTimes.longestDrain(within: shutdownTimeout)
        guard drainTimeout > most else { return }
        if let text = reader.text(name) {
            // One that can't be read has been said.
            guard Quantity.duration(text) == drainTimeout else { return }
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

        /// The text without blanks and line ends around it, which mounted secrets often have.
        private static func trimmed(_ text: String) -> String? {
            let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
            guard let last = scalars.lastIndex(where: { !$0.properties.isWhitespace }) else { return nil }
            return String(String.UnicodeScalarView(scalars[...last]))
        }

        mutating func host(_ name: String, _ value: inout String) {
            read(name, &value, "a host's name or an IP address, such as 127.0.0.1, or 0.0.0.0 for all") { text in
                HostName.isPossible(text) ? text : nil
            }
        }

        mutating func number(_ name: String, _ range: ClosedRange<Int>, _ value: inout Int) {
            read(name, &value, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
                Int(text).flatMap { range.contains($0) ? $0 : nil }
            }
        }

        /// - Parameter least: the shortest one that does not defeat itself.
        mutating func duration(_ name: String, from least: Duration, _ value: inout Duration) {
            let examples = least < .seconds(1) ? "500ms, 10s or 5m" : "30s or 5m"
            read(name, &value, "a duration from \(least.notation) to 1d, such as \(examples)") { text in
                Quantity.duration(text).flatMap { $0 >= least && $0 <= .seconds(86_400) ? $0 : nil }
            }
        }

        /// - Parameter least: the smallest one that does not defeat itself, in whole MiB.
        mutating func size(_ name: String, from least: Int, _ value: inout Int) {
            read(name, &value, "a size with a unit, \(least >> 20)MiB or more, such as 16MiB or 1GiB") { text in
                Quantity.bytes(text).flatMap { $0 >= least ? $0 : nil }
            }
        }

        mutating func level(_ name: String, _ value: inout Logger.Level) {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            read(name, &value, "one of \(levels)") { Logger.Level(rawValue: $0.lowercased()) }
        }

        mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ value: inout Choice) {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            read(name, &value, "one of \(names)") { Choice(rawValue: $0) }
        }

        private mutating func read<Value>(
            _ name: String,
            _ value: inout Value,
            _ expectation: String,
            _ parse: (String) -> Value?
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

/// A configuration that can't be used. Secrets are not repeated.
public struct CachedRoutesConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Everything that is wrong.
    public let problems: [String]

    /// One problem a line.
    public var description: String { problems.joined(separator: "\n") }
}

extension Duration {
    /// The text that stands for it in the environment, in seconds, minutes or hours where it is a whole number of them.
    fileprivate var notation: String {
        for (unit, length) in [("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where milliseconds % length == 0 {
            return "\(milliseconds / length)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}
