import NIOCore
import NIOPosix

/// Two connections to one server: one that reads, and one on which the server says what has changed of that (RESP2 has no place
/// for it on the first). Lives once, on its event loop.
///
/// ```
/// subscribing ──CLIENT ID, SUBSCRIBE──▶ opening ──CLIENT TRACKING ON REDIRECT──▶ tracking
///      └───────────────────────────────────┴────────────────────────────────────────┴──▶ ended
/// ```
///
/// It ends when either connection does: the server forgets what a connection has read when that closes, and says nothing of it.
final class RedisTrackedSession: RedisConnectionDelegate {
    /// What the session tells. Called on its event loop.
    struct Events {
        /// These keys, or all of them for `nil`, have changed.
        var invalidated: ([[UInt8]]?) -> Void
        /// From now on the server remembers what is read.
        var established: () -> Void
        /// Both connections have answered what they were asked at this time.
        var answered: (NIODeadline) -> Void
        /// The session is over; nothing that was read on it is remembered. Told before any read of it fails.
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
    private let eventLoop: any EventLoop
    private let metrics: RedisMetrics
    private let refusals: RedisRefusals?
    private let events: Events
    private var state = State.subscribing
    private var subscription: RedisConnection?
    private var reader: RedisConnection?
    /// The subscription's number, by which the server knows where to send what it has to say.
    private var subscriptionID: Int64 = 0

    /// - Parameter refusals: told of the reads that the server refuses; `nil`: nobody is.
    init(
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        metrics: RedisMetrics,
        refusals: RedisRefusals?,
        events: Events
    ) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.refusals = refusals
        self.events = events
    }

    /// Opens the connections, the one that listens first.
    func start() {
        open { [weak self] in
            self?.receive($0)
        } then: {
            self.subscription = $0
        }
    }

    // MARK: - Use

    /// Reads, and has the server remember what was read.
    func read(_ command: RedisCommand, by deadline: NIODeadline, completing promise: EventLoopPromise<RedisReply>) {
        guard case .tracking = state, let reader else {
            return promise.fail(RedisError(.unavailable, "reads are not tracked at the moment"))
        }
        let caching = eventLoop.makePromise(of: RedisReply.self)
        let reply = eventLoop.makePromise(of: RedisReply.self)
        send(RedisCommand("CLIENT", ["CACHING", "YES"]), on: reader, completing: caching)
        send(command, on: reader, by: deadline, completing: reply)
        caching.futureResult.flatMapThrowing { try Self.require($0.get().isOK) }.and(reply.futureResult).map(\.1)
            .cascade(to: promise)
    }

    /// Asks both connections for a sign of life.
    func ping() {
        guard case .tracking = state, let subscription, let reader else { return }
        let now = NIODeadline.now()
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

    /// The server both connections are with, once it is known.
    var serverID: String? { reader?.serverID }

    /// Ends the session.
    func end(_ error: any Error) {
        if case .ended = state { return }
        state = .ended
        events.ended(error)
        // Nobody waits for what they would still say.
        let connections = [subscription, reader]
        (subscription, reader) = (nil, nil)
        for connection in connections {
            connection?.close(
                RedisError(.connectionLost, "the other connection of the session has ended", underlying: error)
            )
        }
    }

    // MARK: - The way there

    private func open(_ message: ((RedisReply) -> Void)?, then: @escaping (RedisConnection) -> Void) {
        let connection = RedisConnection(
            configuration: configuration,
            deadline: .now() + TimeAmount(configuration.connectTimeout),
            eventLoop: eventLoop,
            metrics: metrics,
            refusals: refusals,
            delegate: self,
            message: message
        )
        configuration.connect(on: eventLoop).assumeIsolated().whenComplete { result in
            do {
                let channel = try result.get()
                guard self.isAlive else { return channel.close(promise: nil) }
                // Known before it can become ready.
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
                // Without a number the server would remember, and tell nobody.
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

    func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End) {
        self.end(end.error)
        // Another connection would not have them remembered.
        for request in end.retries { request.fail(end.error) }
    }

    /// Asks for something that goes on only with an answer that `isGood`.
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
        connection.send(RedisRequest(command, for: .promise(promise), ticket: nil, now: .now(), deadline: deadline))
    }

    /// `["message", channel, keys]`, where no keys stand for all.
    private func receive(_ message: RedisReply) {
        guard isAlive, message[1].string == Self.channel else { return }
        let keys = message[2]
        guard keys.kind == .array else { return events.invalidated(nil) }
        events.invalidated((0..<keys.count).compactMap { keys[$0].bytes.map { Array($0.readableBytesView) } })
    }
}
