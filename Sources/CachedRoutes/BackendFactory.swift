import CachedRoutesCore
import Logging
import NIOCore
import RouteModel

/// Makes the store and the database of a configuration.
struct BackendFactory {
    let configuration: CachedRoutesConfiguration
    let eventLoopGroup: any EventLoopGroup
    let logger: Logger

    init(_ configuration: CachedRoutesConfiguration, eventLoopGroup: any EventLoopGroup, logger: Logger) {
        self.configuration = configuration
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
    }

    /// The faults of the configuration that no server can mend, a sentence each.
    var problems: [String] {
        // A fault of libpq's own variables concerns both connection strings.
        (redisProblems + databaseProblems).withoutRepetitions
    }

    /// Makes the store: Redis with a near cache, or the memory of the process.
    func store() throws -> StoreBackend {
        if let redis = try redisStore() { return redis }
        logger.info(
            "REDIS_URL is unset: responses are stored in this process's memory",
            metadata: ["bytes": "\(configuration.memoryBudget)"]
        )
        return .memory(budget: configuration.memoryBudget)
    }
}

extension CachedRoutesConfiguration {
    /// Makes a logger with the configured level.
    func makeLogger() -> Logger {
        var logger = Logger(label: "cached-routes")
        logger.logLevel = logLevel
        return logger
    }
}
