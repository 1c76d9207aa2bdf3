import Logging
import NIOCore

/// Locates the primary that Sentinels name, and follows it when another server is promoted.
final class RedisSentinelLocator: RedisServerLocator {
    private let driver: EventLoopConfined<RedisSentinelDriver>

    /// Makes a locator, which connects to Sentinels once it is asked.
    ///
    /// - Parameters:
    ///   - sentinels: the Sentinels and the name of the primary.
    ///   - configuration: the configuration of connections to the servers, from which those to Sentinels differ in the
    ///     login, the database and the limits.
    ///   - eventLoop: the event loop of all connections.
    ///   - logger: receives a warning if no Sentinel can be watched, at most once a minute, and details at debug level.
    ///   - random: returns a number from 0 to 1 for waits and for the Sentinel to begin with.
    init(
        _ sentinels: RedisConfiguration.Sentinels,
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        driver = EventLoopConfined(
            RedisSentinelDriver(
                sentinels,
                configuration: configuration,
                eventLoop: eventLoop,
                logger: logger,
                random: random
            ),
            eventLoop: eventLoop
        )
    }

    func locate(on eventLoop: any EventLoop) -> EventLoopFuture<RedisServerLocation> {
        let promise = driver.eventLoop.makePromise(of: RedisServerLocation.self)
        driver.perform { $0.locate(promise) }
        return promise.futureResult.hop(to: eventLoop)
    }

    func failed(_ location: RedisServerLocation, _ error: RedisError) {
        driver.perform { $0.failed(location, error) }
    }

    func connected(_ location: RedisServerLocation) {
        driver.perform { $0.connected(location) }
    }

    func watch(_ changed: @escaping @Sendable (RedisServerLocation?) -> Void) {
        driver.perform { $0.watch(changed) }
    }

    func stop() async {
        // Fails only if the event loop has been shut down, and with it all connections.
        try? await driver.eventLoop.submit { [driver] in driver.value.stop() }.get()
    }
}
