import Fuzzing
import NIOCore

@testable import RedisClient

/// A cluster of a made-up time whose nodes fail, are promoted, get slots from each other, join and leave, and hear of all that
/// late; with a client that sends commands by the map of a ``RedisClusterTopologyStateMachine``.
struct SimulatedCluster {
    typealias Endpoint = RedisConfiguration.Endpoint

    struct Node {
        /// The map that it gives and by which it redirects.
        var view: RedisClusterSlotMap
        var isAlive = true
        /// Accepts connections and answers nothing.
        var hangs = false
        /// Hears of no change in which it has no part, and answers before all others.
        var isStale = false
    }

    private enum Event {
        case answer(RedisClusterTopologyStateMachine.Question)
        case timer(NIODeadline)
        case command
        case change
        case hear(Endpoint)
    }

    /// What the machine must never do.
    private(set) var violations: [String] = []
    private(set) var truth: RedisClusterSlotMap
    private(set) var nodes: [Endpoint: Node] = [:]
    private(set) var now = NIODeadline.uptimeNanoseconds(0)
    private(set) var machine: RedisClusterTopologyStateMachine
    private(set) var refreshes = 0
    private(set) var commands = 0
    /// The time from which on the map has not been that of the cluster; `nil` while it is.
    private(set) var wrongSince: NIODeadline?
    /// The ends and lengths of the times in which it was not.
    private(set) var wrongTimes: [(end: NIODeadline, length: TimeAmount)] = []
    let changesEnd: NIODeadline
    /// The time from which on all nodes but stale ones know everything.
    let knownAt: NIODeadline

    private var random: SeededRandom
    private let seeds: [Endpoint]
    private var queue: [(at: NIODeadline, order: Int, event: Event)] = []
    private var order = 0
    private var timer: NIODeadline?
    private var open: Set<RedisClusterTopologyStateMachine.Question> = []
    private var failed: Set<Endpoint> = []
    private var published: RedisClusterSlotMap?
    private var lastRound = 0
    /// The times of the first questions of the last two refreshes.
    private var lastBegins: [NIODeadline] = []
    private var names = 0
    /// The slots in use: few, so that each is used again and again.
    private var slots: [RedisHashSlot] = []
    private let mayHaveStale: Bool
    /// Indicates that the map or the cluster has changed since they were compared, which takes long.
    private var mayDiffer = true

    init(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        mayHaveStale = random.oneIn(2)
        let count = random.number(1...6)
        let endpoints = (0..<count).map { Endpoint.node("n\($0)") }
        names = count
        let size = RedisHashSlot.count / count
        truth = try RedisClusterSlotMap(
            slotMapReply(
                endpoints.enumerated().map { index, endpoint in
                    (UInt16(index * size)...UInt16(index == count - 1 ? 16_383 : (index + 1) * size - 1), endpoint)
                }
            ),
            from: endpoints[0]
        )
        var seeds = endpoints.filter { _ in random.oneIn(2) }
        // A name that leads to whichever node is alive.
        if seeds.isEmpty || random.oneIn(2) { seeds.append(.node("seed")) }
        self.seeds = seeds
        machine = RedisClusterTopologyStateMachine(seeds: seeds)
        changesEnd = .uptimeNanoseconds(0) + .milliseconds(Int64(random.number(500...6_000)))
        knownAt = changesEnd + .milliseconds(1_000)
        for endpoint in endpoints { nodes[endpoint] = Node(view: truth) }
        for _ in 0..<12 { slots.append(.number(random.below(16_384))) }
        self.random = random
        add(.change, after: 200)
        add(.command, after: 0)
        act { $0.start(now: $1, random: $2) }
    }

    // MARK: - Time

    private mutating func add(_ event: Event, after milliseconds: Int) {
        order += 1
        queue.append((now + .milliseconds(Int64(milliseconds)), order, event))
    }

    /// Lets time pass.
    mutating func run(until end: NIODeadline) {
        while let index = queue.indices.min(by: { (queue[$0].at, queue[$0].order) < (queue[$1].at, queue[$1].order) }),
            queue[index].at <= end
        {
            let (time, _, event) = queue.remove(at: index)
            now = max(now, time)
            happen(event)
            guard mayDiffer else { continue }
            mayDiffer = false
            // A map of which no primary is there is given up.
            let isGivenUp = machine.map == nil && machine.former != nil
            if machine.map != truth, !isGivenUp || truth.primaries.contains(where: { answers($0) }) {
                wrongSince = wrongSince ?? now
            } else if let since = wrongSince {
                wrongTimes.append((now, now - since))
                wrongSince = nil
            }
        }
        now = end
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .answer(let question): answer(question)
        case .timer(let time):
            // A timer that was replaced does not fire.
            guard timer == time else { return }
            timer = nil
            act { $0.timerFired(now: $1, random: $2) }
        case .command:
            command()
            add(.command, after: random.number(1...20))
        case .change:
            guard now < changesEnd else { return }
            change()
            add(.change, after: random.number(1...1_500))
        case .hear(let endpoint):
            guard nodes[endpoint]?.isAlive == true, nodes[endpoint]?.isStale == false else { return }
            nodes[endpoint]?.view = truth
        }
    }

    // MARK: - The client

    private mutating func act(
        _ event: (inout RedisClusterTopologyStateMachine, NIODeadline, Double) ->
            RedisClusterTopologyStateMachine.Actions
    ) {
        let actions = event(&machine, now, Double(random.below(1_001)) / 1_000)
        check(actions)
        for question in actions.questions {
            open.insert(question)
            add(.answer(question), after: delay(question.endpoint))
        }
        switch actions.timer {
        case .keep: break
        case .set(let time):
            timer = time
            order += 1
            queue.append((time, order, .timer(time)))
        case .cancel: timer = nil
        }
        if let map = actions.newMap {
            published = map
            mayDiffer = true
            failed.formIntersection(map.primaries)
        }
        if actions.losesMap {
            published = nil
            mayDiffer = true
            // Nodes that are used from now on are new to the client.
            failed = []
        }
    }

    private mutating func check(_ actions: RedisClusterTopologyStateMachine.Actions) {
        func fail(_ text: String) { violations.append("\(now.uptimeNanoseconds / 1_000_000) ms: \(text)") }
        let allowed = Set(((machine.map ?? machine.former)?.primaries ?? []) + seeds)
        let owing = open.map(\.endpoint)
        for question in actions.questions {
            if !allowed.contains(question.endpoint) { fail("\(question.endpoint) is asked and no node") }
            if owing.contains(question.endpoint) { fail("\(question.endpoint) is asked and owes an answer") }
            guard question.round != lastRound else { continue }
            refreshes += 1
            lastRound = question.round
            // One may have waited for a node that owed an answer, so that the next one follows at once.
            if lastBegins.count == 2, now - lastBegins[0] < .milliseconds(10) { fail("three refreshes at once") }
            lastBegins = lastBegins.suffix(1) + [now]
        }
        if open.count + actions.questions.count > 3 { fail("more than three questions") }
        let next: NIODeadline? = if case .set(let time) = actions.timer { time } else { timer }
        if next.map({ $0 <= now }) ?? true { fail("the timer is \(next.map { "\($0)" } ?? "missing")") }
        if actions.timer == .cancel { fail("the timer is cancelled") }
        if actions.losesMap {
            if machine.map != nil || actions.newMap != nil { fail("a map that was lost and is there") }
        } else if let map = actions.newMap {
            if map == published { fail("the same map again") }
            if map != machine.map { fail("another map than the current one") }
        } else if machine.map != published {
            fail("a map that was not published")
        }
    }

    private func answers(_ endpoint: Endpoint) -> Bool { nodes[endpoint].map { $0.isAlive && !$0.hangs } ?? false }

    /// The node that is reached at an address.
    private mutating func node(at endpoint: Endpoint) -> Endpoint? {
        guard endpoint == .node("seed") else { return nodes[endpoint] == nil ? nil : endpoint }
        let alive = nodes.keys.filter { nodes[$0]?.isAlive == true }.sorted { "\($0)" < "\($1)" }
        return alive.isEmpty ? nil : random.pick(alive)
    }

    private mutating func delay(_ endpoint: Endpoint) -> Int {
        guard let node = nodes[endpoint] else { return random.below(5) }
        if node.hangs { return 1_000 }
        if node.isStale { return 0 }
        return random.oneIn(10) ? random.number(1...400) : random.number(1...5)
    }

    private mutating func answer(_ question: RedisClusterTopologyStateMachine.Question) {
        open.remove(question)
        let node = node(at: question.endpoint).flatMap { nodes[$0] }
        if let node, node.isAlive, !node.hangs, !random.oneIn(50) {
            act { $0.refreshed(node.view, question, now: $1, random: $2) }
        } else {
            act { $0.refreshFailed(question, "down", now: $1, random: $2) }
        }
    }

    private mutating func command() {
        commands += 1
        let slot = random.oneIn(3) ? RedisHashSlot.number(random.below(16_384)) : random.pick(slots)
        guard var target = machine.map?.endpoint(of: slot) else { return }
        for _ in 0..<6 {
            guard let node = nodes[target], node.isAlive, !node.hangs else {
                if failed.insert(target).inserted { act { $0.nodeFailed(target, now: $1, random: $2) } }
                return
            }
            if failed.remove(target) != nil { act { $0.nodeReady(target, now: $1, random: $2) } }
            guard let owner = node.view.endpoint(of: slot) else {
                act { $0.refused(by: target, now: $1, random: $2) }
                return
            }
            guard owner != target else { return }
            let other = random.oneIn(20) ? nil : owner
            act { $0.moved(slot, to: other, by: target, now: $1, random: $2) }
            guard let other else { return }
            target = other
        }
    }

    // MARK: - The cluster

    private mutating func change() {
        mayDiffer = true
        let alive = nodes.keys.filter { nodes[$0]?.isAlive == true }.sorted { "\($0)" < "\($1)" }
        let owner = random.pick(truth.primaries)
        switch random.below(10) {
        case 0, 1:
            // Some slots go to another node, one after the other. The two know at once.
            guard !alive.isEmpty, nodes[owner]?.isAlive == true else { return }
            let other = random.pick(alive)
            for _ in 0..<random.number(1...5) {
                let slot = random.pick(slots)
                guard truth.endpoint(of: slot) == owner else { continue }
                truth.move(slot, to: other)
            }
            know(at: [owner, other])
        case 2, 3:
            // A node dies.
            nodes[owner]?.isAlive = false
        case 4, 5:
            // Another one takes all of its slots, mostly that of a dead one.
            let old = truth.primaries.first { nodes[$0]?.isAlive == false } ?? owner
            let heir = random.oneIn(3) && !alive.isEmpty ? random.pick(alive) : join()
            replace(old, by: heir)
            know(at: [old, heir])
        case 6:
            // One comes back as it was.
            guard let dead = nodes.keys.filter({ nodes[$0]?.isAlive == false }).min(by: { "\($0)" < "\($1)" }) else {
                return
            }
            nodes[dead]?.isAlive = true
            nodes[dead]?.isStale = false
            tell(dead)
        case 7: nodes[owner]?.hangs.toggle()
        case 8:
            let node = join()
            let slot = random.pick(slots)
            let old = truth.endpoint(of: slot) ?? node
            truth.move(slot, to: node)
            know(at: [old, node])
        default:
            // Another node is left that nobody tells of anything, once.
            guard mayHaveStale, nodes.count > 2, !nodes.values.contains(where: \.isStale) else { return }
            nodes[owner]?.isStale = true
        }
        for endpoint in nodes.keys.sorted(by: { "\($0)" < "\($1)" }) { tell(endpoint) }
    }

    private mutating func join() -> Endpoint {
        names += 1
        nodes[.node("n\(names)")] = Node(view: truth)
        return .node("n\(names)")
    }

    private mutating func replace(_ node: Endpoint, by heir: Endpoint) {
        guard node != heir else { return }
        var ranges: [(slots: ClosedRange<UInt16>, endpoint: Endpoint?)] = []
        for endpoint in truth.primaries {
            for slots in truth.ranges(of: endpoint) { ranges.append((slots, endpoint == node ? heir : endpoint)) }
        }
        guard let map = try? RedisClusterSlotMap(slotMapReply(ranges), from: heir) else { return }
        truth = map
    }

    private mutating func know(at endpoints: [Endpoint]) {
        for endpoint in endpoints where nodes[endpoint]?.isAlive == true { nodes[endpoint]?.view = truth }
    }

    /// The node will know the truth within a second.
    private mutating func tell(_ endpoint: Endpoint) {
        add(.hear(endpoint), after: random.number(0...900))
    }

    /// Indicates that no node that could be asked knows the cluster. The name that leads to any node does not count where it may
    /// lead to a stale one each time.
    var isLost: Bool {
        let knowing = nodes.filter { $0.value.isAlive && !$0.value.hangs && !$0.value.isStale }.map(\.key)
        let hasStale = nodes.values.contains { $0.isAlive && $0.isStale }
        let candidates = truth.primaries + (machine.map?.primaries ?? []) + seeds
        return !candidates.contains { knowing.contains($0) || $0 == .node("seed") && !knowing.isEmpty && !hasStale }
    }

    /// The nodes, for messages.
    var description: String {
        nodes.sorted { "\($0.key)" < "\($1.key)" }.map { endpoint, node in
            "\(endpoint)" + (node.isAlive ? "" : " dead") + (node.hangs ? " hangs" : "")
                + (node.isStale ? " stale" : "")
                + (truth.primaries.contains(endpoint) ? " primary" : "") + (seeds.contains(endpoint) ? " seed" : "")
        }.joined(separator: ", ")
    }

    /// The lengths of the times after this one in which the map was wrong.
    func wrongTimes(after time: NIODeadline) -> [TimeAmount] {
        let last = wrongSince.map { [(end: now, length: now - $0)] } ?? []
        return (wrongTimes + last).filter { $0.end > time }.map { min($0.length, $0.end - time) }
    }

    /// Ends the machine; nothing that happens afterwards may have a consequence.
    mutating func stop() {
        _ = machine.stop()
        let before = machine.map
        for question in open {
            if machine.refreshed(truth, question, now: now, random: 0) != .init() {
                violations.append("an answer after the end")
            }
        }
        for endpoint in nodes.keys {
            let slot = random.pick(slots)
            if machine.moved(slot, to: endpoint, by: before?.endpoint(of: slot) ?? endpoint, now: now, random: 0)
                != .init()
                || machine.nodeFailed(endpoint, now: now, random: 0) != .init()
                || machine.nodeReady(endpoint, now: now, random: 0) != .init()
                || machine.refused(by: endpoint, now: now, random: 0) != .init()
            {
                violations.append("an action after the end")
            }
        }
        if machine.timerFired(now: now + .hours(1), random: 0) != .init() || machine.map != before {
            violations.append("a timer after the end")
        }
    }
}
