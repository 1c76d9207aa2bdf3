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
    /// The cluster from ``begin(_:)`` to ``stop()``. It is strong, because an object that was ever referred to weakly counts all its
    /// references in a table of its own, and each command needs some. So a cluster's client lives at least until it is stopped.
    private var cluster: RedisClusterClient?
    private var map: RedisClusterSlotMap? {
        didSet {
            indices = map?.indices
            destinations = Array(repeating: nil, count: map?.primaries.count ?? 0)
        }
    }
    /// The indices of the map; `nil` without one.
    private var indices: RedisClusterSlotMap.PrimaryIndices?
    /// The primaries by their index in the map; `nil` until one is used.
    private var destinations: [Destination?] = []
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

    /// The connection slot of a primary, and the attempt that all first commands to it share. It is an object, so that a
    /// command retains one reference instead of two.
    private final class Destination {
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
        destinations = Array(repeating: nil, count: destinations.count)
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
        let destination = destination(for: key)
        let request = RedisRequest(
            command,
            for: recipient,
            ticket: ticket,
            now: now,
            deadline: deadline,
            attempt: destination?.attempt
        )
        guard let destination else { return sendNowhere(request, key) }
        destination.slot.send(request, now: now)
    }

    /// Keeps a command until there is a map, or fails it.
    private func sendNowhere(_ request: RedisRequest, _ key: RedisCommand.Argument?) {
        guard !isStopped else { return request.fail(Self.shutDown) }
        guard map != nil else { return lacksMap ? failWithoutMap(request) : waiting.append(request) }
        metrics.unavailable.increment()
        request.fail(primaryIndex(for: key) == nil ? Self.unassigned : Self.nodeGone)
    }

    /// Reads values, each by an `MGET` of its own: one of several keys is refused unless all are in one slot. Those of one node
    /// are read by one request for each 64 keys.
    func read(
        _ keys: [RedisCommand.Argument],
        longElements: Int,
        by deadline: NIODeadline,
        for recipient: @escaping @Sendable (Result<RedisValues, RedisError>) -> Void
    ) {
        let now = eventLoop.now
        let gathering = RedisReplyGathering(keys.count, on: eventLoop, for: recipient)
        for start in stride(from: 0, to: keys.count, by: RedisKeyPositions.maximumSpan) {
            let window = start..<min(start + RedisKeyPositions.maximumSpan, keys.count)
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
                let recipient = RedisRequest.Recipient.gathering(gathering, at: RedisKeyPositions(position))
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
        guard let indices else { return false }
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: window.count) { homes in
            for position in window {
                guard let index = indices.index(of: RedisHashSlot(key: keys[position])),
                    destinations[index] != nil || makeDestination(index) != nil
                else {
                    return false
                }
                homes[position - window.lowerBound] = index
            }
            // A request that fails at once may change the destinations.
            let destinations = destinations
            for position in window where homes[position - window.lowerBound] >= 0 {
                let index = homes[position - window.lowerBound]
                guard let destination = destinations[index] else { preconditionFailure("a destination is missing") }
                var positions = RedisKeyPositions(startingAt: window.lowerBound)
                for other in position..<window.upperBound where homes[other - window.lowerBound] == index {
                    homes[other - window.lowerBound] = -1
                    positions.insert(other)
                }
                let request = RedisRequest(
                    .mgetEach(keys, at: positions, longElements: positions.count(below: longElements)),
                    for: .gathering(gathering, at: positions),
                    ticket: nil,
                    now: now,
                    deadline: deadline,
                    attempt: destination.attempt
                )
                destination.slot.send(request, now: now)
            }
            return true
        }
    }

    private static let unassigned = RedisError(.unavailable, "no node of the cluster has the slot of the key")
    static let nodeGone = RedisError(.unavailable, "the slots of the cluster are changing")

    /// The index of the primary for a key, or for a command without one; `nil` if none has its slot.
    private func primaryIndex(for key: RedisCommand.Argument?) -> Int? {
        guard let key else { return (map?.primaries.isEmpty ?? true) ? nil : 0 }
        return indices?.index(of: RedisHashSlot(key: key))
    }

    /// The primary for a key, or for a command without one; `nil` if there is none that can be used.
    private func destination(for key: RedisCommand.Argument?) -> Destination? {
        guard let index = primaryIndex(for: key) else { return nil }
        return destinations[index] ?? makeDestination(index)
    }

    /// Sends a command, which was sent to another node before or has waited, to a node.
    private func send(_ request: RedisRequest, by attempt: RedisClusterAttempt) {
        let request = request.sent(by: attempt)
        guard map != nil || isStopped else { return failWithoutMap(request) }
        guard let slot = slot(at: attempt.node) else { return request.fail(isStopped ? Self.shutDown : Self.nodeGone) }
        slot.send(request)
    }

    // MARK: - Connections

    private func makeDestination(_ index: Int) -> Destination? {
        guard let endpoint = map?.primaries[index], let slot = slot(at: endpoint) else { return nil }
        let attempt = RedisClusterAttempt(at: endpoint, follower: redirectFollower)
        let destination = Destination(slot: slot, attempt: attempt)
        destinations[index] = destination
        return destination
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
        self.map = map
        for request in waiting.removeAll() where !request.isAbandoned { sendWaiting(request) }
    }

    /// Uses no map until there is another one. Commands don't wait for it.
    func withdrawMap() {
        map = nil
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

    private func sendWaiting(_ request: RedisRequest) {
        let key = request.command?.key
        guard let destination = destination(for: key) else { return sendNowhere(request, key) }
        destination.slot.send(request.sent(by: destination.attempt))
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
                    single.succeed(reply.singleReply(at: number))
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
    }
}
