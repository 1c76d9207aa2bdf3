public import Logging
public import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// A client of one Redis server, with one connection on each event loop of a group.
///
/// Commands of one tick of an event loop are sent in one write, and their replies arrive in the order of the commands.
/// An unavailable server costs callers next to nothing: while no connection is ready, commands fail at once. Only
/// before the end of the first attempt to connect do they wait, for at most ``RedisConfiguration/commandTimeout``.
///
/// An error reply of the server is a ``RedisReply`` with ``RedisReply/error`` set; futures and calls fail with
/// ``RedisError``. `READONLY` and `LOADING` mean that this server can't be used at the moment: the client delivers the
/// reply, closes the connection and connects again, so that it resolves a name that now belongs to another server.
public final class RedisClient: Service {
    private let configuration: RedisConfiguration
    private let eventLoopGroup: any EventLoopGroup
    private let links: [ObjectIdentifier: Link]
    private let order: [Link]
    private let availability: RedisAvailabilityMonitor
    private let peers: Peers
    /// The commands that the server refuses at present.
    package let refusals: RedisCommandRefusals
    private let logger: Logger
    private let hasRun = Atomic(false)
    private let isEnding = Atomic(false)

    /// A connection slot and the only event loop that may access it.
    private struct Link: Sendable {
        let eventLoop: any EventLoop
        let box: NIOLoopBoundBox<RedisConnectionSlot>

        func run(_ body: @escaping @Sendable (RedisConnectionSlot) -> Void) {
            eventLoop.execute { body(box.value) }
        }
    }

    /// All slots of a running client, for messages from one to the others.
    private final class Peers: Sendable {
        let links = Mutex<[Link]>([])
        let serverID = Mutex<String?>(nil)

        /// Records that a slot has connected to this server. Connections to another server are closed, because it
        /// may not receive the same commands.
        func moved(link number: Int, to serverID: String) {
            let isNew = self.serverID.withLock { known in
                defer { known = serverID }
                return known != nil && known != serverID
            }
            guard isNew else { return }
            for link in others(than: number) { link.run { $0.move(to: serverID) } }
        }

        func suspect(exceptLink number: Int) {
            for link in others(than: number) { link.run { $0.probe() } }
        }

        private func others(than number: Int) -> [Link] {
            links.withLock { $0 }.enumerated().filter { $0.offset != number }.map(\.element)
        }
    }

    /// Makes a client, which connects once it runs.
    ///
    /// - Parameters:
    ///   - configuration: the server, the login and the limits.
    ///   - eventLoopGroup: the event loops; one connection is opened on each of them.
    ///   - logger: receives one warning when the server becomes unavailable and one notice when it is available again,
    ///     at most once a minute, and details at debug level.
    /// - Throws: ``RedisConfigurationError`` if the configuration is invalid.
    public convenience init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) throws(RedisConfigurationError) {
        try self.init(
            configuration: configuration,
            eventLoopGroup: eventLoopGroup,
            logger: logger,
            metrics: RedisMetrics(),
            random: { Double.random(in: 0...1) }
        )
    }

    init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger,
        metrics: RedisMetrics,
        random: @escaping @Sendable () -> Double
    ) throws(RedisConfigurationError) {
        try configuration.validate()
        var logger = logger
        logger[metadataKey: "redis.endpoint"] = "\(configuration.endpoint)"
        let peers = Peers()
        // Measures the time between messages, which belong to no connection.
        let clock = eventLoopGroup.any()
        let availability = RedisAvailabilityMonitor(logger: logger, now: { clock.now })
        let refusals = RedisCommandRefusals(logger: logger, now: { clock.now })
        let shared = RedisConnectionSlot.Shared(
            availability: availability,
            metrics: metrics,
            refusals: refusals,
            handshakeRefusals: RedisHandshakeRefusalLog(),
            logger: logger,
            random: random,
            suspect: { peers.suspect(exceptLink: $0) },
            moved: { peers.moved(link: $0, to: $1) }
        )
        order = eventLoopGroup.makeIterator().enumerated().map { number, eventLoop in
            let link = RedisConnectionSlot(
                number: number,
                eventLoop: eventLoop,
                configuration: configuration,
                shared: shared
            )
            return Link(eventLoop: eventLoop, box: .makeBoxSendingValue(link, eventLoop: eventLoop))
        }
        links = Dictionary(order.map { (ObjectIdentifier($0.eventLoop), $0) }) { first, _ in first }
        self.configuration = configuration
        self.eventLoopGroup = eventLoopGroup
        self.availability = availability
        self.peers = peers
        self.refusals = refusals
        self.logger = logger
    }

    /// Indicates that at least one connection is ready.
    public var isAvailable: Bool { availability.isAvailable }

    /// The refusal that keeps all connections from becoming ready; `nil` if a connection is ready or the server can't
    /// be reached.
    package var unavailability: RedisCommandRefusal? { availability.refusal }

    /// The identity of the server of the latest connection, see ``RedisReply/serverID``. Connections to another server
    /// are closed.
    public var serverID: String? { peers.serverID.withLock { $0 } }

    /// Opens the connections and keeps them open until graceful shutdown or cancellation.
    ///
    /// It then accepts no more commands, and returns when those in flight have their replies or have reached their
    /// deadlines. A client runs once. An unavailable server doesn't end the run.
    ///
    /// - Throws: ``RedisError`` with the code `alreadyRunning` if it is called again.
    public func run() async throws {
        guard hasRun.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
            throw RedisError(.alreadyRunning, "run() was called twice")
        }
        peers.links.withLock { $0 = order }
        for link in order { link.run { $0.start() } }
        // Cancellation ends the wait like a graceful shutdown, with the same consequences.
        try? await gracefulShutdown()
        isEnding.store(true, ordering: .releasing)
        peers.links.withLock { $0 = [] }
        for link in order {
            try await link.eventLoop.flatSubmit { link.box.value.stop() }.get()
        }
        logger.debug("The Redis client has been shut down")
    }

    /// Indicates that the client has begun to shut down. Its event loops may end soon, along with anything sent from
    /// now on.
    package var isShutDown: Bool { isEnding.load(ordering: .acquiring) }

    /// Sends a command and returns a future of its reply.
    ///
    /// It may be called from any thread. On an event loop of the client's group it uses the loop's own connection,
    /// without a thread hop.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - eventLoop: the event loop on which the future completes; by default the current one if it is in the client's
    ///     group, else any of the group.
    /// - Returns: the reply, which may be an error reply of the server. The future fails with ``RedisError``.
    public func send(_ command: RedisCommand, on eventLoop: (any EventLoop)? = nil) -> EventLoopFuture<RedisReply> {
        let (link, wanted) = link(for: eventLoop)
        let promise = link.eventLoop.makePromise(of: RedisReply.self)
        send(command, over: link, ticket: nil, for: .promise(promise))
        return promise.futureResult.hop(to: wanted)
    }

    /// Sends a command and returns a future of the result of `transform`.
    ///
    /// It creates one future where `map` would create a second one, and is otherwise the same as ``send(_:on:)``.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - eventLoop: the event loop on which the future completes.
    ///   - deadline: the time at which a read fails, if it has not failed before. It needs no timer of its own.
    ///   - transform: maps the outcome, on the event loop of the connection. The future fails with the error that it
    ///     throws.
    package func send<Value: Sendable>(
        _ command: RedisCommand,
        on eventLoop: any EventLoop,
        by deadline: NIODeadline = .distantFuture,
        _ transform: @escaping @Sendable (Result<RedisReply, RedisError>) throws -> Value
    ) -> EventLoopFuture<Value> {
        let (link, wanted) = link(for: eventLoop)
        let promise = link.eventLoop.makePromise(of: Value.self)
        let complete: @Sendable (Result<RedisReply, RedisError>) -> Void = { outcome in
            promise.completeWith(Result { try transform(outcome) })
        }
        send(command, over: link, ticket: nil, by: deadline, for: .function(complete))
        return promise.futureResult.hop(to: wanted)
    }

    /// Sends a command that reads nothing and has no condition.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - eventLoop: the event loop on which the future completes.
    /// - Returns: a future that fails with ``RedisError`` or ``RedisServerError`` if the reply doesn't confirm the
    ///   command.
    package func perform(_ command: RedisCommand, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let kind = command.kind
        return send(command, on: eventLoop) { result in
            let reply = try result.get().get()
            guard kind.isCarriedOut(by: reply) else { throw RedisError.unexpectedReply(to: kind) }
        }
    }

    /// Removes keys by `UNLINK`, or by `DEL` if the user may not call `UNLINK` or the server lacks it.
    ///
    /// `UNLINK` is always tried first, to find out when it is available again.
    ///
    /// - Parameters:
    ///   - keys: the keys to remove.
    ///   - eventLoop: the event loop on which the future completes.
    /// - Returns: a future that fails like that of ``perform(_:on:)``.
    package func remove(_ keys: [RedisCommand.Argument], on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        perform(.unlink(keys), on: eventLoop).flatMapError { error in
            switch (error as? RedisServerError).flatMap({ RedisCommandRefusal($0)?.kind }) {
            case .noPermission, .unknownCommand: self.perform(.del(keys), on: eventLoop)
            default: eventLoop.makeFailedFuture(error)
            }
        }
    }

    /// Removes keys like ``remove(_:on:)``, on any event loop of the client.
    ///
    /// - Throws: ``RedisError`` or ``RedisServerError``.
    package func remove(_ keys: [RedisCommand.Argument]) async throws {
        try await remove(keys, on: eventLoopGroup.any()).get()
    }

    /// Sends a command like ``perform(_:on:)``, on any event loop of the client.
    ///
    /// - Throws: ``RedisError`` or ``RedisServerError``.
    package func perform(_ command: RedisCommand) async throws {
        try await perform(command, on: eventLoopGroup.any()).get()
    }

    /// The connection to use, and the event loop on which the caller wants the reply.
    private func link(for eventLoop: (any EventLoop)?) -> (link: Link, wanted: any EventLoop) {
        let wanted = eventLoop ?? eventLoopGroup.any()
        return (links[ObjectIdentifier(wanted)] ?? order[abs(ObjectIdentifier(wanted).hashValue % order.count)], wanted)
    }

    /// Sends a command and waits for its reply.
    ///
    /// If the calling task is cancelled, this throws `CancellationError` at once. The command keeps its place among the
    /// commands of its connection and its reply is dropped, so that other commands are not affected. The server may
    /// still execute it.
    ///
    /// - Parameter command: the command.
    /// - Returns: the reply, which may be an error reply of the server.
    /// - Throws: ``RedisError`` or `CancellationError`.
    public func execute(_ command: RedisCommand) async throws -> RedisReply {
        try Task.checkCancellation()
        let link = link(for: nil).link
        let ticket = RedisReplyRace()
        let promise = link.eventLoop.makePromise(of: RedisReply.self)
        return try await withTaskCancellationHandler {
            send(command, over: link, ticket: ticket, for: .promise(promise))
            return try await promise.futureResult.get()
        } onCancel: {
            if ticket.abandon() { promise.fail(CancellationError()) }
        }
    }

    private func send(
        _ command: RedisCommand,
        over link: Link,
        ticket: RedisReplyRace?,
        by deadline: NIODeadline = .distantFuture,
        for recipient: RedisRequest.Recipient
    ) {
        let request = RedisRequest(command, for: recipient, ticket: ticket, now: link.eventLoop.now, deadline: deadline)
        if link.eventLoop.inEventLoop {
            link.box.value.send(request)
        } else {
            link.eventLoop.execute { link.box.value.send(request) }
        }
    }
}
