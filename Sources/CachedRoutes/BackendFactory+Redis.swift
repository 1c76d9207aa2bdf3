import CachedRoutesCore
import NIOCore

#if Redis
    import CachedRoutesRedis
    import ClientSupport
    import RedisClient

    extension BackendFactory {
        /// The faults of `REDIS_URL` and of the variables about TLS, a sentence each.
        var redisProblems: [String] {
            guard configuration.redisURL != nil else { return tlsProblemsWithoutRedis }
            do throws(RedisConfigurationError) {
                guard var redis = try addressAndLogin() else { return [] }
                let isPossible = redis.endpoints.allSatisfy { endpoint in
                    guard case .tcp(let host, _) = endpoint else { return true }
                    return HostNameSyntax.isPossible(host)
                }
                // Does not quote the host, which may be a part of a password.
                guard isPossible else { return ["REDIS_URL: the host is not a host's name or an IP address"] }
                return tls.apply(to: &redis)
            } catch {
                return ["REDIS_URL: \(error.message)"]
            }
        }

        /// Reads the URL; `nil` if it is unset.
        private func addressAndLogin() throws(RedisConfigurationError) -> RedisConfiguration? {
            guard let url = configuration.redisURL else { return nil }
            return try RedisConfiguration(url: url)
        }

        /// The variables about TLS.
        private var tls: RedisTLSVariables {
            RedisTLSVariables(
                authorityFile: configuration.redisTLSAuthorityFile,
                certificateFile: configuration.redisTLSCertificateFile,
                keyFile: configuration.redisTLSKeyFile,
                serverName: configuration.redisTLSServerName,
                verification: configuration.redisTLSVerification?.rawValue
            )
        }

        /// Makes the store in Redis; `nil` if no Redis is configured.
        func redisStore(clock: WallClock = .system) throws -> StoreBackend? {
            guard let redis = try redisConfiguration() else { return nil }
            if redis.tls?.verification == RedisTLSConfiguration.Verification.none {
                logger.warning("\(RedisTLSVariables.warning)")
            }
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
            guard var redis = try addressAndLogin() else { return nil }
            _ = tls.apply(to: &redis)
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
                ? tlsProblemsWithoutRedis
                : ["REDIS_URL is set, but this program was built without Redis: enable the trait 'Redis', or unset it"]
        }

        /// Returns no store. It throws where there is one.
        func redisStore() throws -> StoreBackend? { nil }
    }
#endif

extension BackendFactory {
    /// A fault if there are settings about TLS to Redis and there is no Redis.
    private var tlsProblemsWithoutRedis: [String] {
        let names = configuration.redisTLSVariables
        if names.isEmpty { return [] }
        let verb = names.count == 1 ? "has" : "have"
        return ["\(names.joined(separator: ", ")) \(verb) no effect without REDIS_URL: set it to a rediss:// URL"]
    }
}
