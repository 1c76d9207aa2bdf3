package import CachedRoutesCore
package import Logging
package import NIOCore
package import RedisClient
import RouteModel

extension StoreBackend {
    /// Creates a store in Redis with a near cache in the memory of the process.
    ///
    /// - Parameters:
    ///   - configuration: the server, and the limits of its client.
    ///   - writer: writes entries in the background.
    ///   - binding: the validity of tag versions after a restart of the server.
    ///   - nearBudget: the size that the near cache may have, in bytes.
    ///   - clock: tells the time of day.
    ///   - eventLoopGroup: the event loops of the connections.
    ///   - logger: takes the messages of the client and the store.
    /// - Throws: `RedisConfigurationError` for a configuration that can't be used.
    package static func redis(
        _ configuration: RedisConfiguration,
        writer: BackgroundWriter,
        binding: RedisStore.TokenBinding,
        nearBudget: Int,
        clock: WallClock = .system,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) throws -> StoreBackend {
        let lifetime = TagVersionLifetime()
        let client = try RedisClient(configuration: configuration, eventLoopGroup: eventLoopGroup, logger: logger)
        let tracker = RedisTracker(of: client, eventLoop: eventLoopGroup.next(), logger: logger)
        let store = RedisStore(
            client: client,
            writer: writer,
            clock: clock,
            tagVersionLifetime: lifetime,
            binding: binding,
            commandTimeout: .milliseconds(configuration.commandTimeout.milliseconds),
            eventLoop: eventLoopGroup.any(),
            tracker: tracker,
            logger: logger
        )
        let near = NearStore(of: store, budget: nearBudget, clock: clock)
        return StoreBackend(
            store: near,
            tagVersionLifetime: lifetime,
            locks: RedisLocks(client: client, foreign: store.foreign, logger: logger),
            writer: writer,
            services: [client],
            nearTracker: OnDemandService {
                try await tracker.run(
                    RedisTracker.Delegate(invalidated: { near.invalidated($0) }, flushed: { near.flushed() })
                )
            },
            problem: { store.problem }
        )
    }
}
