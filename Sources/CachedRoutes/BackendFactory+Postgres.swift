import CachedRoutesCore
import NIOCore

#if Postgres
    import CachedRoutesPostgres
    import PostgresClient

    extension BackendFactory {
        /// The faults of the connection strings, a sentence each.
        var databaseProblems: [String] {
            let urls = [
                ("DATABASE_URL", configuration.databaseURL), ("DATABASE_LISTEN_URL", configuration.databaseListenURL),
            ]
            return urls.filter { name, url in url != nil || name == "DATABASE_URL" }.flatMap { name, url in
                PostgresConfiguration(url: url).connectionFaults().map { $0.message(ofConnectionString: name) }
            }
        }

        /// Makes the pools of connections, and the listener for changes of tables.
        ///
        /// - Throws: ``CachedRoutesConfigurationError`` if libpq refuses a connection string.
        func database(inspectionInterval: TimeAmount) throws -> DatabaseBackend {
            do {
                return try .postgres(
                    poolConfiguration(),
                    tables: listener(inspectionInterval),
                    eventLoopGroup: eventLoopGroup,
                    logger: logger
                )
            } catch let error as PostgresError where error.code == .invalidConfiguration {
                throw CachedRoutesConfigurationError(problems: [error.message])
            }
        }

        /// Makes the listener; `nil` behind a pooler in transaction mode, where `LISTEN` does not work.
        private func listener(_ inspectionInterval: TimeAmount) throws -> PostgresListener? {
            guard configuration.databaseListenURL != nil || configuration.databaseStatements == .named else {
                return nil
            }
            var postgres = PostgresConfiguration(url: configuration.databaseListenURL ?? configuration.databaseURL)
            postgres.connectTimeout = .milliseconds(configuration.databaseConnectTimeout.milliseconds)
            if postgres.hosts == .several { postgres.session = .primary }
            return try PostgresListener(
                configuration: postgres,
                channel: TableTriggerSQL.channel,
                inspectionInterval: inspectionInterval,
                logger: logger
            )
        }

        private func poolConfiguration() -> PostgresConfiguration {
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
            return postgres
        }
    }
#else
    extension BackendFactory {
        /// No faults: a connection string may be meant for other code of the app.
        var databaseProblems: [String] { [] }

        /// Returns a backend without a database: routes with SQL are refused when they are added. It throws where there is one.
        func database(inspectionInterval: TimeAmount) throws -> DatabaseBackend {
            DatabaseBackend(database: nil, maximumConnections: configuration.databasePoolMaximum)
        }
    }
#endif
