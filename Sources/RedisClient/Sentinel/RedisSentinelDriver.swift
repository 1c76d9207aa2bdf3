import ClientSupport
import Logging
import NIOCore

/// Executes the decisions of ``RedisSentinelQueryStateMachine`` and ``RedisSentinelWatchStateMachine``. It is confined to
/// its event loop.
final class RedisSentinelDriver {
    private typealias Query = RedisSentinelQueryStateMachine<EventLoopPromise<RedisServerLocation>>

    private let sentinels: RedisConfiguration.Sentinels
    private let configuration: RedisConfiguration
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let random: () -> Double
    private var query: Query
    private var watch: RedisSentinelWatchStateMachine
    private var questions: [RedisSentinelQuestion] = []
    private var queryTimer: Scheduled<Void>?
    private var subscription: RedisSentinelSubscription?
    private var watchTimer: Scheduled<Void>?
    private var changed: (@Sendable (RedisServerLocation?) -> Void)?
    /// The time in which no Sentinel can be watched.
    private var blindness = OutageLog()
    private var switches = LogThrottle(interval: .seconds(1))
    /// The reason for which the last subscription ended.
    private var lastLoss: RedisError?

    init(
        _ sentinels: RedisConfiguration.Sentinels,
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        logger: Logger,
        random: @escaping () -> Double
    ) {
        self.sentinels = sentinels
        self.eventLoop = eventLoop
        self.random = random
        self.configuration = configuration.ofSentinels(sentinels)
        var logger = logger
        logger[metadataKey: "redis.primary"] = "\(sentinels.primaryName)"
        self.logger = logger
        query = Query(sentinels: sentinels.addresses, primaryName: sentinels.primaryName)
        let count = sentinels.addresses.count
        watch = RedisSentinelWatchStateMachine(
            count: count,
            primaryName: sentinels.primaryName,
            // Processes that start together do not all subscribe to the same Sentinel.
            first: min(Int(random() * Double(count)), count - 1)
        )
    }

    // MARK: The locator's methods

    func locate(_ promise: EventLoopPromise<RedisServerLocation>) {
        carryOut(query.locate(promise, now: eventLoop.now))
    }

    func failed(_ location: RedisServerLocation, _ error: RedisError) {
        logger.debug(
            "A server that Sentinels name can't be used",
            metadata: ["redis.server": "\(location.endpoint)", "redis.reason": "\(error)"]
        )
        query.failed(location, now: eventLoop.now)
    }

    func connected(_ location: RedisServerLocation) { carryOut(query.connected(location)) }

    func watch(_ changed: @escaping @Sendable (RedisServerLocation?) -> Void) {
        self.changed = changed
        carryOut(watch.start(now: eventLoop.now))
    }

    func stop() {
        changed = nil
        carryOut(watch.stop())
        carryOut(query.stop())
    }

    // MARK: Questions

    private func carryOut(_ actions: [Query.Action]) {
        for action in actions {
            switch action {
            case .ask(let round): ask(round)
            case .setTimer(let time):
                queryTimer?.cancel()
                queryTimer = eventLoop.assumeIsolated().scheduleTask(deadline: time) {
                    self.carryOut(self.query.timerFired(now: self.eventLoop.now))
                }
            case .cancelTimer: queryTimer?.cancel()
            case .closeQuestions:
                let left = questions
                questions = []
                for question in left { question.close() }
            case .deliver(let waiters, let location): for waiter in waiters { waiter.succeed(location) }
            case .fail(let waiters, let error): for waiter in waiters { waiter.fail(error) }
            case .reportSwitch(let former, let new): reportSwitch(from: former, to: new)
            case .move(let location): changed?(location)
            }
        }
    }

    private func ask(_ round: Int) {
        let deadline = eventLoop.now + type(of: query).limit
        questions = sentinels.addresses.enumerated().map { position, sentinel in
            RedisSentinelQuestion(
                sentinels.primaryName,
                to: sentinel,
                configuration: configuration,
                deadline: deadline,
                eventLoop: eventLoop
            ) { [weak self] answer in
                guard let self else { return }
                self.carryOut(self.query.answered(answer, by: position, round: round, now: self.eventLoop.now))
            }
        }
        for question in questions { question.start() }
    }

    private func reportSwitch(from former: RedisServerLocation, to new: RedisServerLocation) {
        logger.log(
            level: switches.admit(at: eventLoop.now) == nil ? .debug : .notice,
            former.endpoint == new.endpoint
                ? "The primary has been promoted again: another server may have been the primary meanwhile"
                : "Another server has become the primary",
            metadata: [
                "redis.former": "\(former.endpoint)", "redis.server": "\(new.endpoint)",
                "redis.config-epoch": "\(new.configEpoch)",
            ]
        )
    }

    // MARK: The watch

    private func carryOut(_ actions: [RedisSentinelWatchStateMachine.Action]) {
        for action in actions {
            switch action {
            case .subscribe(let sentinel, let attempt): subscribe(to: sentinels.addresses[sentinel], attempt)
            case .ping: subscription?.ping()
            case .close:
                subscription?.close()
                subscription = nil
            case .setTimer(let time):
                watchTimer?.cancel()
                watchTimer = eventLoop.assumeIsolated().scheduleTask(deadline: time) {
                    self.carryOut(self.watch.timerFired(now: self.eventLoop.now, random: self.random()))
                }
            case .cancelTimer: watchTimer?.cancel()
            case .check: carryOut(query.check(now: eventLoop.now))
            case .announced(let change, let sentinel):
                carryOut(query.announced(change, by: sentinel, now: eventLoop.now))
            case .reportBlind: reportBlind()
            case .reportSight: reportSight()
            }
        }
    }

    private func subscribe(to sentinel: RedisConfiguration.Endpoint, _ attempt: Int) {
        let subscription = RedisSentinelSubscription(
            to: sentinel,
            configuration: configuration,
            deadline: eventLoop.now + RedisSentinelWatchStateMachine.patience,
            eventLoop: eventLoop,
            events: .init(
                subscribed: { [weak self] in
                    guard let self else { return }
                    self.logger.debug("A Sentinel is watched", metadata: ["redis.sentinel": "\(sentinel)"])
                    self.carryOut(self.watch.subscribed(attempt, now: self.eventLoop.now))
                },
                received: { [weak self] message in
                    guard let self else { return }
                    self.carryOut(self.watch.received(message, attempt))
                },
                ponged: { [weak self] in self?.watch.ponged(attempt) },
                lost: { [weak self] error in self?.lost(attempt, sentinel, error) }
            )
        )
        self.subscription = subscription
        subscription.start()
    }

    private func lost(_ attempt: Int, _ sentinel: RedisConfiguration.Endpoint, _ error: RedisError) {
        logger.debug(
            "A Sentinel is no longer watched",
            metadata: ["redis.sentinel": "\(sentinel)", "redis.reason": "\(error)"]
        )
        subscription = nil
        lastLoss = error
        carryOut(watch.lost(attempt, now: eventLoop.now, random: random()))
    }

    private func reportBlind() {
        var metadata: Logger.Metadata = [
            "redis.sentinels": "\(sentinels.addresses.map(\.description).joined(separator: ","))"
        ]
        if let lastLoss { metadata["redis.reason"] = "\(lastLoss)" }
        if let cure = lastLoss.flatMap({ RedisUnavailability($0) })?.cure { metadata["redis.cure"] = "\(cure)" }
        logger.log(
            level: blindness.persists(at: eventLoop.now) ? .warning : .debug,
            "No Sentinel can be watched: a new primary is noticed only when connections to the old one break",
            metadata: metadata
        )
    }

    private func reportSight() {
        logger.log(level: blindness.ended() ? .notice : .debug, "A Sentinel is watched again")
    }
}

extension RedisConfiguration {
    /// The configuration of connections to Sentinels of the configured servers.
    fileprivate func ofSentinels(_ sentinels: Sentinels) -> RedisConfiguration {
        var configuration = self
        configuration.credentials = sentinels.credentials
        // Sentinels have no databases.
        configuration.database = 0
        let limit = Duration.nanoseconds(RedisSentinelWatchStateMachine.patience.nanoseconds)
        configuration.connectTimeout = limit
        configuration.commandTimeout = limit
        configuration.maximumPendingCommands = 16
        configuration.maximumPendingBytes = 64 * 1024
        configuration.maximumReplySize = 64 * 1024
        configuration.maximumLaterElementSize = 64 * 1024
        return configuration
    }
}
