public import NIOCore

/// How a ``PostgresClient`` reaches the server and how many connections it keeps.
public struct PostgresConfiguration: Sendable {
    /// A libpq connection string: a `postgres://` URI or `name=value` pairs, with several hosts if need be.
    ///
    /// `nil` leaves everything to libpq's own environment (`PGHOST`, `PGUSER`, `PGSERVICE`, `.pgpass`, …).
    ///
    /// The connection must be direct or through a pooler in session mode. A pooler in transaction mode gives the
    /// session's settings, among them `default_transaction_read_only`, and its prepared statements to other clients;
    /// behind one, set ``statements`` to ``Statements/unnamed``.
    ///
    /// Unless the connection string says otherwise, TCP keepalives begin after 30 s and what is sent has to be
    /// acknowledged within 30 s (`keepalives_idle`, `tcp_user_timeout`).
    public var url: String?

    /// How statements are sent.
    public enum Statements: String, Sendable, Hashable, CaseIterable {
        /// Prepared once for each connection, in sessions whose settings are made once: one round trip a query.
        case named
        /// For poolers in transaction mode: nothing outlasts a transaction. Each query is a transaction that makes its
        /// settings by `SET LOCAL`: two round trips a query.
        case unnamed
    }

    /// How statements are sent. Default: ``Statements/named``.
    public var statements = Statements.named

    /// Which of several hosts sessions are wanted with.
    public enum SessionTarget: Sendable, Hashable {
        /// Whatever the connection string says.
        case any
        /// The one that takes writes (libpq's `target_session_attrs=primary`), unless the connection string says
        /// something else.
        case primary
        /// A standby, or any host where no standby can be had (libpq's `prefer-standby`), whatever the connection
        /// string says.
        case preferStandby
    }

    /// Which of several hosts sessions are wanted with. Needs libpq 14 or later. Default: ``SessionTarget/any``.
    public var session = SessionTarget.any

    /// How long connections to a primary do where a standby was wanted, before it is looked whether a standby is back. They
    /// are replaced once one is. Default: 30 s.
    public var fallbackLifetime: TimeAmount = .seconds(30)

    /// The most connections the pool opens, those being opened included. Default: 16.
    public var maximumConnections = 16

    /// The connections the pool keeps open while ``PostgresClient/run()`` runs, even without work. Default: 1.
    public var minimumConnections = 1

    /// The most connections that are being opened at the same time, each on a thread of its own. Default: 4.
    public var maximumConcurrentConnects = 4

    /// How long a query waits for a connection before it fails with ``PostgresError/Code/leaseTimeout``. Default: 1 s.
    public var leaseTimeout: TimeAmount = .seconds(1)

    /// The most queries that wait for a connection; one more fails with ``PostgresError/Code/tooManyWaiters``. Default:
    /// 1024.
    public var maximumWaiters = 1024

    /// How long opening a connection may take, for each host of the connection string. Default: 3 s.
    ///
    /// libpq counts in whole seconds, at least two. A `connect_timeout` in the connection string or `PGCONNECT_TIMEOUT`
    /// in the environment is what libpq obeys instead; then this is only how long queries trust an attempt to succeed.
    public var connectTimeout: TimeAmount = .seconds(3)

    /// The pause after the first failed attempt to connect. It doubles with every further one, with jitter. Default:
    /// 100 ms.
    public var minimumReconnectDelay: TimeAmount = .milliseconds(100)

    /// The longest pause between two attempts to connect. Default: 3 s.
    public var maximumReconnectDelay: TimeAmount = .seconds(3)

    /// How long a connection above ``minimumConnections`` may be without work before it is closed. Default: 60 s.
    public var idleTimeout: TimeAmount = .seconds(60)

    /// How long a connection may be without work before the server is asked whether it is still there, so that no
    /// request finds out. Default: 30 s.
    public var keepAliveInterval: TimeAmount = .seconds(30)

    /// How long the answer to that may take before the connection is closed. Default: 2 s.
    public var keepAliveTimeout: TimeAmount = .seconds(2)

    /// How old a connection may become; up to a tenth less is drawn for each, so that they don't all end together.
    /// Default: 30 min.
    public var maximumLifetime: TimeAmount = .minutes(30)

    /// How long a statement that nobody waits for any more may take to end after its cancel request, before its
    /// connection is closed instead. Default: 2 s.
    public var drainTimeout: TimeAmount = .seconds(2)

    /// How long a graceful shutdown waits for running queries. Default: 5 s.
    public var shutdownTimeout: TimeAmount = .seconds(5)

    /// Threads that drive the connections and turn rows into JSON. Default: two, or one on a machine with a single
    /// core.
    public var reactorThreads = min(2, max(1, System.coreCount))

    /// Prepared statements kept on each connection; the least recently used one gives way. Default: 256.
    public var maximumPreparedStatements = 256

    /// The name that `pg_stat_activity` shows, unless the connection string or `PGAPPNAME` names another.
    /// Default: `cached-routes`.
    public var applicationName = "cached-routes"

    /// The defaults, for the server that `url` names.
    public init(url: String?) {
        self.url = url
    }
}
