public import Logging
public import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// A client of one Redis server, with one connection on each event loop of a group.
///
/// Commands of one tick of an event loop leave in one write, and their replies come back in the order in which they
/// were sent. A server that is away or hangs costs callers next to nothing: while no connection is ready, commands fail
/// at once. Only before the first attempt to connect has ended they wait, no longer than
/// ``RedisConfiguration/commandTimeout``.
///
/// A server's error reply is a ``RedisReply`` with ``RedisReply/error`` set; futures and calls fail with
/// ``RedisError``. `READONLY` and `LOADING` say that this server cannot be used at the moment: after delivering them
/// the client closes the connection and tries again, so that a name which now leads to another server is looked up
/// anew.
public final class RedisClient: Service {
    private let configuration: RedisConfiguration
    private let eventLoopGroup: any EventLoopGroup
    private let links: [ObjectIdentifier: Link]
    private let order: [Link]
    private let availability: RedisAvailability
    private let peers: Peers
    /// The commands that the server refuses.
    package let refusals: RedisRefusals
    private let logger: Logger
    private let hasRun = Atomic(false)
    private let isEnding = Atomic(false)

    /// A link and the loop on which alone it may be touched.
    private struct Link: Sendable {
        let eventLoop: any EventLoop
        let box: NIOLoopBoundBox<RedisConnectionSlot>

        func run(_ body: @escaping @Sendable (RedisConnectionSlot) -> Void) {
            eventLoop.execute { body(box.value) }
        }
    }

    /// The links, for each other, while the client runs.
    private final class Peers: Sendable {
        let links = Mutex<[Link]>([])
        let serverID = Mutex<String?>(nil)

        /// A link has come to this server: the others are to leave another one, which may not know what this one is told.
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

    /// Makes a client. It connects once it runs.
    ///
    /// - Parameters:
    ///   - configuration: the server and the bounds to keep.
    ///   - eventLoopGroup: one connection is opened on each of its event loops.
    ///   - logger: gets one warning when the server goes away, one notice when it is back, at most once a minute, and
    ///     details at debug level.
    /// - Throws: ``RedisConfigurationError`` if the configuration cannot be used.
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
        let availability = RedisAvailability(logger: logger)
        let refusals = RedisRefusals(logger: logger)
        let shared = RedisConnectionSlot.Shared(
            availability: availability,
            metrics: metrics,
            refusals: refusals,
            handshakeRefusals: RedisHandshakeRefusals(),
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

    /// Whether any connection is ready.
    public var isAvailable: Bool { availability.isAvailable }

    /// The refusal that keeps connections from becoming ready, where no connection is and the server says one.
    package var unavailability: RedisRefusal? { availability.refusal }

    /// The server that a connection was made to last, see ``RedisReply/serverID``. Connections to another one are closed.
    public var serverID: String? { peers.serverID.withLock { $0 } }

    /// Opens the connections and keeps them alive until graceful shutdown or cancellation.
    ///
    /// Then takes no more commands and returns when those in flight have their replies, or have failed by their
    /// deadlines. A client runs once. It never ends because the server is away.
    ///
    /// - Throws: ``RedisError`` with the code `alreadyRunning` if it is called again.
    public func run() async throws {
        guard hasRun.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
            throw RedisError(.alreadyRunning, "run() was called twice")
        }
        peers.links.withLock { $0 = order }
        for link in order { link.run { $0.start() } }
        // Cancellation ends the wait as a graceful shutdown does, and is answered alike.
        try? await gracefulShutdown()
        isEnding.store(true, ordering: .releasing)
        peers.links.withLock { $0 = [] }
        for link in order {
            try await link.eventLoop.flatSubmit { link.box.value.stop() }.get()
        }
        logger.debug("The Redis client has been shut down")
    }

    /// True from the client's shutdown on. Its event loops may end after that, and with them what is still sent.
    package var isShutDown: Bool { isEnding.load(ordering: .acquiring) }

    /// Sends a command and gives its reply as a future.
    ///
    /// May be called from anywhere. On an event loop of the client's group there is no thread hop: the loop's own
    /// connection is used.
    ///
    /// - Parameters:
    ///   - eventLoop: where the future completes. Default: the current event loop if it is one of the group's, else any
    ///     of those.
    /// - Returns: the reply, the server's error replies included, or ``RedisError``.
    public func send(_ command: RedisCommand, on eventLoop: (any EventLoop)? = nil) -> EventLoopFuture<RedisReply> {
        let (link, wanted) = link(for: eventLoop)
        let promise = link.eventLoop.makePromise(of: RedisReply.self)
        send(command, over: link, ticket: nil, for: .promise(promise))
        return promise.futureResult.hop(to: wanted)
    }

    /// Sends a command and gives what `transform` makes of its outcome as a future, which fails with what that throws.
    ///
    /// That is one future instead of the two that a mapped one takes. Otherwise as ``send(_:on:)``.
    ///
    /// - Parameters:
    ///   - deadline: when the caller gives up a read, if the client does not before. It takes no timer of its own.
    ///   - transform: is called on the event loop of the connection.
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

    /// Sends a command that reads nothing and sets no condition. The future fails where the reply does not say that it was carried
    /// out, with ``RedisError`` or ``RedisServerError``.
    package func perform(_ command: RedisCommand, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let kind = command.kind
        return send(command, on: eventLoop) { result in
            let reply = try result.get().get()
            guard kind.isCarriedOut(by: reply) else { throw RedisError.unexpectedReply(to: kind) }
        }
    }

    /// Takes keys away: by `UNLINK`, or by `DEL` where the server has no `UNLINK` for the user. The future fails as that of
    /// ``perform(_:on:)`` does.
    ///
    /// `UNLINK` is always tried first: how else would one know that it is there again?
    package func remove(_ keys: [RedisCommand.Argument], on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        perform(.unlink(keys), on: eventLoop).flatMapError { error in
            switch (error as? RedisServerError).flatMap({ RedisRefusal($0)?.kind }) {
            case .noPermission, .unknownCommand: self.perform(.del(keys), on: eventLoop)
            default: eventLoop.makeFailedFuture(error)
            }
        }
    }

    /// As ``remove(_:on:)``, on any event loop of the client's.
    ///
    /// - Throws: ``RedisError`` or ``RedisServerError``.
    package func remove(_ keys: [RedisCommand.Argument]) async throws {
        try await remove(keys, on: eventLoopGroup.any()).get()
    }

    /// As ``perform(_:on:)``, on any event loop of the client's.
    ///
    /// - Throws: ``RedisError`` or ``RedisServerError``.
    package func perform(_ command: RedisCommand) async throws {
        try await perform(command, on: eventLoopGroup.any()).get()
    }

    /// The connection to use, and the event loop where the caller wants the reply.
    private func link(for eventLoop: (any EventLoop)?) -> (link: Link, wanted: any EventLoop) {
        let wanted = eventLoop ?? eventLoopGroup.any()
        return (links[ObjectIdentifier(wanted)] ?? order[abs(ObjectIdentifier(wanted).hashValue % order.count)], wanted)
    }

    /// Sends a command and waits for its reply.
    ///
    /// When the calling task is cancelled, this throws `CancellationError` at once. The command stays where it is among
    /// the commands of its connection and its reply is dropped when it comes, so others are not affected; the server
    /// may carry it out.
    ///
    /// - Returns: the reply, the server's error replies included.
    /// - Throws: ``RedisError`` or `CancellationError`.
    public func execute(_ command: RedisCommand) async throws -> RedisReply {
        try Task.checkCancellation()
        let link = link(for: nil).link
        let ticket = RedisTicket()
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
        ticket: RedisTicket?,
        by deadline: NIODeadline = .distantFuture,
        for recipient: RedisRequest.Recipient
    ) {
        let request = RedisRequest(command, for: recipient, ticket: ticket, now: .now(), deadline: deadline)
        if link.eventLoop.inEventLoop {
            link.box.value.send(request)
        } else {
            link.eventLoop.execute { link.box.value.send(request) }
        }
    }
}
