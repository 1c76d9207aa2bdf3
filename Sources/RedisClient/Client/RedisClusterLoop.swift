import NIOCore

/// The part of a cluster's client that belongs to one event loop: its copy of the slot map, and its connections to the
/// nodes. It is confined to the event loop.
final class RedisClusterLoop {
    typealias Endpoint = RedisConfiguration.Endpoint

    private let number: Int
    private let eventLoop: any EventLoop
    private let configuration: RedisConfiguration
    private weak var cluster: RedisClusterClient?
    private var map: RedisClusterSlotMap?
    /// The slots for connections to the primaries, by their index in the map; `nil` until one is used.
    private var primaries: [RedisConnectionSlot?] = []
    private var connections: [Endpoint: RedisConnectionSlot] = [:]
    /// The commands that wait for the first map.
    private var waiting: RedisUnsentCommandQueue
    private var waitingTimer: Scheduled<Void>?
    private var follower: (any RedisRedirectFollower)?
    private var isStopped = false

    init(number: Int, eventLoop: any EventLoop, configuration: RedisConfiguration) {
        self.number = number
        self.eventLoop = eventLoop
        self.configuration = configuration
        waiting = RedisUnsentCommandQueue(configuration)
    }

    /// Takes the cluster to which it belongs. Commands may come before.
    func begin(_ cluster: RedisClusterClient) {
        self.cluster = cluster
    }

    /// Fails the commands that wait for a map, and those that come later.
    func stop() {
        isStopped = true
        waitingTimer?.cancel()
        for request in waiting.removeAll() { request.fail(Self.shutDown) }
    }

    private static let shutDown = RedisError(.shutDown, "the client has been shut down")

    // MARK: - Commands

    /// Sends a command to the node that has its key, or to any node if it has none.
    func send(
        _ command: RedisCommand,
        for recipient: RedisRequest.Recipient,
        ticket: RedisReplyRace?,
        by deadline: NIODeadline
    ) {
        let now = eventLoop.now
        guard let map else {
            let request = RedisRequest(command, for: recipient, ticket: ticket, now: now, deadline: deadline)
            return isStopped ? request.fail(Self.shutDown) : wait(request)
        }
        guard let index = Self.primaryIndex(for: command, in: map) else {
            return RedisRequest(command, for: recipient, ticket: ticket, now: now).fail(Self.unassigned)
        }
        let attempt = attempt(at: map.primaries[index], for: command, askedAt: now, by: deadline)
        let request = RedisRequest(
            command,
            for: recipient,
            ticket: ticket,
            now: now,
            deadline: deadline,
            attempt: attempt
        )
        guard let slot = primary(index, in: map) else { return request.fail(Self.shutDown) }
        slot.send(request)
    }

    /// Reads values, each by an `MGET` of its own: one of several keys is refused unless all are in one slot.
    func read(
        _ keys: [RedisCommand.Argument],
        longElements: Int,
        by deadline: NIODeadline,
        for recipient: @escaping @Sendable (Result<RedisValues, RedisError>) -> Void
    ) {
        let gathering = NIOLoopBound(RedisReplyGathering(keys.count, for: recipient), eventLoop: eventLoop)
        for (position, key) in keys.enumerated() {
            let take: @Sendable (Result<RedisReply, RedisError>) -> Void = { gathering.value.take($0, at: position) }
            let command = RedisCommand.mget([key], longElements: position < longElements ? 1 : 0)
            send(command, for: .function(take), ticket: nil, by: deadline)
        }
    }

    private static let unassigned = RedisError(.unavailable, "no node of the cluster has the slot of the key")

    /// The primary for a command; `nil` if none has its slot.
    private static func primaryIndex(for command: RedisCommand, in map: RedisClusterSlotMap) -> Int? {
        guard let key = command.key else { return map.primaries.isEmpty ? nil : 0 }
        return map.primaryIndex(of: RedisHashSlot(key: key))
    }

    private func attempt(
        at node: Endpoint,
        for command: RedisCommand,
        askedAt: NIODeadline,
        by deadline: NIODeadline
    ) -> RedisClusterAttempt {
        let limits = RedisConnectionStateMachine<RedisRequest>.Limits(configuration)
        let longest = command.isIdempotentRead ? limits.commandTimeout : limits.longestWait
        return RedisClusterAttempt(
            node: node,
            redirects: RedisRedirectStateMachine(deadline: min(deadline, askedAt + longest)),
            follower: redirectFollower
        )
    }

    /// Sends a command, which was sent to another node before or has waited, to a node.
    private func send(_ request: RedisRequest, by attempt: RedisClusterAttempt) {
        let request = request.sent(by: attempt)
        guard let slot = slot(at: attempt.node) else { return request.fail(Self.shutDown) }
        slot.send(request)
    }

    // MARK: - Connections

    private func primary(_ index: Int, in map: RedisClusterSlotMap) -> RedisConnectionSlot? {
        if let slot = primaries[index] { return slot }
        let slot = slot(at: map.primaries[index])
        primaries[index] = slot
        return slot
    }

    /// The slot for a connection to a node; `nil` after the stop.
    func slot(at endpoint: Endpoint) -> RedisConnectionSlot? {
        if let slot = connections[endpoint] { return slot }
        let slot = cluster?.node(at: endpoint)?.links[number].slot
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
        if map != self.map { for slot in connections.values { slot.doubtIdentity() } }
        use(map)
        waitingTimer?.cancel()
        for request in waiting.removeAll() where !request.isAbandoned { sendWaiting(request, by: map) }
    }

    private func use(_ map: RedisClusterSlotMap) {
        self.map = map
        primaries = map.primaries.map { connections[$0] }
    }

    // MARK: - Waiting for a map

    private func wait(_ request: RedisRequest) {
        switch waiting.append(request) {
        case .accepted(let timerAt):
            if let timerAt { setWaitingTimer(timerAt) }
        case .refused:
            request.fail(RedisError(.overloaded, "\(waiting.count) commands wait for the cluster's slots already"))
        }
    }

    private func setWaitingTimer(_ deadline: NIODeadline) {
        waitingTimer?.cancel()
        waitingTimer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            let (late, timerAt) = self.waiting.timerFired(now: self.eventLoop.now)
            if let timerAt { self.setWaitingTimer(timerAt) }
            for request in late {
                request.fail(RedisError(.unavailable, "no node has told the cluster's slots in time"))
            }
        }
    }

    private func sendWaiting(_ request: RedisRequest, by map: RedisClusterSlotMap) {
        guard let command = request.command, let index = Self.primaryIndex(for: command, in: map) else {
            return request.fail(Self.unassigned)
        }
        let node = map.primaries[index]
        send(request, by: attempt(at: node, for: command, askedAt: request.askedAt, by: request.deadline))
    }

    // MARK: - Redirects

    private var redirectFollower: any RedisRedirectFollower {
        if let follower { return follower }
        let follower = Follower(self, eventLoop)
        self.follower = follower
        return follower
    }

    /// Passes error replies on to the event loop's part, on whose event loop they arrive.
    private final class Follower: RedisRedirectFollower {
        private let loop: NIOLoopBound<Unowned>

        private struct Unowned {
            unowned let loop: RedisClusterLoop
        }

        init(_ loop: RedisClusterLoop, _ eventLoop: any EventLoop) {
            self.loop = NIOLoopBound(Unowned(loop: loop), eventLoop: eventLoop)
        }

        func follow(_ reply: RedisReply, to request: RedisRequest, sentBy attempt: RedisClusterAttempt) -> Bool {
            loop.value.loop.follow(reply, to: request, sentBy: attempt)
        }
    }

    private func follow(_ reply: RedisReply, to request: RedisRequest, sentBy attempt: RedisClusterAttempt) -> Bool {
        var next = attempt
        let (step, news) = next.redirects.replied(reply, by: attempt.node, now: eventLoop.now)
        switch news {
        case .moved(let slot, let endpoint):
            moved(slot, to: endpoint, by: attempt.node)
        case .refused:
            connections[attempt.node]?.doubtIdentity()
            cluster?.refused(by: attempt.node)
        case nil: break
        }
        guard case .resend(let node, let isAsking, let pause) = step, !isStopped else { return false }
        next.node = node
        next.isAsking = isAsking
        if pause == .zero {
            send(request, by: next)
        } else {
            eventLoop.assumeIsolated().scheduleTask(in: pause) { [next] in self.send(request, by: next) }
        }
        return true
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

/// Waits for the replies to several commands of one caller. It is confined to an event loop.
private final class RedisReplyGathering {
    private var replies: [RedisReply?]
    private var missing: Int
    private var recipient: ((Result<RedisValues, RedisError>) -> Void)?

    init(_ count: Int, for recipient: @escaping (Result<RedisValues, RedisError>) -> Void) {
        replies = Array(repeating: nil, count: count)
        missing = count
        self.recipient = recipient
    }

    /// Takes an outcome. The first failure is that of all.
    func take(_ outcome: Result<RedisReply, RedisError>, at position: Int) {
        guard let recipient else { return }
        switch outcome {
        case .failure(let error):
            self.recipient = nil
            recipient(.failure(error.asElement(position)))
        case .success(let reply):
            replies[position] = reply
            missing -= 1
            guard missing == 0 else { return }
            self.recipient = nil
            recipient(.success(RedisValues(apart: replies.compactMap { $0 })))
        }
    }
}
