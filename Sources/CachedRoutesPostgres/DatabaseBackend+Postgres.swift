package import CachedRoutesCore
package import Logging
package import PostgresClient

extension DatabaseBackend {
    /// The PostgreSQL servers of a connection string: the one that takes writes, and where it names several hosts, a standby for
    /// routes that say so.
    ///
    /// - Parameters:
    ///   - configuration: the pool of connections, to either kind of server.
    ///   - listener: hears of changes of tables; `nil` if nothing can be heard.
    /// - Throws: `PostgresError` where libpq refuses the configuration.
    package static func postgres(
        _ configuration: PostgresConfiguration,
        tables listener: PostgresListener?,
        logger: Logger
    ) throws -> DatabaseBackend {
        var primary = configuration
        var standby = configuration
        standby.session = .preferStandby
        standby.minimumConnections = 0
        let hosts = configuration.hosts
        if hosts == .several { primary.session = .primary }
        let database = PostgresDatabase(
            primary: try PostgresClient(configuration: primary, logger: logger),
            replica: hosts == .one ? nil : try PostgresClient(configuration: standby, logger: logger)
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
