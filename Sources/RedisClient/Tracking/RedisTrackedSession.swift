import NIOCore
import NIOPosix

/// Two connections to one server: one that reads, and one over which the server reports changes of what was read,
/// because RESP2 can't do that over the first. It is confined to its event loop and is used once.
///
/// ```
/// subscribing ──CLIENT ID, SUBSCRIBE──▶ opening ──CLIENT TRACKING ON REDIRECT──▶ tracking
///      └───────────────────────────────────┴────────────────────────────────────────┴──▶ ended
/// ```
///
/// The session ends when either connection does: when a connection closes, the server forgets what was read over it,
/// without a report.
final class RedisTrackedSession: RedisConnectionDelegate {
    /// The callbacks of a session, which are called on its event loop.
    struct Events {
        /// These keys have changed, or all keys if it is `nil`.
        var invalidated: ([[UInt8]]?) -> Void
        /// The server tracks reads from now on.
        var established: () -> Void
        /// Both connections have replied to the pings that were sent at this time.
        var answered: (NIODeadline) -> Void
        /// The session has ended, and nothing that was read is tracked any more. Called before any of its reads fails.
        var ended: (any Error) -> Void
    }

    private enum State {
        case subscribing
        case opening
        case tracking
        case ended
    }

    static let channel = "__redis__:invalidate"

    private let configuration: RedisConfiguration
    private let locator: any RedisServerLocator
    private let eventLoop: any EventLoop
    private let metrics: RedisMetrics
    private let refusals: RedisCommandRefusals?
    private let events: Events
    private var state = State.subscribing
    private var subscription: RedisConnection?
    private var reader: RedisConnection?
    /// The server of the connections; `nil` before it is located.
    private var location: RedisServerLocation?
    /// The client ID of the subscribing connection, to which the server redirects its messages.
    private var subscriptionID: Int64 = 0

    /// Makes a session.
    ///
    /// - Parameters:
    ///   - configuration: the login and the limits.
    ///   - locator: knows the server.
    ///   - eventLoop: the event loop of both connections.
    ///   - metrics: the client's counters.
    ///   - refusals: receives the refused reads; `nil` ignores them.
    ///   - events: the callbacks.
    init(
        configuration: RedisConfiguration,
        locator: any RedisServerLocator,
        eventLoop: any EventLoop,
        metrics: RedisMetrics,
        refusals: RedisCommandRefusals?,
        events: Events
    ) {
        self.configuration = configuration
        self.locator = locator
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.refusals = refusals
        self.events = events
    }

    /// Opens the connections, beginning with the subscribing one.
    func start() {
        open { [weak self] in
            self?.receive($0)
        } then: {
            self.subscription = $0
        }
    }

    // MARK: - Use

    /// Reads, with the reply tracked by the server.
    func read(_ command: RedisCommand, by deadline: NIODeadline, completing promise: EventLoopPromise<RedisReply>) {
        guard case .tracking = state, let reader else {
            return promise.fail(RedisError(.unavailable, "reads are not tracked at the moment"))
        }
        let caching = eventLoop.makePromise(of: RedisReply.self)
        let reply = eventLoop.makePromise(of: RedisReply.self)
        // It concerns the next command alone.
        reader.send(
            request(command, by: deadline, completing: reply),
            after: request(RedisCommand("CLIENT", ["CACHING", "YES"]), completing: caching)
        )
        caching.futureResult.flatMapThrowing { try Self.require($0.get().isOK) }.and(reply.futureResult).map(\.1)
            .cascade(to: promise)
    }

    /// Sends `PING` over both connections.
    func ping() {
        guard case .tracking = state, let subscription, let reader else { return }
        let now = eventLoop.now
        let pings = [subscription, reader].map { connection in
            let promise = eventLoop.makePromise(of: RedisReply.self)
            send(.ping, on: connection, completing: promise)
            return promise.futureResult.flatMapThrowing { try Self.require($0.get().isPong) }
        }
        EventLoopFuture.andAllSucceed(pings, on: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success: if case .tracking = self.state { self.events.answered(now) }
            case .failure(let error): self.end(error)
            }
        }
    }

    /// The identity of the server, once it is known.
    var serverID: String? { reader?.serverID }

    /// Ends the session if its server is another one than this.
    func move(to location: RedisServerLocation?) {
        guard let current = self.location, current != location else { return }
        end(RedisError(.connectionLost, "another server has become the primary"))
    }

    /// Ends the session.
    func end(_ error: any Error) {
        if case .ended = state { return }
        state = .ended
        events.ended(error)
        // No caller waits for their replies.
        let connections = [subscription, reader]
        (subscription, reader) = (nil, nil)
        for connection in connections {
            connection?.close(
                RedisError(.connectionLost, "the other connection of the session has ended", underlying: error)
            )
        }
    }

    // MARK: - Connecting

    private func open(_ message: ((RedisReply) -> Void)?, then: @escaping (RedisConnection) -> Void) {
        locator.locate(on: eventLoop).assumeIsolated().whenComplete { result in
            guard self.isAlive else { return }
            switch result {
            case .success(let location):
                self.location = location
                self.open(location, message, then: then)
            case .failure(let error): self.end(error)
            }
        }
    }

    private func open(
        _ location: RedisServerLocation,
        _ message: ((RedisReply) -> Void)?,
        then: @escaping (RedisConnection) -> Void
    ) {
        let deadline = eventLoop.now + TimeAmount(configuration.connectTimeout)
        configuration.connect(to: location.endpoint, on: eventLoop).assumeIsolated().whenComplete { result in
            do {
                let channel = try result.get()
                guard self.isAlive else { return channel.close(promise: nil) }
                let connection = RedisConnection(
                    configuration: self.configuration,
                    configEpoch: location.configEpoch,
                    deadline: deadline,
                    eventLoop: self.eventLoop,
                    metrics: self.metrics,
                    refusals: self.refusals,
                    delegate: self,
                    message: message
                )
                // Set before the connection can become ready.
                then(connection)
                try channel.pipeline.syncOperations.addHandler(connection)
            } catch {
                self.end(error)
            }
        }
    }

    private var isAlive: Bool { if case .ended = state { false } else { true } }

    func connectionBecameReady(_ connection: RedisConnection) {
        switch state {
        case .subscribing:
            ask(RedisCommand("CLIENT", ["ID"]), on: connection) {
                // Without an ID, the server would track reads and report no changes.
                self.subscriptionID = $0.integer ?? 0
                return self.subscriptionID > 0
            } then: {
            }
            ask(RedisCommand("SUBSCRIBE", [.string(Self.channel)]), on: connection) {
                $0.count == 3 && $0[0].string == "subscribe"
            } then: {
                self.state = .opening
                self.open(nil) { self.reader = $0 }
            }
        case .opening:
            guard let id = connection.serverID, id == subscription?.serverID else {
                return end(RedisError(.handshakeFailed, "the two connections may lead to different servers"))
            }
            let redirect: [RedisCommand.Argument] = ["TRACKING", "ON", "REDIRECT", .integer(subscriptionID), "OPTIN"]
            ask(RedisCommand("CLIENT", redirect), on: connection) {
                $0.isOK
            } then: {
                self.state = .tracking
                self.events.established()
                self.ping()
            }
        case .tracking, .ended: break
        }
    }

    func connectionHasOtherServer(_ connection: RedisConnection) {
        end(RedisError(.connectionLost, "the server has lost its role meanwhile, and may have lost changes with it"))
    }

    func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End) {
        self.end(end.error)
        // Over another connection the reads would not be tracked. An error about a value is not about theirs, and comes first: a
        // read of several keys fails with the first error of any.
        let retries = end.retries
        eventLoop.execute { for request in retries { request.fail(end.error.asLossOfConnection) } }
    }

    /// Sends a command and continues with `then` if the reply satisfies `isGood`; otherwise ends the session.
    private func ask(
        _ command: RedisCommand,
        on connection: RedisConnection,
        _ isGood: @escaping (RedisReply) -> Bool,
        then: @escaping () -> Void
    ) {
        let promise = eventLoop.makePromise(of: RedisReply.self)
        send(command, on: connection, completing: promise)
        promise.futureResult.flatMapThrowing { try $0.get() }.assumeIsolated().whenComplete { result in
            guard self.isAlive else { return }
            switch result {
            case .success(let reply) where isGood(reply): then()
            case .success: self.end(RedisError.unexpectedReply(to: .other))
            case .failure(let error): self.end(error)
            }
        }
    }

    private static func require(_ isGood: Bool) throws(RedisError) {
        guard isGood else { throw RedisError.unexpectedReply(to: .other) }
    }

    private func send(
        _ command: RedisCommand,
        on connection: RedisConnection,
        by deadline: NIODeadline = .distantFuture,
        completing promise: EventLoopPromise<RedisReply>
    ) {
        connection.send(request(command, by: deadline, completing: promise))
    }

    private func request(
        _ command: RedisCommand,
        by deadline: NIODeadline = .distantFuture,
        completing promise: EventLoopPromise<RedisReply>
    ) -> RedisRequest {
        RedisRequest(command, for: .promise(promise), ticket: nil, now: eventLoop.now, deadline: deadline)
    }

    /// Takes a message `["message", channel, keys]`, where null stands for all keys.
    private func receive(_ message: RedisReply) {
        guard isAlive, message[1].string == Self.channel else { return }
        let keys = message[2]
        guard keys.kind == .array else { return events.invalidated(nil) }
        events.invalidated((0..<keys.count).compactMap { keys[$0].bytes.map { Array($0.readableBytesView) } })
    }
}
