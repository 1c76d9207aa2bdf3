import Logging
import NIOCore
import PostgresClient
import RedisClient

/// What the configuration makes of clients.
extension CachedRoutesService {
    /// libpq quotes parts of a connection string in its messages, the password among them.
    static func withoutQuotations(_ message: String) -> String {
        // By scalars: a quote and the combining mark behind it are one character.
        message.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset % 2 == 1 && $0.element.count > 1 ? "…" : String($0.element) }
            .joined(separator: "\"")
    }

    static func redis(_ configuration: CachedRoutesConfiguration) throws -> RedisConfiguration? {
        guard let url = configuration.redisURL else { return nil }
        var redis = try RedisConfiguration(url: url)
        redis.commandTimeout = configuration.redisCommandTimeout
        redis.connectTimeout = configuration.redisConnectTimeout
        redis.clientName = "cached-routes"
        // The background writer may fill its own bound; lookups then still find room on the connection they share.
        redis.maximumPendingBytes = min(1 << 30, redis.maximumPendingBytes + configuration.writeQueueBytes)
        // No entry that is stored is longer, but for its header line; what is, is none. A token has 15 bytes.
        let longestEntry = max(64 << 20, configuration.writeQueueBytes) + (2 << 20)
        redis.maximumReplySize = min(redis.maximumReplySize, longestEntry)
        redis.maximumLaterElementSize = 1024
        try redis.validate()
        return redis
    }

    /// `nil`: none can be had that hears anything.
    static func listener(
        _ configuration: CachedRoutesConfiguration,
        _ inspectionInterval: TimeAmount,
        _ logger: Logger
    ) throws -> PostgresListener? {
        guard configuration.databaseListenURL != nil || configuration.databaseStatements == .named else { return nil }
        var postgres = PostgresConfiguration(url: configuration.databaseListenURL ?? configuration.databaseURL)
        postgres.connectTimeout = .milliseconds(configuration.databaseConnectTimeout.milliseconds)
        if postgres.hosts == .several { postgres.session = .primary }
        return try PostgresListener(
            configuration: postgres,
            channel: TableTriggers.channel,
            inspectionInterval: inspectionInterval,
            logger: logger
        )
    }

    static func database(
        _ configuration: CachedRoutesConfiguration,
        _ logger: Logger
    ) throws -> PostgresDatabase {
        var postgres = PostgresConfiguration(url: configuration.databaseURL)
        postgres.statements = configuration.databaseStatements == .named ? .named : .unnamed
        postgres.minimumConnections = configuration.databasePoolMinimum
        postgres.maximumConnections = configuration.databasePoolMaximum
        postgres.maximumWaiters = configuration.databasePoolWaiters
        postgres.leaseTimeout = .milliseconds(configuration.databaseLeaseTimeout.milliseconds)
        postgres.connectTimeout = .milliseconds(configuration.databaseConnectTimeout.milliseconds)
        postgres.idleTimeout = .milliseconds(configuration.databaseIdleTimeout.milliseconds)
        postgres.keepAliveInterval = .milliseconds(configuration.databaseKeepAlive.milliseconds)
        postgres.maximumLifetime = .milliseconds(configuration.databaseConnectionLifetime.milliseconds)
        postgres.drainTimeout = ShutdownTimes(configuration).close
        var standby = postgres
        standby.session = .preferStandby
        standby.minimumConnections = 0
        let hosts = postgres.hosts
        if hosts == .several { postgres.session = .primary }
        return PostgresDatabase(
            primary: try PostgresClient(configuration: postgres, logger: logger),
            replica: hosts == .one ? nil : try PostgresClient(configuration: standby, logger: logger)
        )
    }
}
