import CPostgres
public import NIOCore

/// The address of a PostgreSQL server and the limits of a ``PostgresClient``.
public struct PostgresConfiguration: Sendable {
    /// A libpq connection string: a `postgres://` URI or `name=value` pairs, with several hosts if needed.
    ///
    /// `nil` leaves everything to libpq's own environment (`PGHOST`, `PGUSER`, `PGSERVICE`, `.pgpass` and so on).
    ///
    /// The connection must be direct or through a pooler in session mode. A pooler in transaction mode would pass the
    /// session's settings, including `default_transaction_read_only`, and its prepared statements on to other clients;
    /// behind one, set ``statements`` to ``Statements/unnamed``.
    ///
    /// Unless the connection string says otherwise, TCP keepalives begin after 30 s and sent data has to be
    /// acknowledged within 30 s (`keepalives_idle`, `tcp_user_timeout`).
    public var url: String?

    /// The way in which statements are sent.
    public enum Statements: String, Sendable, Hashable, CaseIterable {
        /// Statements are prepared once for each connection, in sessions whose settings are made once: one round trip
        /// for each query.
        case named
        /// For poolers in transaction mode: nothing outlasts a transaction. Each query is a transaction that makes its
        /// settings by `SET LOCAL`: two round trips for each query.
        case unnamed
    }

    /// The way in which statements are sent. Default: ``Statements/named``.
    public var statements = Statements.named

    /// The preferred server among several hosts.
    public enum SessionTarget: Sendable, Hashable {
        /// The connection string decides.
        case any
        /// The primary (libpq's `target_session_attrs=primary`), unless the connection string says otherwise.
        case primary
        /// A standby, or any server if there is no standby (libpq's `prefer-standby`), whatever the connection string
        /// says.
        case preferStandby
    }

    /// The preferred server among several hosts. Requires libpq 14 or later. Default: ``SessionTarget/any``.
    public var session = SessionTarget.any

    /// The time for which connections to a primary are used in place of a standby before a standby is looked for again.
    /// They are replaced once there is one. Default: 30 s.
    public var fallbackLifetime: TimeAmount = .seconds(30)

    /// The largest number of connections, including those being opened. Default: 16.
    public var maximumConnections = 16

    /// The number of connections that are kept open without work while ``PostgresClient/run()`` runs. Default: 1.
    public var minimumConnections = 1

    /// The largest number of reading queries that are under way on one connection at the same time (libpq's pipeline mode); 1:
    /// each query has a connection for itself. Default: 1, because 4 took more CPU for each query where it was measured.
    ///
    /// A query is sent behind others only if no connection is idle, and only if its statement is prepared there, and all of
    /// them have lately been fast and small. Writes have a connection for themselves, and so has everything under
    /// ``Statements/unnamed`` or with a libpq before 14.
    public var pipelineDepth = 1

    /// The largest number of queries on one connection.
    var sharedDepth: Int { statements == .named && cached_routes_has_pipelines() == 1 ? pipelineDepth : 1 }

    /// The time for which queries wait behind one that runs before they are run elsewhere. It is many times what a fast
    /// statement takes.
    var pipelineStallTime: TimeAmount = .milliseconds(100)

    /// The largest number of connections being opened at the same time, each on its own thread. Default: 4.
    public var maximumConcurrentConnects = 4

    /// The time for which a query waits for a connection before it fails with ``PostgresError/Code/leaseTimeout``.
    /// Default: 1 s.
    public var leaseTimeout: TimeAmount = .seconds(1)

    /// The largest number of queries that wait for a connection; further ones fail with
    /// ``PostgresError/Code/tooManyWaiters``. Default: 1024.
    public var maximumWaiters = 1024

    /// The time limit for opening a connection, for each host of the connection string. Default: 3 s.
    ///
    /// libpq counts in whole seconds, at least two. It obeys a `connect_timeout` in the connection string or
    /// `PGCONNECT_TIMEOUT` in the environment instead; then this is only the time for which queries wait for an
    /// attempt.
    public var connectTimeout: TimeAmount = .seconds(3)

    /// The wait after the first failed attempt to connect. It doubles with each further one, with jitter. Default: 100
    /// ms.
    public var minimumReconnectDelay: TimeAmount = .milliseconds(100)

    /// The longest wait between two attempts to connect. Default: 3 s.
    public var maximumReconnectDelay: TimeAmount = .seconds(3)

    /// The time without work after which a connection is closed if there are more than ``minimumConnections``. Default:
    /// 60 s.
    public var idleTimeout: TimeAmount = .seconds(60)

    /// The time without work after which a connection is tested, so that no request meets a dead one. Default: 30 s.
    public var keepAliveInterval: TimeAmount = .seconds(30)

    /// The time limit of that test, after which the connection is closed. Default: 2 s.
    public var keepAliveTimeout: TimeAmount = .seconds(2)

    /// The longest lifetime of a connection. Each is shortened by up to a tenth at random, so that connections don't
    /// end together. Default: 30 min.
    public var maximumLifetime: TimeAmount = .minutes(30)

    /// The time for which an abandoned statement may run after its cancel request before its connection is closed.
    /// Default: 2 s.
    public var drainTimeout: TimeAmount = .seconds(2)

    /// The time for which a graceful shutdown waits for running queries. Default: 5 s.
    public var shutdownTimeout: TimeAmount = .seconds(5)

    /// The number of threads that drive connections and convert rows to JSON. Default: two, or one on a machine with a
    /// single core.
    public var reactorThreads = min(2, max(1, System.coreCount))

    /// The number of prepared statements on each connection, beyond which the least recently used one is deallocated.
    /// Default: 256.
    public var maximumPreparedStatements = 256

    /// The name in `pg_stat_activity`, unless the connection string or `PGAPPNAME` sets another. Default:
    /// `cached-routes`.
    public var applicationName = "cached-routes"

    /// Makes a configuration with defaults.
    ///
    /// - Parameter url: a libpq connection string; `nil` leaves everything to libpq's environment.
    public init(url: String?) {
        self.url = url
    }
}
