public import Logging
public import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// A client of Redis: of one server, of the primary that Sentinels name, or of a cluster. It has one connection to a
/// server on each event loop of a group.
///
/// Commands of one tick of an event loop are sent in one write, and their replies arrive in the order of the commands.
/// An unavailable server costs callers next to nothing: while no connection is ready, commands fail at once. Only
/// before the end of the first attempt to connect do they wait, for at most ``RedisConfiguration/commandTimeout``.
///
/// An error reply of the server is a ``RedisReply`` with ``RedisReply/error`` set; futures and calls fail with
/// ``RedisError``. `READONLY` and `LOADING` mean that this server can't be used at the moment: the client delivers the
/// reply, closes the connection and connects again, so that it finds another server that has taken the place of this one.
///
/// In a cluster a command goes to the node that has its key (``RedisCommand/keyPosition``), follows `MOVED` and `ASK`, and
/// fails with `CROSSSLOT` if it has keys in several slots.
public final class RedisClient: Service {
    /// The servers of a client.
    enum Target: Sendable {
        case node(RedisNode)
        case cluster(RedisClusterClient)
    }

    /// The servers, the login and the limits.
    let configuration: RedisConfiguration
    private let eventLoopGroup: any EventLoopGroup
    private let eventLoops: [any EventLoop]
    private let numbers: [ObjectIdentifier: Int]
    /// The servers, and the connections to them.
    let target: Target
    /// The commands that the server refuses at present.
    package let refusals: RedisCommandRefusals
    private let logger: Logger
    private let hasRun = Atomic(false)
    private let isEnding = Atomic(false)

    /// Makes a client, which connects once it runs.
    ///
    /// - Parameters:
    ///   - configuration: the servers, the login and the limits.
    ///   - eventLoopGroup: the event loops; one connection to a server is opened on each of them.
    ///   - logger: receives one warning when a server becomes unavailable and one notice when it is available again,
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
        logger[metadataKey: "redis.endpoint"] = "\(configuration.deployment)"
        // Measures the time between messages, which belong to no connection.
        let clock = eventLoopGroup.any()
        let refusals = RedisCommandRefusals(logger: logger, now: { clock.now })
        let eventLoops = Array(eventLoopGroup.makeIterator())
        let environment = RedisNode.Environment(
            configuration: configuration,
            eventLoops: eventLoops,
            metrics: metrics,
            refusals: refusals,
            logger: logger,
            random: random
        )
        let name = "\(configuration.deployment)"
        target =
            switch configuration.deployment {
            case .standalone(let endpoint):
                .node(RedisNode(RedisFixedLocator(endpoint: endpoint), name: name, in: environment))
            case .sentinel(let sentinels):
                .node(RedisNode(Self.locator(sentinels, environment), name: name, in: environment))
            case .cluster(let seeds): .cluster(RedisClusterClient(seeds: seeds, in: environment))
            }
        numbers = Dictionary(eventLoops.enumerated().map { (ObjectIdentifier($0.element), $0.offset) }) { first, _ in
            first
        }
        self.configuration = configuration
        self.eventLoops = eventLoops
        self.eventLoopGroup = eventLoopGroup
        self.refusals = refusals
        self.logger = logger
    }

    private static func locator(
        _ sentinels: RedisConfiguration.Sentinels,
        _ environment: RedisNode.Environment
    ) -> RedisSentinelLocator {
        RedisSentinelLocator(
            sentinels,
            configuration: environment.configuration,
            eventLoop: environment.eventLoops[0],
            logger: environment.logger,
            random: environment.random
        )
    }

    /// Indicates that at least one connection is ready.
    public var isAvailable: Bool {
        switch target {
        case .node(let node): node.availability.isAvailable
        case .cluster(let cluster): cluster.isAvailable
        }
    }

    /// The reason for which no connection becomes ready; `nil` if one is ready or no server can be reached.
    package var unavailability: RedisUnavailability? {
        switch target {
        case .node(let node): node.availability.unavailability
        case .cluster(let cluster): cluster.isAvailable ? nil : cluster.unavailability
        }
    }

    /// The primaries of a cluster to which connections are lost or can't be opened, in words for people; `nil` if there are
    /// none, and outside of clusters.
    package var partialUnavailability: String? {
        guard case .cluster(let cluster) = target else { return nil }
        let (nodes, count) = cluster.unavailable
        guard !nodes.isEmpty else { return nil }
        let names = nodes.map(\.name).sorted().joined(separator: ", ")
        return "\(nodes.count) of \(count) primaries can't be reached (\(names)): keys of theirs are not cached"
    }

    /// The slots of a cluster; `nil` before they are known, and outside of clusters.
    var clusterMap: RedisClusterSlotMap? {
        if case .cluster(let cluster) = target { cluster.map } else { nil }
    }

    /// The identity of the server of the latest connection, see ``RedisReply/serverID``; connections to another server are
    /// closed. `nil` in a cluster, which has several.
    public var serverID: String? {
        switch target {
        case .node(let node): node.serverID
        case .cluster: nil
        }
    }

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
        switch target {
        case .node(let node): node.start()
        case .cluster(let cluster): cluster.start()
        }
        // Cancellation ends the wait like a graceful shutdown, with the same consequences.
        try? await gracefulShutdown()
        isEnding.store(true, ordering: .releasing)
        switch target {
        case .node(let node): try await node.stop()
        case .cluster(let cluster): try await cluster.stop()
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
        let (number, wanted) = number(for: eventLoop)
        let promise = eventLoops[number].makePromise(of: RedisReply.self)
        send(command, on: number, ticket: nil, for: .promise(promise))
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
        let (number, wanted) = number(for: eventLoop)
        let promise = eventLoops[number].makePromise(of: Value.self)
        let complete: @Sendable (Result<RedisReply, RedisError>) -> Void = { outcome in
            promise.completeWith(Result { try transform(outcome) })
        }
        send(command, on: number, ticket: nil, by: deadline, for: .function(complete))
        return promise.futureResult.hop(to: wanted)
    }

    /// Reads the values of keys by `MGET`, in a cluster by one for each key, all in one flush for each node.
    ///
    /// - Parameters:
    ///   - keys: the keys.
    ///   - longElements: the number of values, from the first one on, that may be long.
    ///   - eventLoop: the event loop on which the future completes.
    ///   - deadline: the time at which the read fails, if it has not failed before.
    ///   - transform: maps the outcome, on the event loop of the connections. The future fails with the error that it
    ///     throws.
    package func read<Value: Sendable>(
        _ keys: [RedisCommand.Argument],
        longElements: Int,
        on eventLoop: any EventLoop,
        by deadline: NIODeadline = .distantFuture,
        _ transform: @escaping @Sendable (Result<RedisValues, RedisError>) throws -> Value
    ) -> EventLoopFuture<Value> {
        guard case .cluster(let cluster) = target, keys.count > 1 else {
            return send(.mget(keys, longElements: longElements), on: eventLoop, by: deadline) {
                try transform($0.map(RedisValues.init))
            }
        }
        let (number, wanted) = number(for: eventLoop)
        let link = cluster.links[number]
        let promise = link.eventLoop.makePromise(of: Value.self)
        let complete: @Sendable (Result<RedisValues, RedisError>) -> Void = { outcome in
            promise.completeWith(Result { try transform(outcome) })
        }
        if link.eventLoop.inEventLoop {
            link.value.read(keys, longElements: longElements, by: deadline, for: complete)
        } else {
            link.run { $0.read(keys, longElements: longElements, by: deadline, for: complete) }
        }
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

    /// Removes keys by `UNLINK`, or by `DEL` if the user may not call `UNLINK` or the server lacks it. In a cluster that is
    /// a command for each key, and not atomic: some may be removed when others are not.
    ///
    /// `UNLINK` is always tried first, to find out when it is available again.
    ///
    /// - Parameters:
    ///   - keys: the keys to remove.
    ///   - eventLoop: the event loop on which the future completes.
    /// - Returns: a future of the number of keys that existed. It fails like that of ``perform(_:on:)`` unless all servers
    ///   concerned have confirmed.
    package func removeAndCount(
        _ keys: [RedisCommand.Argument],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Int64> {
        guard case .cluster = target, keys.count > 1 else { return removeTogether(keys, on: eventLoop) }
        // No more at once than leaves room for other commands.
        let now = keys.prefix(Self.mostRemovals).map { removeTogether([$0], on: eventLoop) }
        let later = Array(keys.dropFirst(Self.mostRemovals))
        let removed = EventLoopFuture.reduce(0, now, on: eventLoop, +)
        return removed.flatMap { count in
            later.isEmpty
                ? eventLoop.makeSucceededFuture(count)
                : self.removeAndCount(later, on: eventLoop).map { count + $0 }
        }
    }

    private static let mostRemovals = 1_000

    private func removeTogether(
        _ keys: [RedisCommand.Argument],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Int64> {
        count(by: .unlink(keys), on: eventLoop).flatMapError { error in
            let refusal = (error as? RedisServerError).flatMap { RedisCommandRefusal($0) }
            return refusal?.isOfCommandItself == true
                ? self.count(by: .del(keys), on: eventLoop) : eventLoop.makeFailedFuture(error)
        }
    }

    private func count(by command: RedisCommand, on eventLoop: any EventLoop) -> EventLoopFuture<Int64> {
        let kind = command.kind
        return send(command, on: eventLoop) { result in
            let reply = try result.get().get()
            guard kind.isCarriedOut(by: reply), let count = reply.integer else {
                throw RedisError.unexpectedReply(to: kind)
            }
            return count
        }
    }

    /// Removes keys like ``removeAndCount(_:on:)``.
    ///
    /// - Returns: a future that fails like that of ``perform(_:on:)``.
    package func remove(_ keys: [RedisCommand.Argument], on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        removeAndCount(keys, on: eventLoop).map { _ in }
    }

    /// Removes keys like ``removeAndCount(_:on:)``, on any event loop of the client.
    ///
    /// - Returns: the number of keys that existed.
    /// - Throws: ``RedisError`` or ``RedisServerError``.
    @discardableResult
    package func remove(_ keys: [RedisCommand.Argument]) async throws -> Int64 {
        try await removeAndCount(keys, on: eventLoopGroup.any()).get()
    }

    /// Sends a command like ``perform(_:on:)``, on any event loop of the client.
    ///
    /// - Throws: ``RedisError`` or ``RedisServerError``.
    package func perform(_ command: RedisCommand) async throws {
        try await perform(command, on: eventLoopGroup.any()).get()
    }

    /// The number of the event loop whose connections are used, and the event loop on which the caller wants the reply.
    private func number(for eventLoop: (any EventLoop)?) -> (number: Int, wanted: any EventLoop) {
        let wanted = eventLoop ?? eventLoopGroup.any()
        let identity = ObjectIdentifier(wanted)
        return (numbers[identity] ?? abs(identity.hashValue % eventLoops.count), wanted)
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
        let number = number(for: nil).number
        let ticket = RedisReplyRace()
        let promise = eventLoops[number].makePromise(of: RedisReply.self)
        return try await withTaskCancellationHandler {
            send(command, on: number, ticket: ticket, for: .promise(promise))
            return try await promise.futureResult.get()
        } onCancel: {
            if ticket.abandon() { promise.fail(CancellationError()) }
        }
    }

    private func send(
        _ command: RedisCommand,
        on number: Int,
        ticket: RedisReplyRace?,
        by deadline: NIODeadline = .distantFuture,
        for recipient: RedisRequest.Recipient
    ) {
        switch target {
        case .node(let node):
            let link = node.links[number]
            let now = link.eventLoop.now
            let request = RedisRequest(command, for: recipient, ticket: ticket, now: now, deadline: deadline)
            if link.eventLoop.inEventLoop {
                link.value.send(request, now: now)
            } else {
                link.run { $0.send(request) }
            }
        case .cluster(let cluster):
            let link = cluster.links[number]
            if link.eventLoop.inEventLoop {
                link.value.send(command, for: recipient, ticket: ticket, by: deadline)
            } else {
                link.run { $0.send(command, for: recipient, ticket: ticket, by: deadline) }
            }
        }
    }
}
