import Metrics
import NIOCore

/// One connection to a Sentinel. It is confined to its event loop and is used once.
class RedisSentinelSession: RedisConnectionDelegate {
    private let configuration: RedisConfiguration
    private let sentinel: RedisConfiguration.Endpoint
    private let deadline: NIODeadline
    private let message: ((RedisReply) -> Void)?
    fileprivate let eventLoop: any EventLoop
    private var connection: RedisConnection?
    private var isOver = false

    /// Makes a session.
    ///
    /// - Parameters:
    ///   - sentinel: the Sentinel.
    ///   - configuration: the configuration of its connections.
    ///   - deadline: the time at which the handshake is given up.
    ///   - eventLoop: the event loop of the connection.
    ///   - message: receives published messages.
    fileprivate init(
        _ sentinel: RedisConfiguration.Endpoint,
        configuration: RedisConfiguration,
        deadline: NIODeadline,
        eventLoop: any EventLoop,
        message: ((RedisReply) -> Void)? = nil
    ) {
        self.sentinel = sentinel
        self.configuration = configuration
        self.deadline = deadline
        self.eventLoop = eventLoop
        self.message = message
    }

    /// Opens the connection.
    func start() {
        guard !isOver else { return }
        var configuration = configuration
        configuration.deployment = .standalone(sentinel)
        configuration.connect(to: sentinel, on: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.opened(channel, configuration)
            case .failure(let error): self.end(RedisError(.unavailable, "\(error)", underlying: error))
            }
        }
    }

    private func opened(_ channel: any Channel, _ configuration: RedisConfiguration) {
        guard !isOver else { return channel.close(promise: nil) }
        let connection = RedisConnection(
            configuration: configuration,
            deadline: deadline,
            eventLoop: eventLoop,
            metrics: Self.metrics,
            delegate: self,
            message: message
        )
        self.connection = connection
        do {
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            channel.close(promise: nil)
            end(RedisError(.connectionLost, "the connection closed at once", underlying: error))
        }
    }

    /// The client's counters are about its servers, of which a Sentinel is none.
    private static let metrics = RedisMetrics(factory: NOOPMetricsHandler.instance)

    func connectionBecameReady(_ connection: RedisConnection) { ready() }

    /// A Sentinel has no data, and no identity of any.
    func connectionHasOtherServer(_ connection: RedisConnection) {}

    func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End) {
        self.end(end.error)
        // Nobody waits for them: each session is of one connection.
        for request in end.retries { request.fail(end.error.asLossOfConnection) }
    }

    /// Sends a command, whose outcome is passed to `then` unless the session is over.
    fileprivate func send(_ command: RedisCommand, then: @escaping (Result<RedisReply, RedisError>) -> Void) {
        let box = NIOLoopBound((session: self, then: then), eventLoop: eventLoop)
        let take: @Sendable (Result<RedisReply, RedisError>) -> Void = { result in
            if !box.value.session.isOver { box.value.then(result) }
        }
        connection?.send(
            RedisRequest(command, for: .function(take), ticket: nil, now: eventLoop.now, deadline: .distantFuture)
        )
    }

    /// Ends the session.
    fileprivate func end(_ error: RedisError) {
        guard !isOver else { return }
        close()
        ended(error)
    }

    /// Ends the session without a report.
    func close() {
        isOver = true
        let connection = connection
        self.connection = nil
        connection?.close(RedisError(.shutDown, "the connection is no longer needed"))
    }

    /// Called once the handshake is finished.
    fileprivate func ready() {}
    /// Called once, if the session has ended by itself.
    fileprivate func ended(_ error: RedisError) {}
}

/// A question to a Sentinel for a primary.
final class RedisSentinelQuestion: RedisSentinelSession {
    private let primaryName: String
    private let answered: (RedisSentinelAnswer) -> Void
    private var replies: [RedisReply] = []

    /// Makes a question.
    ///
    /// - Parameters:
    ///   - primaryName: the name of the primary.
    ///   - sentinel: the Sentinel.
    ///   - configuration: the configuration of its connections.
    ///   - deadline: the time at which the handshake is given up.
    ///   - eventLoop: the event loop of the connection.
    ///   - answered: receives the answer once, unless the question is closed before.
    init(
        _ primaryName: String,
        to sentinel: RedisConfiguration.Endpoint,
        configuration: RedisConfiguration,
        deadline: NIODeadline,
        eventLoop: any EventLoop,
        answered: @escaping (RedisSentinelAnswer) -> Void
    ) {
        self.primaryName = primaryName
        self.answered = answered
        super.init(sentinel, configuration: configuration, deadline: deadline, eventLoop: eventLoop)
    }

    fileprivate override func ready() {
        let commands = RedisSentinelAnswer.commands(primaryName)
        for command in commands {
            send(command) { result in
                switch result {
                case .success(let reply):
                    self.replies.append(reply)
                    guard self.replies.count == commands.count else { return }
                    self.close()
                    self.answered(RedisSentinelAnswer(self.replies))
                case .failure(let error): self.end(error)
                }
            }
        }
    }

    fileprivate override func ended(_ error: RedisError) { answered(.failure(error)) }
}

/// A subscription to the announcements of a Sentinel.
final class RedisSentinelSubscription: RedisSentinelSession {
    /// The callbacks of a subscription, which are called on its event loop and not after ``close()``.
    struct Events {
        var subscribed: () -> Void
        /// A Sentinel's message has arrived.
        var received: (String) -> Void
        var ponged: () -> Void
        /// The subscription has ended or could not be made.
        var lost: (RedisError) -> Void
    }

    private let events: Events

    /// Makes a subscription.
    ///
    /// - Parameters:
    ///   - sentinel: the Sentinel.
    ///   - configuration: the configuration of its connections.
    ///   - deadline: the time at which the handshake is given up.
    ///   - eventLoop: the event loop of the connection.
    ///   - events: the callbacks.
    init(
        to sentinel: RedisConfiguration.Endpoint,
        configuration: RedisConfiguration,
        deadline: NIODeadline,
        eventLoop: any EventLoop,
        events: Events
    ) {
        self.events = events
        super.init(
            sentinel,
            configuration: configuration,
            deadline: deadline,
            eventLoop: eventLoop,
            message: { message in
                guard message[1].string == RedisSentinelSwitch.channel, let text = message[2].string else { return }
                events.received(text)
            }
        )
    }

    fileprivate override func ready() {
        ask(RedisCommand("SUBSCRIBE", [.string(RedisSentinelSwitch.channel)])) {
            $0.count == 3 && $0[0].string == "subscribe"
        } then: {
            self.events.subscribed()
        }
    }

    /// Sends a ping.
    func ping() {
        ask(.ping) {
            $0.isPong
        } then: {
            self.events.ponged()
        }
    }

    private func ask(_ command: RedisCommand, _ isGood: @escaping (RedisReply) -> Bool, then: @escaping () -> Void) {
        send(command) { result in
            switch result {
            case .success(let reply):
                if let error = reply.error {
                    self.end(RedisError(.handshakeFailed, "\(error)", underlying: error))
                } else if isGood(reply) {
                    then()
                } else {
                    self.end(RedisError.unexpectedReply(to: .other))
                }
            case .failure(let error): self.end(error)
            }
        }
    }

    fileprivate override func ended(_ error: RedisError) { events.lost(error) }
}
