import Logging
import NIOCore

/// Runs the sessions of a tracker: with one server, or with each primary of a cluster. It is confined to its event loop.
final class RedisTrackingDriver {
    typealias Endpoint = RedisConfiguration.Endpoint

    /// The parts of each session.
    struct Environment: Sendable {
        let configuration: RedisConfiguration
        let eventLoop: any EventLoop
        /// Receives the refused reads.
        let refusals: RedisCommandRefusals
        /// The wait after a refusal that is likely to last.
        let refusalPause: TimeAmount
        let logger: Logger
    }

    private let target: RedisClient.Target
    private let servers: RedisTrackedServers
    private let environment: Environment
    private var delegate: RedisTracker.Delegate?
    /// The server outside of clusters.
    private var only: RedisTrackingSupervisor?
    /// The primaries of a cluster.
    private var primaries: [Endpoint: (supervisor: RedisTrackingSupervisor, server: RedisTrackedServers.Server)] = [:]
    private var map: RedisClusterSlotMap?
    private var isStopped = false

    init(_ target: RedisClient.Target, _ servers: RedisTrackedServers, in environment: Environment) {
        self.target = target
        self.servers = servers
        self.environment = environment
    }

    /// Begins the sessions.
    ///
    /// - Parameters:
    ///   - delegate: receives the changes.
    ///   - driver: returns this object on its event loop, for messages from others.
    func start(_ delegate: RedisTracker.Delegate, _ driver: @escaping @Sendable () -> RedisTrackingDriver) {
        self.delegate = delegate
        switch target {
        case .node(let node):
            let (supervisor, server) = makeServer(node)
            only = supervisor
            servers.set([server])
            let eventLoop = environment.eventLoop
            // The supervisor alone: the server refers to the node.
            let sessions = NIOLoopBound(supervisor, eventLoop: eventLoop)
            node.observe { location in eventLoop.execute { sessions.value.move(to: location) } }
            supervisor.start(delegate)
        case .cluster(let cluster):
            let eventLoop = environment.eventLoop
            cluster.observe {
                eventLoop.execute { driver().take(cluster.map ?? RedisClusterSlotMap()) }
            }
        }
    }

    private func makeServer(_ node: RedisNode) -> (RedisTrackingSupervisor, RedisTrackedServers.Server) {
        let eventLoop = environment.eventLoop
        let lease = RedisTrackingLease(now: { eventLoop.now })
        let supervisor = RedisTrackingSupervisor(
            configuration: environment.configuration,
            locator: node.locator,
            eventLoop: eventLoop,
            lease: lease,
            refusals: environment.refusals,
            refusalPause: environment.refusalPause,
            logger: environment.logger
        )
        return (supervisor, RedisTrackedServers.Server(node, lease, supervisor, eventLoop))
    }

    func stop() {
        isStopped = true
        only?.stop()
        for (supervisor, _) in primaries.values { supervisor.stop() }
        servers.set([])
    }

    // MARK: - Clusters

    /// Follows the primaries of a new map. What was read by the map before may be tracked by a node that has the key no
    /// longer, so all of it is dropped.
    private func take(_ map: RedisClusterSlotMap) {
        guard !isStopped, let delegate, case .cluster(let cluster) = target else { return }
        func node(_ endpoint: Endpoint) -> RedisNode? { cluster.node(at: endpoint, withID: map.nodeID(of: endpoint)) }
        // An address may have left the map and be back.
        let gone = primaries.filter { !map.primaries.contains($0.key) || node($0.key) !== $0.value.server.node }
        let isMissing = map.primaries.contains { primaries[$0] == nil }
        guard map != self.map || !gone.isEmpty || isMissing else { return }
        self.map = map
        for endpoint in gone.keys { primaries[endpoint] = nil }
        var added: [RedisTrackingSupervisor] = []
        for endpoint in map.primaries where primaries[endpoint] == nil {
            guard let node = node(endpoint) else { continue }
            let (supervisor, server) = makeServer(node)
            primaries[endpoint] = (supervisor, server)
            added.append(supervisor)
        }
        // A reader that still finds the leases valid has registered its read before the flush.
        servers.set(map.primaries.compactMap { primaries[$0]?.server })
        delegate.flushed()
        for (supervisor, _) in gone.values { supervisor.stop() }
        for supervisor in added { supervisor.start(delegate) }
    }

    // MARK: - Reading

    /// Reads keys, each from the server that has it.
    func read(
        _ keys: [RedisCommand.Argument],
        longElements: Int,
        by deadline: NIODeadline,
        completing promise: EventLoopPromise<RedisValues>
    ) {
        if let only {
            let reply = environment.eventLoop.makePromise(of: RedisReply.self)
            only.read(.mget(keys, longElements: longElements), by: deadline, completing: reply)
            return reply.futureResult.map(RedisValues.init).cascade(to: promise)
        }
        let reads = keys.enumerated().map { position, key -> EventLoopFuture<RedisReply> in
            let reply = environment.eventLoop.makePromise(of: RedisReply.self)
            let command = RedisCommand.mget([key], longElements: position < longElements ? 1 : 0)
            read(command, of: key, by: deadline, completing: reply)
            return reply.futureResult.flatMapErrorThrowing { error in
                throw (error as? RedisError)?.asElement(position) ?? error
            }
        }
        EventLoopFuture.whenAllSucceed(reads, on: environment.eventLoop).map(RedisValues.init(apart:)).cascade(
            to: promise
        )
    }

    private func read(
        _ command: RedisCommand,
        of key: RedisCommand.Argument,
        by deadline: NIODeadline,
        completing promise: EventLoopPromise<RedisReply>
    ) {
        guard case .cluster(let cluster) = target, let endpoint = map?.endpoint(of: RedisHashSlot(key: key)),
            let supervisor = primaries[endpoint]?.supervisor
        else {
            return promise.fail(RedisError(.unavailable, "reads are not tracked at the moment"))
        }
        let reply = environment.eventLoop.makePromise(of: RedisReply.self)
        supervisor.read(command, by: deadline, completing: reply)
        reply.futureResult.flatMapThrowing { reply in
            // The caller repeats it without tracking, which follows redirects.
            guard reply.kind == .error, let error = reply.error, let redirection = RedisRedirection(error, by: endpoint)
            else {
                return reply
            }
            if case .moved(let slot, let other) = redirection { cluster.moved(slot, to: other, by: endpoint) }
            throw error
        }.cascade(to: promise)
    }
}
