import ClientSupport
import NIOCore

/// Keeps the slot map of a cluster: decides when which nodes are asked for it, and which answer counts.
///
/// A refresh asks up to three nodes at once and takes the first good answer. When that is due depends on the reason:
///
/// ```
/// MOVED, a primary that fails, a refusal   at once, but not within 50 ms of the refresh before
/// trouble that lasts after a refresh       after 100 ms, doubling up to 1 s
/// a refresh that nobody answered well      after 20 ms, doubling up to 1 s
/// nothing of that                          10 s after the refresh before
/// ```
///
/// Trouble is a primary of the map that has failed and is not back, slots without a primary, or a map that a node has just
/// contradicted.
///
/// `MOVED` changes the map at once, for its slot alone. An answer may be older than that, or come from a node that has not heard
/// of the change: for a second, a map that assigns a slot to the node that denied having it doesn't count for this slot.
///
/// Any address may belong to another cluster by now. A new map therefore counts only if it has a node in common with the current one,
/// and if a node that tells one is still the same; one without node IDs always does. If for ten seconds no primary of the map could be
/// reached, or belonged to it by what it tells, the map is given up, and it begins again, as at the start: the cluster may have been
/// set up anew. Any map of a configured address counts then, and one of a former primary if it is of the same cluster.
///
/// A node whose map was contradicted, and one that failed to answer or whose map left trouble, is asked after the others, so that
/// a node that lags behind and answers fastest can't keep the map wrong.
///
/// Events carry the time and a random number from 0 to 1, and return ``Actions``. Each ``Question`` is reported once, by
/// ``refreshed(_:_:now:random:)`` or ``refreshFailed(_:_:now:random:)``.
///
/// ```
/// beginning ──start──▶ waiting ◀──▶ asking
///     └───────────────────┴───────────┴──stop──▶ stopped
/// ```
struct RedisClusterTopologyStateMachine: Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    /// The largest number of questions without an answer, with those of earlier refreshes. Three nodes are unlikely to lag or
    /// hang together, and more of them would only do the same work.
    static let mostQuestions = 3
    /// The age at which a map is refreshed without a reason. Commands notice changes by themselves; this finds nodes that were
    /// added, of which none has sent a command away yet, and corrects slots that nobody uses.
    static let refreshInterval = TimeAmount.seconds(10)
    /// The shortest time between two refreshes. While slots move, each is one `MOVED`, and a refresh covers all of these.
    static let shortestInterval = TimeAmount.milliseconds(50)
    /// The time after which nodes are asked as well that would be asked later: the preferred ones may hang.
    static let patience = TimeAmount.milliseconds(250)
    /// The time after which a question counts as failed, whose asker is to give up much sooner.
    static let questionLimit = TimeAmount.seconds(5)
    /// The time for which a node's denial outweighs maps. Nodes tell each other of changes about every second.
    static let denialLife = TimeAmount.seconds(1)
    /// The time after which a map is given up that has no primary left.
    static let mapLife = TimeAmount.seconds(10)

    private static let failureBackoff = ExponentialBackoff(minimum: .milliseconds(20), maximum: .seconds(1))
    private static let troubleBackoff = ExponentialBackoff(minimum: .milliseconds(100), maximum: .seconds(1))

    /// A node to be asked with `CLUSTER SLOTS`.
    struct Question: Hashable, Sendable {
        /// The node's address, of which a host name is to be resolved anew where no connection to it is open.
        let endpoint: Endpoint
        fileprivate let number: Int
        /// The number of the refresh.
        let round: Int
    }

    /// An event for the log.
    enum Report: Hashable, Sendable {
        /// No node gave a map. It is reported by each refresh that fails.
        case unreachable([Failure])
        /// A refresh succeeded after ``unreachable(_:)``.
        case reachable
        /// The map was given up.
        case abandoned
        /// The number of slots without a primary, by each map that has some. Zero reports that all have one again.
        case unassigned(Int)
    }

    /// The reason for which a node gave no map.
    struct Failure: Hashable, Sendable, CustomStringConvertible {
        let endpoint: Endpoint
        let reason: String

        var description: String { "\(endpoint): \(reason)" }
    }

    /// The consequences of an event.
    struct Actions: Equatable, Sendable {
        /// The nodes to be asked.
        var questions: [Question] = []
        /// The map to be used from now on, if it has changed.
        var newMap: RedisClusterSlotMap?
        /// Indicates that there is no map from now on.
        var losesMap = false
        /// The primaries that have told another cluster's map, or that they are other nodes: connections to them have to be opened
        /// anew.
        var strangers: [Endpoint] = []
        /// The change of the one timer.
        var timer = Timer.keep
        /// Events for the log.
        var reports: [Report] = []

        /// A change of the one timer.
        enum Timer: Hashable, Sendable {
            case keep
            /// ``RedisClusterTopologyStateMachine/timerFired(now:random:)`` is to be called at this time, and at no earlier one
            /// that was set before.
            case set(NIODeadline)
            case cancel
        }
    }

    private enum State {
        case beginning
        case waiting
        case asking(Round)
        case stopped
    }

    /// One refresh.
    private struct Round {
        let number: Int
        /// The nodes to be asked next.
        var next: [Endpoint]
        /// The nodes to be asked once those have failed or are slow: groups, of which each is better than the following ones.
        var later: [[Endpoint]]
        /// The time at which they are slow.
        var slowAt: NIODeadline
        /// The questions without an answer.
        var open: Set<Int> = []
        var failures: [Failure] = []
    }

    /// A node's `MOVED` for a slot.
    private struct Denial {
        let by: Endpoint
        let to: Endpoint
        let end: NIODeadline
    }

    private let seeds: [Endpoint]
    /// The map; `nil` before the first good answer, and when it was given up.
    private(set) var map: RedisClusterSlotMap?
    /// The map that was given up last, until there is another one.
    private(set) var former: RedisClusterSlotMap?
    private var state = State.beginning
    /// The node that gave the map.
    private var source: Endpoint?
    private var round = 0
    private var questions = 0
    /// All questions without an answer, with the times at which they count as failed.
    private var open: [Int: (endpoint: Endpoint, end: NIODeadline)] = [:]
    private var timer: NIODeadline?

    /// The primaries of the map that have failed and are not back.
    private var failed: Set<Endpoint> = []
    /// Those of them to which no connection is left.
    private var unreachable: Set<Endpoint> = []
    /// The primaries of the map that don't belong to it by what they have told since: they have no slots, or are another cluster's.
    private var lapsed: Set<Endpoint> = []
    /// The time since which each primary is one or the other; `nil` if one is not.
    private var deadSince: NIODeadline?
    /// The nodes whose maps were contradicted by `MOVED`. They are asked after the others, until that is true of all.
    private var contradicted: Set<Endpoint> = []
    /// The nodes that are asked after the others for another reason, which is forgotten first.
    private var doubted: Set<Endpoint> = []
    private var denials: [RedisHashSlot: Denial] = [:]
    /// Indicates that the last map was corrected by a denial.
    private var isCorrected = false
    /// The nodes that have refused commands since the last refresh began.
    private var refusing: Set<Endpoint> = []
    /// Indicates that nodes refused commands before that, after the refresh before it.
    private var wasRefused = false

    /// Indicates that something happened since the last refresh began that makes another one necessary.
    private var isRequested = false
    private var lastBegin: NIODeadline?
    private var lastSuccess: NIODeadline?
    /// The number of failed refreshes in a row, and the time of the next one.
    private var failures = 0
    private var retryAt: NIODeadline?
    /// The number of refreshes in a row after which there was trouble, and the time of the next one.
    private var troubles = 0
    private var troubleAt: NIODeadline?
    private var reportedUnassigned = 0

    /// - Parameter seeds: the configured addresses, of which one at least has to be that of a node.
    init(seeds: [Endpoint]) {
        precondition(!seeds.isEmpty, "a cluster needs an address")
        var known: Set<Endpoint> = []
        self.seeds = seeds.filter { known.insert($0).inserted }
    }

    private var isRunning: Bool {
        switch state {
        case .waiting, .asking: true
        case .beginning, .stopped: false
        }
    }

    // MARK: - Events

    /// Begins with a first refresh.
    mutating func start(now: NIODeadline, random: Double) -> Actions {
        guard case .beginning = state else { return Actions() }
        state = .waiting
        isRequested = true
        return proceed(Actions(), now, random)
    }

    /// Takes a node's map. That of an earlier refresh is ignored, unless it is another cluster's.
    mutating func refreshed(
        _ map: RedisClusterSlotMap,
        _ question: Question,
        now: NIODeadline,
        random: Double
    ) -> Actions {
        guard isRunning, open.removeValue(forKey: question.number) != nil else { return Actions() }
        var actions = Actions()
        if isForeign(map, from: question.endpoint) {
            fail(question.number, question.endpoint, "it is a node of another cluster, or another one than before")
            if noteLapse(of: question.endpoint, now) { actions.strangers = [question.endpoint] }
        } else if case .asking(let round) = state, round.number == question.round {
            state = .waiting
            adopt(map, from: question.endpoint, now, random, &actions)
        }
        return proceed(actions, now, random)
    }

    /// Indicates that a map is another cluster's.
    private func isForeign(_ answer: RedisClusterSlotMap, from node: Endpoint) -> Bool {
        guard let known = map ?? (seeds.contains(node) ? nil : former) else { return false }
        if !answer.isOfSameCluster(as: known) { return true }
        guard let nodeID = map?.nodeID(of: node), let now = answer.nodeID(of: node) else { return false }
        return now != nodeID
    }

    /// Takes note that a node does not belong to the map by what it tells.
    ///
    /// - Returns: `true` if it is a primary of the map.
    @discardableResult private mutating func noteLapse(of node: Endpoint, _ now: NIODeadline) -> Bool {
        guard map?.primaries.contains(node) == true else { return false }
        lapsed.insert(node)
        noteDeath(now)
        return true
    }

    /// Takes the failure to get a map from a node: it could not be reached, did not answer in time, or its answer is not used.
    ///
    /// - Parameters:
    ///   - question: the question.
    ///   - reason: the reason in words.
    ///   - hasNoSlots: tells that the node answered that no slot is assigned to any node.
    ///   - now: the current time.
    ///   - random: a number from 0 to 1.
    mutating func refreshFailed(
        _ question: Question,
        _ reason: String,
        hasNoSlots: Bool = false,
        now: NIODeadline,
        random: Double
    ) -> Actions {
        guard isRunning, open.removeValue(forKey: question.number) != nil else { return Actions() }
        if hasNoSlots { noteLapse(of: question.endpoint, now) }
        fail(question.number, question.endpoint, reason)
        return proceed(Actions(), now, random)
    }

    /// Takes a `MOVED`.
    ///
    /// - Parameters:
    ///   - slot: the slot of the command.
    ///   - endpoint: the node that has it; `nil` if its host is unknown.
    ///   - node: the node that said so.
    ///   - now: the current time.
    ///   - random: a number from 0 to 1.
    mutating func moved(
        _ slot: RedisHashSlot,
        to endpoint: Endpoint?,
        by node: Endpoint,
        now: NIODeadline,
        random: Double
    ) -> Actions {
        guard isRunning, var map else { return Actions() }
        // A command that was sent by an earlier map says nothing about this one.
        guard map.endpoint(of: slot).map({ $0 == node }) ?? true else { return Actions() }
        var actions = Actions()
        if let endpoint, endpoint != node {
            denials[slot] = Denial(by: node, to: endpoint, end: now + Self.denialLife)
            map.move(slot, to: endpoint)
            publish(map, &actions)
            noteDeath(now)
        }
        // The node itself knows better by now than it did when it was asked.
        if let source, source != node { contradicted.insert(source) }
        request()
        return proceed(actions, now, random)
    }

    /// Records that a node can't be reached: a connection was lost, or an attempt to connect failed.
    ///
    /// - Parameters:
    ///   - node: the node.
    ///   - hasOthers: tells that other connections to it are left.
    ///   - now: the current time.
    ///   - random: a number from 0 to 1.
    mutating func nodeFailed(_ node: Endpoint, hasOthers: Bool = false, now: NIODeadline, random: Double) -> Actions {
        guard isRunning, map?.primaries.contains(node) == true else { return Actions() }
        if hasOthers { unreachable.remove(node) } else { unreachable.insert(node) }
        noteDeath(now)
        guard failed.insert(node).inserted else { return Actions() }
        if let source { doubted.insert(source) }
        request()
        return proceed(Actions(), now, random)
    }

    /// Records that a connection to a node is ready.
    mutating func nodeReady(_ node: Endpoint, now: NIODeadline, random: Double) -> Actions {
        guard isRunning, failed.remove(node) != nil else { return Actions() }
        unreachable.remove(node)
        noteDeath(now)
        if !isInTrouble {
            troubles = 0
            troubleAt = nil
        }
        // It may be the one that can be asked.
        if retryAt != nil, let lastBegin { retryAt = max(now, lastBegin + Self.shortestInterval) }
        return proceed(Actions(), now, random)
    }

    /// Records that a node refused a command because of the state of the cluster: `CLUSTERDOWN`, or an `ASK` without a known
    /// host.
    mutating func refused(by node: Endpoint, now: NIODeadline, random: Double) -> Actions {
        guard isRunning, map != nil, refusing.insert(node).inserted else { return Actions() }
        doubted.insert(node)
        // Every command may be refused for a long time; the trouble after the first refresh has waits of its own.
        guard troubleAt == nil else { return Actions() }
        request()
        return proceed(Actions(), now, random)
    }

    /// Records that the time of the timer has come.
    mutating func timerFired(now: NIODeadline, random: Double) -> Actions {
        guard isRunning else { return Actions() }
        timer = nil
        for (number, question) in open where question.end <= now {
            open[number] = nil
            fail(number, question.endpoint, "it was asked and nothing came of it")
        }
        return proceed(Actions(), now, random)
    }

    /// Ends everything. Nothing follows.
    mutating func stop() -> Actions {
        defer { state = .stopped }
        guard timer != nil else { return Actions() }
        timer = nil
        return Actions(timer: .cancel)
    }

    // MARK: - Answers

    private mutating func adopt(
        _ answer: RedisClusterSlotMap,
        from node: Endpoint,
        _ now: NIODeadline,
        _ random: Double,
        _ actions: inout Actions
    ) {
        var map = answer
        denials = denials.filter { $0.value.end > now }
        for (slot, denial) in denials where map.endpoint(of: slot) == denial.by { map.move(slot, to: denial.to) }
        isCorrected = map != answer
        source = node
        lastSuccess = now
        retryAt = nil
        if failures > 0 { actions.reports.append(.reachable) }
        failures = 0
        if map != self.map { troubles = 0 }
        publish(map, &actions)
        former = nil
        failed.formIntersection(map.primaries)
        unreachable.formIntersection(map.primaries)
        lapsed = []
        noteDeath(now)
        let candidates = map.primaries + seeds
        doubted.formIntersection(candidates)
        contradicted.formIntersection(candidates)
        if map.unassignedCount > 0 || reportedUnassigned > 0 {
            reportedUnassigned = map.unassignedCount
            actions.reports.append(.unassigned(reportedUnassigned))
        }
        guard isInTrouble else {
            troubles = 0
            troubleAt = nil
            return
        }
        // Another node may know more.
        doubted.insert(node)
        troubles += 1
        troubleAt = now + Self.troubleBackoff.delay(afterFailures: troubles, random: random)
    }

    /// Indicates that the map is wrong or about to change.
    private var isInTrouble: Bool {
        !failed.isEmpty || wasRefused || !refusing.isEmpty || isCorrected || map?.isComplete == false
    }

    private mutating func publish(_ map: RedisClusterSlotMap, _ actions: inout Actions) {
        if map != self.map { actions.newMap = map }
        // Equal ones may have other replicas.
        self.map = map
    }

    /// Takes note of the time at which the last primary of the map has failed.
    private mutating func noteDeath(_ now: NIODeadline) {
        let isDead = map.map { unreachable.union(lapsed).isSuperset(of: $0.primaries) } ?? false
        deadSince = isDead ? deadSince ?? now : nil
    }

    private mutating func fail(_ number: Int, _ endpoint: Endpoint, _ reason: String) {
        guard case .asking(var round) = state, round.open.remove(number) != nil else { return }
        doubted.insert(endpoint)
        round.failures.append(Failure(endpoint: endpoint, reason: reason))
        state = .asking(round)
    }

    private mutating func request() {
        isRequested = true
        troubles = 0
    }

    // MARK: - Refreshes

    /// Does everything that is due, and sets the timer for what comes next.
    private mutating func proceed(_ actions: Actions, _ now: NIODeadline, _ random: Double) -> Actions {
        var actions = actions
        if case .waiting = state, dueAt <= now { begin(now, random) }
        if case .asking(let round) = state { ask(round, now, random, &actions) }
        let next = nextTime
        if timer != next {
            timer = next
            actions.timer = .set(next)
        }
        return actions
    }

    /// The time of the next refresh.
    private var dueAt: NIODeadline {
        if let retryAt { return retryAt }
        guard let lastBegin, let lastSuccess else { return .uptimeNanoseconds(0) }
        var due = lastSuccess + Self.refreshInterval
        if isRequested { due = min(due, lastBegin + Self.shortestInterval) }
        if let troubleAt { due = min(due, max(troubleAt, lastBegin + Self.shortestInterval)) }
        return due
    }

    /// The time at which something is to be done without another event.
    private var nextTime: NIODeadline {
        var next: NIODeadline
        if case .asking(let round) = state {
            next = round.later.isEmpty ? .distantFuture : round.slowAt
        } else {
            next = dueAt
        }
        for question in open.values { next = min(next, question.end) }
        return next
    }

    private mutating func begin(_ now: NIODeadline, _ random: Double) {
        let nodes = Self.rotated(map?.primaries ?? [], random)
        // A configured address outside of the map may be one where no node is any more.
        let others = Self.rotated(seeds + (former?.primaries ?? []).filter { !seeds.contains($0) }, random)
            .filter { !nodes.contains($0) }
        let healthy = nodes.isEmpty ? others : nodes.filter { !failed.contains($0) }
        if healthy.allSatisfy(contradicted.contains) { contradicted = [] }
        if healthy.allSatisfy(contradicted.union(doubted).contains) { doubted = [] }
        let next = healthy.filter { !contradicted.contains($0) && !doubted.contains($0) }
        let later = [
            healthy.filter { doubted.contains($0) && !contradicted.contains($0) },
            healthy.filter(contradicted.contains), nodes.isEmpty ? [] : others, nodes.filter(failed.contains),
        ]
        round += 1
        state = .asking(Round(number: round, next: next, later: later, slowAt: now + Self.patience))
        isRequested = false
        lastBegin = now
        retryAt = nil
        wasRefused = !refusing.isEmpty
        refusing = []
    }

    /// Begins at an element that differs between clients, so that not all of them ask the same nodes.
    private static func rotated(_ endpoints: [Endpoint], _ random: Double) -> [Endpoint] {
        let begin = min(Int(random * Double(endpoints.count)), endpoints.count)
        return Array(endpoints[begin...] + endpoints[..<begin])
    }

    /// Asks as many nodes as may be asked, or ends a refresh that has nobody left.
    private mutating func ask(_ current: Round, _ now: NIODeadline, _ random: Double, _ actions: inout Actions) {
        var round = current
        // `MOVED` may have removed some meanwhile.
        let candidates = Set((map ?? former)?.primaries ?? []).union(seeds)
        round.next.removeAll { !candidates.contains($0) }
        round.later = round.later.map { $0.filter(candidates.contains) }.filter { !$0.isEmpty }
        while !round.later.isEmpty, round.slowAt <= now || round.next.isEmpty && round.open.isEmpty {
            round.next += round.later.removeFirst()
            round.slowAt = now + Self.patience
        }
        let busy = Set(open.values.map(\.endpoint))
        while open.count < Self.mostQuestions,
            // A node that still owes the answer to an earlier question is asked after that one has ended.
            let index = round.next.firstIndex(where: { !busy.contains($0) })
        {
            questions += 1
            let question = Question(endpoint: round.next.remove(at: index), number: questions, round: round.number)
            open[questions] = (question.endpoint, now + Self.questionLimit)
            round.open.insert(questions)
            actions.questions.append(question)
        }
        state = .asking(round)
        guard round.next.isEmpty, round.later.isEmpty, round.open.isEmpty else { return }
        state = .waiting
        actions.reports.append(.unreachable(round.failures))
        if let deadSince, now - deadSince >= Self.mapLife { abandonMap(&actions) }
        failures += 1
        retryAt = now + Self.failureBackoff.delay(afterFailures: failures, random: random)
    }

    /// Begins again as at the start, with more addresses.
    private mutating func abandonMap(_ actions: inout Actions) {
        former = map
        map = nil
        // Those that are ready from now on may be others, which have never failed.
        failed = []
        unreachable = []
        lapsed = []
        deadSince = nil
        source = nil
        denials = [:]
        isCorrected = false
        actions.losesMap = true
        actions.reports.append(.abandoned)
    }
}
