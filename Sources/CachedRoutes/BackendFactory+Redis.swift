import CachedRoutesCore
import NIOCore

#if Redis
    import CachedRoutesRedis
    import ClientSupport
    import RedisClient

    extension BackendFactory {
        /// The faults of `REDIS_URL`, a sentence each.
        var redisProblems: [String] {
            do throws(RedisConfigurationError) {
                let endpoints = try redisConfiguration()?.endpoints ?? []
                let isPossible = endpoints.allSatisfy { endpoint in
                    guard case .tcp(let host, _) = endpoint else { return true }
                    return HostNameSyntax.isPossible(host)
                }
                // Does not quote the host, which may be a part of a password.
                return isPossible ? [] : ["REDIS_URL: the host is not a host's name or an IP address"]
            } catch {
                return ["REDIS_URL: \(error.message)"]
            }
        }

        /// Makes the store in Redis; `nil` if no Redis is configured.
        func redisStore(clock: WallClock = .system) throws -> StoreBackend? {
            guard let redis = try redisConfiguration() else { return nil }
            return try .redis(
                redis,
                writer: BackgroundWriter(
                    limits: .init(entries: configuration.writeQueueEntries, bytes: configuration.writeQueueBytes),
                    eventLoop: eventLoopGroup.next(),
                    logger: logger
                ),
                binding: configuration.afterRestart == .discard ? .server : .none,
                nearBudget: configuration.memoryBudget,
                clock: clock,
                eventLoopGroup: eventLoopGroup,
                logger: logger
            )
        }

        /// Reads `REDIS_URL`; `nil` if it is unset.
        func redisConfiguration() throws(RedisConfigurationError) -> RedisConfiguration? {
            guard let url = configuration.redisURL else { return nil }
            var redis = try RedisConfiguration(url: url)
            redis.commandTimeout = configuration.redisCommandTimeout
            redis.connectTimeout = configuration.redisConnectTimeout
            redis.clientName = "cached-routes"
            // Lookups still find room on the shared connection when the background writer fills its own bound.
            redis.maximumPendingBytes = min(1 << 30, redis.maximumPendingBytes + configuration.writeQueueBytes)
            // The service stores no longer entries, except for the header line: a longer value is foreign. A reply may
            // have two, the forms of a response. A tag version has 15 bytes.
            let longestEntry = max(64 << 20, configuration.writeQueueBytes) + (2 << 20)
            redis.maximumReplySize = min(redis.maximumReplySize, 2 * longestEntry)
            redis.maximumLaterElementSize = 1024
            try redis.validate()
            return redis
        }
    }
#else
    extension BackendFactory {
        /// A fault if Redis is configured: in memory, processes would not learn of each other's purges.
        var redisProblems: [String] {
            configuration.redisURL == nil
                ? []
                : ["REDIS_URL is set, but this program was built without Redis: enable the trait 'Redis', or unset it"]
        }

        /// Returns no store. It throws where there is one.
        func redisStore() throws -> StoreBackend? { nil }
    }
#endif
