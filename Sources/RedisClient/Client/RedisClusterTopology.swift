import ClientSupport
import Logging
import NIOCore

/// Asks a cluster's nodes for the map of its slots, as ``RedisClusterTopologyStateMachine`` decides. It is confined to its
/// event loop.
final class RedisClusterTopology {
    typealias Endpoint = RedisConfiguration.Endpoint

    private var machine: RedisClusterTopologyStateMachine
    private let eventLoop: any EventLoop
    /// The part of the same event loop, over whose connections the nodes are asked.
    private let loop: RedisClusterClient.Link
    /// The cluster from the start to the stop. A weak reference would make counting all others slower, see ``RedisClusterLoop``.
    private var cluster: RedisClusterClient?
    private var timer: Scheduled<Void>?
    /// The time in which no node tells the slots.
    private var silence = OutageLog()
    private var abandonments = LogThrottle(interval: .minutes(1))
    /// The time in which slots have no primary.
    private var gaps = OutageLog()
    /// The number of slots that had no primary at last.
    private var gapCount = 0
    private let logger: Logger
    private let random: @Sendable () -> Double

    init(
        seeds: [Endpoint],
        eventLoop: any EventLoop,
        loop: RedisClusterClient.Link,
        logger: Logger,
        random: @escaping @Sendable () -> Double
    ) {
        machine = RedisClusterTopologyStateMachine(seeds: seeds)
        self.eventLoop = eventLoop
        self.loop = loop
        self.logger = logger
        self.random = random
    }

    // MARK: - Events

    func start(_ cluster: RedisClusterClient) {
        self.cluster = cluster
        carryOut(machine.start(now: eventLoop.now, random: random()))
    }

    func stop() {
        carryOut(machine.stop())
        cluster = nil
    }

    func moved(_ slot: RedisHashSlot, to endpoint: Endpoint?, by node: Endpoint) {
        carryOut(machine.moved(slot, to: endpoint, by: node, now: eventLoop.now, random: random()))
    }

    func refused(by node: Endpoint) {
        carryOut(machine.refused(by: node, now: eventLoop.now, random: random()))
    }

    func nodeFailed(_ node: Endpoint, hasOthers: Bool) {
        carryOut(machine.nodeFailed(node, hasOthers: hasOthers, now: eventLoop.now, random: random()))
    }

    func nodeRecovered(_ node: Endpoint) {
        carryOut(machine.nodeReady(node, now: eventLoop.now, random: random()))
    }

    // MARK: - Actions

    private func carryOut(_ actions: RedisClusterTopologyStateMachine.Actions) {
        for report in actions.reports { log(report) }
        if let map = actions.newMap {
            logger.debug(
                "The primaries of the Redis cluster",
                metadata: ["redis.primaries": "\(map.primaries.map(\.description).joined(separator: ", "))"]
            )
            cluster?.publish(map)
        }
        if actions.losesMap { cluster?.withdrawMap() }
        for stranger in actions.strangers { cluster?.reconnect(to: stranger) }
        switch actions.timer {
        case .keep: break
        case .cancel: timer?.cancel()
        case .set(let deadline):
            timer?.cancel()
            timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
                self.carryOut(self.machine.timerFired(now: self.eventLoop.now, random: self.random()))
            }
        }
        for question in actions.questions { ask(question) }
    }

    private static let question = RedisCommand("CLUSTER", ["SLOTS"], isIdempotentRead: true)

    private func ask(_ question: RedisClusterTopologyStateMachine.Question) {
        guard let slot = loop.value.slot(at: question.endpoint) else {
            // The event loop has not heard of a new map, or of the end.
            return take(.failure(RedisClusterLoop.nodeGone), to: question)
        }
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        let take: @Sendable (Result<RedisReply, RedisError>) -> Void = { box.value.take($0, to: question) }
        slot.send(RedisRequest(Self.question, for: .function(take), ticket: nil, now: eventLoop.now))
    }

    private func take(
        _ result: Result<RedisReply, RedisError>,
        to question: RedisClusterTopologyStateMachine.Question
    ) {
        // A question that fails at once is reported while the actions that it belongs to are carried out.
        let (now, random) = (eventLoop.now, random())
        do {
            let reply = try result.get()
            cluster?.noteMapRefusal(reply.error.flatMap { RedisCommandRefusal($0) }.map { RedisUnavailability($0) })
            let map = try RedisClusterSlotMap(reply, from: question.endpoint)
            let actions = machine.refreshed(map, question, now: now, random: random)
            carryOut(actions)
            if actions.newMap == nil { cluster?.endOutsiders() }
        } catch {
            let reason = (error as? RedisError)?.message ?? "\(error)"
            let hasNoSlots = (error as? RedisClusterSlotMapError)?.code == .noSlots
            carryOut(machine.refreshFailed(question, reason, hasNoSlots: hasNoSlots, now: now, random: random))
        }
    }

    private func log(_ report: RedisClusterTopologyStateMachine.Report) {
        switch report {
        case .unreachable(let failures):
            cluster?.giveUpWaiting()
            let reasons = failures.map(\.description).joined(separator: "; ")
            var metadata: Logger.Metadata = ["redis.reason": "\(reasons)"]
            if let refusal = cluster?.mapRefusal { metadata["redis.cure"] = "\(refusal.cure)" }
            logger.log(
                level: silence.persists(at: eventLoop.now) ? .warning : .debug,
                "No node tells the slots of the Redis cluster",
                metadata: metadata
            )
        case .reachable:
            logger.log(
                level: silence.ended() ? .notice : .debug,
                "The slots of the Redis cluster are known again"
            )
        case .abandoned:
            logger.log(
                level: abandonments.admit(at: eventLoop.now) == nil ? .debug : .notice,
                "No primary of the Redis cluster is left: the configured nodes are asked as at the start"
            )
        case .unassigned(0):
            logger.log(
                level: gaps.ended() ? .notice : .debug,
                "All slots of the Redis cluster have a primary again"
            )
            gapCount = 0
        case .unassigned(let count):
            let hasChanged = count != gapCount
            gapCount = count
            logger.log(
                level: gaps.persists(at: eventLoop.now, hasChanged: hasChanged) ? .warning : .debug,
                "Slots of the Redis cluster have no primary: keys in them are not cached",
                metadata: ["redis.slots": "\(count)"]
            )
        }
    }
}
