import Logging
import NIOCore
import PostgresClient
import RedisClient

/// What the configuration makes of clients.
extension CachedRoutesService {
    /// Everything in the configuration that no server can make right, a sentence for each.
    static func problems(_ configuration: CachedRoutesConfiguration) -> [String] {
        var problems: [String] = []
        do {
            if case .tcp(let host, _) = try redis(configuration)?.endpoint, !HostName.isPossible(host) {
                // Without the text, which may be a part of a password.
                problems.append("REDIS_URL: the host is not a host's name or an IP address")
            }
        } catch {
            problems.append("REDIS_URL: \(error)")
        }
        let urls = [
            ("DATABASE_URL", configuration.databaseURL), ("DATABASE_LISTEN_URL", configuration.databaseListenURL),
        ]
        for (name, url) in urls where url != nil || name == "DATABASE_URL" {
            problems += PostgresConfiguration(url: url).connectionFaults().map {
                $0.description(ofConnectionString: name)
            }
        }
        // What is wrong with libpq's own variables is so for both.
        return problems.withoutRepetitions
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
