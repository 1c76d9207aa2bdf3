import Metrics
import NIOCore

/// The part of a cluster's client that belongs to one event loop: its copy of the slot map, and its connections to the
/// nodes. It is confined to the event loop.
final class RedisClusterLoop {
    typealias Endpoint = RedisConfiguration.Endpoint

    private let number: Int
    private let eventLoop: any EventLoop
    private let limits: RedisConnectionStateMachine<RedisRequest>.Limits
    private let metrics: RedisMetrics
    /// The cluster from ``begin(_:)`` to ``stop()``. A weak reference would make all others slower, of which each command
    /// needs one.
    private var cluster: RedisClusterClient?
    private var map: RedisClusterSlotMap?
    /// The table of the map; `nil` without one.
    private var table: RedisClusterSlotMap.Table?
    /// The ways to the primaries, by their index in the map; `nil` until one is used.
    private var ways: [Way?] = []
    private var connections: [Endpoint: RedisConnectionSlot] = [:]
    /// The commands that wait for the first map.
    private let waiting: RedisUnsentCommands
    /// The commands that are sent again after a pause, by their numbers.
    private var pausing: [Int: (request: RedisRequest, timer: Scheduled<Void>)] = [:]
    private var pauses = 0
    private var follower: Follower?
    private var isStopped = false
    /// Indicates that nodes were asked for the map, and none told it. Commands don't wait for it then.
    private var lacksMap = false

    /// A primary, as each command for it finds it: an object, because each counts one reference to it instead of two.
    private final class Way {
        let slot: RedisConnectionSlot
        let attempt: RedisClusterAttempt

        init(slot: RedisConnectionSlot, attempt: RedisClusterAttempt) {
            self.slot = slot
            self.attempt = attempt
        }
    }

    init(number: Int, eventLoop: any EventLoop, configuration: RedisConfiguration, metrics: RedisMetrics) {
        self.number = number
        self.eventLoop = eventLoop
        self.metrics = metrics
        limits = RedisConnectionStateMachine<RedisRequest>.Limits(configuration)
        waiting = RedisUnsentCommands(
            waitingFor: "the slots of the cluster",
            configuration,
            eventLoop: eventLoop,
            metrics: metrics
        )
    }

    /// Takes the cluster to which it belongs. Commands may come before.
    func begin(_ cluster: RedisClusterClient) {
        self.cluster = cluster
    }

    /// Fails the commands that wait for a map or for the end of a pause, and those that come later.
    func stop() {
        isStopped = true
        for request in waiting.removeAll() { request.fail(Self.shutDown) }
        let left = pausing.sorted { $0.key < $1.key }
        pausing = [:]
        for (_, (request, timer)) in left {
            timer.cancel()
            request.fail(Self.shutDown)
        }
        // They refer to this object.
        cluster = nil
        follower?.stop()
        follower = nil
        connections = [:]
        ways = Array(repeating: nil, count: ways.count)
    }

    private static let shutDown = RedisError(.shutDown, "the client has been shut down")

    // MARK: - Commands

    /// Sends a command to the node that has its key, or to the first primary if it has none.
    func send(
        _ command: RedisCommand,
        for recipient: RedisRequest.Recipient,
        ticket: RedisReplyRace?,
        by deadline: NIODeadline
    ) {
        send(command, of: command.key, for: recipient, ticket: ticket, now: eventLoop.now, by: deadline)
    }

    private func send(
        _ command: RedisCommand,
        of key: RedisCommand.Argument?,
        for recipient: RedisRequest.Recipient,
        ticket: RedisReplyRace? = nil,
        now: NIODeadline,
        by deadline: NIODeadline
    ) {
        let way = way(for: key)
        let request = RedisRequest(
            command,
            for: recipient,
            ticket: ticket,
            now: now,
            deadline: deadline,
            attempt: way?.attempt
        )
        guard let way else { return sendNowhere(request, key) }
        way.slot.send(request, now: now)
    }

    /// Keeps a command until there is a map, or fails it.
    private func sendNowhere(_ request: RedisRequest, _ key: RedisCommand.Argument?) {
        guard !isStopped else { return request.fail(Self.shutDown) }
        guard map != nil else { return lacksMap ? failWithoutMap(request) : waiting.append(request) }
        metrics.unavailable.increment()
        request.fail(primaryIndex(for: key) == nil ? Self.unassigned : Self.nodeGone)
    }

    /// Reads values, each by an `MGET` of its own: one of several keys is refused unless all are in one slot. Those of one node
    /// are read by one request.
    func read(
        _ keys: [RedisCommand.Argument],
        longElements: Int,
        by deadline: NIODeadline,
        for recipient: @escaping @Sendable (Result<RedisValues, RedisError>) -> Void
    ) {
        let now = eventLoop.now
        let gathering = RedisReplyGathering(keys.count, on: eventLoop, for: recipient)
        for start in stride(from: 0, to: keys.count, by: RedisKeyPositions.span) {
            let window = start..<min(start + RedisKeyPositions.span, keys.count)
            let isSent = readByNodes(
                keys,
                in: window,
                longElements: longElements,
                into: gathering,
                now: now,
                by: deadline
            )
            if isSent { continue }
            for position in window {
                let key = keys[position]
                let command = RedisCommand.mget([key], longElements: position < longElements ? 1 : 0)
                let recipient = RedisRequest.Recipient.portion(of: gathering, at: RedisKeyPositions(position))
                send(command, of: key, for: recipient, now: now, by: deadline)
            }
        }
    }

    /// Reads the values of some of the keys by one request for each node.
    ///
    /// - Returns: `false` if nothing was sent, because not all nodes are known.
    private func readByNodes(
        _ keys: [RedisCommand.Argument],
        in window: Range<Int>,
        longElements: Int,
        into gathering: RedisReplyGathering,
        now: NIODeadline,
        by deadline: NIODeadline
    ) -> Bool {
        guard let table else { return false }
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: window.count) { indices in
            for position in window {
                guard let index = table.primaryIndex(of: RedisHashSlot(key: keys[position])),
                    ways[index] != nil || makeWay(index) != nil
                else {
                    return false
                }
                indices[position - window.lowerBound] = index
            }
            // A request that fails at once may change them.
            let ways = ways
            for position in window where indices[position - window.lowerBound] >= 0 {
                let index = indices[position - window.lowerBound]
                guard let way = ways[index] else { preconditionFailure("there is no way to a node") }
                var positions = RedisKeyPositions(from: window.lowerBound)
                for other in position..<window.upperBound where indices[other - window.lowerBound] == index {
                    indices[other - window.lowerBound] = -1
                    positions.insert(other)
                }
                let request = RedisRequest(
                    .mgetEach(keys, at: positions, longElements: positions.count(below: longElements)),
                    for: .portion(of: gathering, at: positions),
                    ticket: nil,
                    now: now,
                    deadline: deadline,
                    attempt: way.attempt
                )
                way.slot.send(request, now: now)
            }
            return true
        }
    }

    private static let unassigned = RedisError(.unavailable, "no node of the cluster has the slot of the key")
    static let nodeGone = RedisError(.unavailable, "the slots of the cluster are changing")

    /// The primary for a key, or for a command without one; `nil` if none has its slot.
    private func primaryIndex(for key: RedisCommand.Argument?) -> Int? {
        guard let key else { return (map?.primaries.isEmpty ?? true) ? nil : 0 }
        return table?.primaryIndex(of: RedisHashSlot(key: key))
    }

    /// The way to the primary for a key, or for a command without one; `nil` if there is none.
    private func way(for key: RedisCommand.Argument?) -> Way? {
        guard let index = primaryIndex(for: key) else { return nil }
        return ways[index] ?? makeWay(index)
    }

    /// Sends a command, which was sent to another node before or has waited, to a node.
    private func send(_ request: RedisRequest, by attempt: RedisClusterAttempt) {
        let request = request.sent(by: attempt)
        guard map != nil || isStopped else { return failWithoutMap(request) }
        guard let slot = slot(at: attempt.node) else { return request.fail(isStopped ? Self.shutDown : Self.nodeGone) }
        slot.send(request)
    }

    // MARK: - Connections

    private func makeWay(_ index: Int) -> Way? {
        guard let endpoint = map?.primaries[index], let slot = slot(at: endpoint) else { return nil }
        let way = Way(slot: slot, attempt: RedisClusterAttempt(at: endpoint, follower: redirectFollower))
        ways[index] = way
        return way
    }

    /// The slot for a connection to a node; `nil` after the stop, and for a node that is no longer there.
    func slot(at endpoint: Endpoint) -> RedisConnectionSlot? {
        if let slot = connections[endpoint] { return slot }
        guard !isStopped else { return nil }
        let slot = cluster?.node(at: endpoint, withID: map?.nodeID(of: endpoint))?.links[number].value
        connections[endpoint] = slot
        return slot
    }

    /// Takes a new map.
    ///
    /// - Parameters:
    ///   - map: the map.
    ///   - gone: the nodes that are not used any more.
    func take(_ map: RedisClusterSlotMap, without gone: Set<Endpoint>) {
        for endpoint in gone { connections[endpoint] = nil }
        // A node that has a slot now may have lost it before, and what it was told for it.
        if map != self.map {
            for (endpoint, slot) in connections {
                slot.doubtIdentity()
                if let nodeID = map.nodeID(of: endpoint) { slot.leave(unlessNode: nodeID) }
            }
        }
        use(map)
        for request in waiting.removeAll() where !request.isAbandoned { sendWaiting(request) }
    }

    /// Uses no map until there is another one. Commands don't wait for it.
    func withdrawMap() {
        (map, table) = (nil, nil)
        ways = []
        connections = [:]
        lacksMap = true
    }

    /// Fails the commands that wait for the first map, because no node tells it for now.
    func giveUpWaiting() {
        guard map == nil else { return }
        lacksMap = true
        for request in waiting.removeAll() { failWithoutMap(request) }
    }

    private func failWithoutMap(_ request: RedisRequest) {
        metrics.unavailable.increment()
        request.fail(RedisError(.unavailable, "no node tells the slots of the cluster"))
    }

    private func use(_ map: RedisClusterSlotMap) {
        self.map = map
        table = map.table
        ways = Array(repeating: nil, count: map.primaries.count)
    }

    private func sendWaiting(_ request: RedisRequest) {
        let key = request.command?.key
        guard let way = way(for: key) else { return sendNowhere(request, key) }
        way.slot.send(request.sent(by: way.attempt))
    }

    // MARK: - Redirects

    private var redirectFollower: Follower {
        if let follower { return follower }
        let follower = Follower(self, eventLoop)
        self.follower = follower
        return follower
    }

    /// Passes error replies on to the event loop's part, on whose event loop they arrive.
    private final class Follower: RedisRedirectFollower {
        private let loop: NIOLoopBoundBox<RedisClusterLoop?>

        init(_ loop: RedisClusterLoop, _ eventLoop: any EventLoop) {
            self.loop = NIOLoopBoundBox(loop, eventLoop: eventLoop)
        }

        func follow(_ reply: RedisReply, to request: RedisRequest, sentBy attempt: RedisClusterAttempt) -> Bool {
            loop.value?.follow(reply, to: request, sentBy: attempt) ?? false
        }

        /// Follows no more redirects.
        func stop() { loop.value = nil }
    }

    private func follow(_ reply: RedisReply, to request: RedisRequest, sentBy attempt: RedisClusterAttempt) -> Bool {
        if let singles = request.singles, reply.count == singles.count {
            for (number, single) in singles.enumerated() {
                let own = reply[number]
                if own.kind != .error || !follow(own, to: single, sentBy: attempt) {
                    single.succeed(reply.only(number))
                }
            }
            return true
        }
        var redirects = attempt.redirects ?? redirects(of: request)
        let (step, news) = redirects.replied(reply, by: attempt.node, now: eventLoop.now)
        switch news {
        case .moved(let slot, let endpoint):
            moved(slot, to: endpoint, by: attempt.node)
        case .refused:
            connections[attempt.node]?.doubtIdentity()
            cluster?.refused(by: attempt.node)
        case nil: break
        }
        guard case .resend(let node, let isAsking, let pause) = step, !isStopped else { return false }
        metrics.redirects.increment()
        let next = RedisClusterAttempt(at: node, after: redirects, isAsking: isAsking, follower: attempt.follower)
        if pause == .zero {
            send(request, by: next)
        } else {
            send(request, by: next, after: pause)
        }
        return true
    }

    private func send(_ request: RedisRequest, by attempt: RedisClusterAttempt, after pause: TimeAmount) {
        pauses += 1
        let number = pauses
        let timer = eventLoop.assumeIsolated().scheduleTask(in: pause) {
            self.pausing[number] = nil
            self.send(request, by: attempt)
        }
        pausing[number] = (request, timer)
    }

    /// The redirects of a command that has had none yet.
    private func redirects(of request: RedisRequest) -> RedisRedirectStateMachine {
        let longest = request.isRead ? limits.commandTimeout : limits.longestWait
        return RedisRedirectStateMachine(deadline: min(request.deadline, request.askedAt + longest))
    }

    /// Follows a slot at once; the other event loops learn of it by the next map.
    private func moved(_ slot: RedisHashSlot, to endpoint: Endpoint?, by node: Endpoint) {
        connections[node]?.doubtIdentity()
        cluster?.moved(slot, to: endpoint, by: node)
        // A node may say so to commands that were on their way when it lost the slot, which has moved on since.
        guard let endpoint, map?.endpoint(of: slot) == node else { return }
        map?.move(slot, to: endpoint)
        if let map { use(map) }
    }
}
