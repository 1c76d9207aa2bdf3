package import CachedRoutesCore
package import Logging
package import NIOCore
package import PostgresClient

extension DatabaseBackend {
    /// Creates pools of connections to the primary, and where the connection string names several hosts, to a standby
    /// for routes with `read: replica`.
    ///
    /// - Parameters:
    ///   - configuration: the configuration of either pool.
    ///   - listener: announces changes of tables; `nil` if the service can't listen.
    ///   - eventLoopGroup: the event loops that measure time.
    ///   - logger: takes the messages of the pools.
    /// - Throws: `PostgresError` if libpq refuses the configuration.
    package static func postgres(
        _ configuration: PostgresConfiguration,
        tables listener: PostgresListener?,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) throws -> DatabaseBackend {
        var primary = configuration
        var standby = configuration
        standby.session = .preferStandby
        standby.minimumConnections = 0
        let hosts = configuration.hosts
        if hosts == .several { primary.session = .primary }
        let database = PostgresDatabase(
            primary: try PostgresClient(configuration: primary, eventLoopGroup: eventLoopGroup, logger: logger),
            replica: hosts == .one
                ? nil : try PostgresClient(configuration: standby, eventLoopGroup: eventLoopGroup, logger: logger),
            eventLoop: eventLoopGroup.any(),
            logger: logger
        )
        return DatabaseBackend(
            database: database,
            followUps: [database],
            services: [database],
            tables: listener.map { .announced($0) } ?? .unannounced,
            maximumConnections: configuration.maximumConnections
        )
    }
}
