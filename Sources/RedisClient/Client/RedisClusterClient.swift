import Logging
import NIOCore
import Synchronization

/// The nodes of a cluster, the map of its slots, and the ways of commands to them.
///
/// Each event loop has a copy of the map and a connection to each node that its commands need. One of the event loops
/// asks for the map (``RedisClusterTopology``).
final class RedisClusterClient: Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    typealias Link = EventLoopConfined<RedisClusterLoop>

    private struct State {
        var nodes: [Endpoint: RedisNode] = [:]
        var map: RedisClusterSlotMap?
        var mapRefusal: RedisUnavailability?
        /// The nodes that the map does not have, and that were used before it: those to which a slot is being moved.
        var newcomers: Set<Endpoint> = []
        /// Nodes that have left the map, until their connections are closed.
        var retired: [ObjectIdentifier: RedisNode] = [:]
        var isStopped = false
        var observers: [@Sendable () -> Void] = []

        mutating func retire(_ gone: [Endpoint: RedisNode]) {
            for (endpoint, node) in gone {
                nodes[endpoint] = nil
                retired[ObjectIdentifier(node)] = node
            }
        }
    }

    private let environment: RedisNode.Environment
    private let seeds: [Endpoint]
    private let state = Mutex(State())
    /// The parts of the event loops, in their order.
    let links: [Link]
    private let topology: EventLoopConfined<RedisClusterTopology>

    /// Makes a cluster's client, which asks for the map once it is started.
    ///
    /// - Parameters:
    ///   - seeds: the addresses of some nodes.
    ///   - environment: the objects that all nodes share.
    init(seeds: [Endpoint], in environment: RedisNode.Environment) {
        self.environment = environment
        self.seeds = seeds
        links = environment.eventLoops.enumerated().map { number, eventLoop in
            Link(
                RedisClusterLoop(
                    number: number,
                    eventLoop: eventLoop,
                    configuration: environment.configuration,
                    metrics: environment.metrics
                ),
                eventLoop: eventLoop
            )
        }
        let eventLoop = environment.eventLoops[0]
        topology = EventLoopConfined(
            RedisClusterTopology(
                seeds: seeds,
                eventLoop: eventLoop,
                loop: links[0],
                logger: environment.logger,
                random: environment.random
            ),
            eventLoop: eventLoop
        )
    }

    /// Asks for the map, and keeps it current until ``stop()``.
    func start() {
        for link in links { link.run { $0.begin(self) } }
        topology.run { $0.start(self) }
    }

    /// Accepts no more commands, and returns when those in flight have their replies or have reached their deadlines.
    func stop() async throws {
        try await topology.eventLoop.submit { [topology] in topology.value.stop() }.get()
        for link in links { try await link.eventLoop.submit { link.value.stop() }.get() }
        let nodes = state.withLock { state in
            state.isStopped = true
            // They refer to this object.
            state.observers = []
            return Array(state.nodes.values) + state.retired.values
        }
        // Together, so that it takes as long as the slowest one.
        let eventLoop = environment.eventLoops[0]
        try await EventLoopFuture.andAllComplete(nodes.map { $0.end(on: eventLoop) }, on: eventLoop).get()
    }

    // MARK: - Nodes

    /// Returns the node at an address, which connects once it is used; `nil` after the stop, and for a node that is no longer there.
    ///
    /// - Parameters:
    ///   - endpoint: the address.
    ///   - nodeID: the ID of the node by the map that the caller has, which may be an old one; `nil` if that does not tell.
    func node(at endpoint: Endpoint, withID nodeID: String?) -> RedisNode? {
        state.withLock { state in
            // One that may be any, outside of the map, is not what an old map means.
            if let node = state.nodes[endpoint] { return nodeID.map(node.expects) == false ? nil : node }
            guard !state.isStopped else { return nil }
            let expected = state.map?.nodeID(of: endpoint)
            guard nodeID == nil || nodeID == expected else { return nil }
            let topology = topology
            let locator = RedisFixedLocator(endpoint: endpoint)
            let node = RedisNode(locator, name: "\(endpoint)", in: environment) { hasOthers in
                topology.run { $0.nodeFailed(endpoint, hasOthers: hasOthers) }
            } recovered: {
                topology.run { $0.nodeRecovered(endpoint) }
            }
            if let expected { node.expect(expected) }
            state.nodes[endpoint] = node
            return node
        }
    }

    /// The primaries of the current map that have been used; none before there is a map.
    var primaries: [RedisNode] {
        state.withLock { state in (state.map?.primaries ?? []).compactMap { state.nodes[$0] } }
    }

    /// The primaries to which connections have been lost or can't be opened, and the number of all.
    var unavailable: (nodes: [RedisNode], of: Int) {
        (primaries.filter(\.availability.isAway), map?.primaries.count ?? 0)
    }

    /// Indicates that at least one primary has a connection, or has not been used.
    var isAvailable: Bool {
        state.withLock { state in
            guard let map = state.map else { return false }
            return map.primaries.contains { state.nodes[$0]?.availability.isAvailable ?? true }
        }
    }

    /// The reason for which a node can't be used or does not tell the map; `nil` if there is none.
    var unavailability: RedisUnavailability? {
        let (nodes, ofMap) = state.withLock { (Array($0.nodes.values), $0.mapRefusal) }
        return nodes.lazy.compactMap(\.availability.unavailability).first ?? ofMap
    }

    // MARK: - The map

    /// The current map; `nil` before there is one.
    var map: RedisClusterSlotMap? { state.withLock { $0.map } }

    /// The refusal of the last node that was asked for the map; `nil` if it told it.
    var mapRefusal: RedisUnavailability? { state.withLock { $0.mapRefusal } }

    /// Records a node's refusal to tell the map; `nil` if it has told it.
    func noteMapRefusal(_ refusal: RedisUnavailability?) { state.withLock { $0.mapRefusal = refusal } }

    /// Calls a function whenever there is a new ``map``, or none any more, on the event loop that asks for it; at once if there is
    /// one already.
    ///
    /// It is not passed the map, because one call may overtake another.
    func observe(_ observer: @escaping @Sendable () -> Void) {
        let hasMap = state.withLock { state in
            if !state.isStopped { state.observers.append(observer) }
            return state.map != nil
        }
        if hasMap { observer() }
    }

    /// Passes a new map on to all event loops, and closes the connections to nodes that it has no longer.
    func publish(_ map: RedisClusterSlotMap) {
        let (gone, observers) = state.withLock { state in
            let former = Set(state.map?.primaries ?? []).union(seeds).union(state.newcomers)
            state.map = map
            let primaries = Set(map.primaries)
            let outside = state.nodes.filter { !primaries.contains($0.key) }
            // A node that is about to get its first slot is spared once.
            let gone = outside.filter { former.contains($0.key) }
            state.newcomers = Set(outside.keys).subtracting(gone.keys)
            state.retire(gone)
            for (endpoint, node) in state.nodes {
                if let nodeID = map.nodeID(of: endpoint) { node.expect(nodeID) }
            }
            return (gone, state.observers)
        }
        end(gone, map)
        for observer in observers { observer() }
    }

    /// Has no map and no nodes from now on, until there is another map. New nodes may have any ID until then.
    func withdrawMap() {
        let (gone, observers) = state.withLock { state in
            let gone = state.nodes
            // None of those that are asked for a map is spared by the next one.
            state.newcomers = Set(gone.keys).union(state.map?.primaries ?? [])
            state.map = nil
            state.retire(gone)
            return (gone, state.observers)
        }
        for link in links { link.run { $0.withdrawMap() } }
        end(gone)
        for observer in observers { observer() }
    }

    /// Has no command wait for the first map.
    func giveUpWaiting() {
        for link in links { link.run { $0.giveUpWaiting() } }
    }

    /// Gives up the nodes outside of the map that can't be reached: configured addresses, for example, where no node is any more.
    func endOutsiders() {
        let gone = state.withLock { state in
            guard let map = state.map else { return [:] as [Endpoint: RedisNode] }
            let primaries = Set(map.primaries)
            let gone = state.nodes.filter { !primaries.contains($0.key) && $0.value.availability.isAway }
            state.retire(gone)
            return gone
        }
        guard !gone.isEmpty, let map else { return }
        end(gone, map)
    }

    /// Has all event loops forget nodes, and closes their connections.
    private func end(_ gone: [Endpoint: RedisNode], _ map: RedisClusterSlotMap) {
        let endpoints = Set(gone.keys)
        for link in links { link.run { $0.take(map, without: endpoints) } }
        // The map comes first on each event loop, so that no command is on its way to the nodes.
        end(gone)
    }

    private func end(_ gone: [Endpoint: RedisNode]) {
        let error = RedisError(.unavailable, "the node has left the slots of the cluster")
        for node in gone.values {
            node.end(on: environment.eventLoops[0], error).whenComplete { _ in
                self.state.withLock { $0.retired[ObjectIdentifier(node)] = nil }
            }
        }
    }

    /// Has connections to a node opened anew, because another one may be at its address.
    func reconnect(to endpoint: Endpoint) {
        state.withLock { $0.nodes[endpoint] }?.reconnect()
    }

    // MARK: - News for the topology

    /// Passes on that a node has told another place of a slot.
    func moved(_ slot: RedisHashSlot, to endpoint: Endpoint?, by node: Endpoint) {
        topology.run { $0.moved(slot, to: endpoint, by: node) }
    }

    /// Passes on that a node serves no slots, or none for a command.
    func refused(by node: Endpoint) {
        topology.run { $0.refused(by: node) }
    }
}
