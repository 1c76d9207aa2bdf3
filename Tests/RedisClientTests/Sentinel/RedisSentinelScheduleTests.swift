import Fuzzing
import NIOCore
import Testing

@testable import RedisClient

/// Random schedules of the two state machines of Sentinels, without sockets and clocks. Each failure names its seed.
@Suite struct RedisSentinelScheduleTests {
    @Test(arguments: 0..<4)
    func `Questions have one outcome each, in time, and end at the primary`(_ part: Int) {
        for seed in FuzzCases(2_000, part: part, of: 4) {
            var simulation = QuerySimulation(seed: seed)
            simulation.run()
            #expect(simulation.problems.isEmpty, "seed \(seed)")
            if !simulation.problems.isEmpty { return }
        }
    }

    @Test(arguments: 0..<4)
    func `A Sentinel that can be watched is watched`(_ part: Int) {
        for seed in FuzzCases(2_000, part: part, of: 4) {
            var simulation = WatchSimulation(seed: seed)
            simulation.run()
            #expect(simulation.problems.isEmpty, "seed \(seed)")
            if !simulation.problems.isEmpty { return }
        }
    }
}

/// Sentinels with views of their own, servers of which one is the primary, and clients that connect.
private struct QuerySimulation {
    private typealias Machine = RedisSentinelQueryStateMachine<Waiter>
    private typealias Endpoint = RedisConfiguration.Endpoint

    private struct Waiter: Hashable {
        let number: Int
        /// The client that wants to connect; `nil` for a check.
        let client: Int?
    }

    private enum Sentinel {
        case view(server: Int, delay: Int64)
        case unknown(delay: Int64)
        case refusing(delay: Int64)
        case silent
    }

    private enum Event {
        case reply(sentinel: Int, round: Int)
        case timer(number: Int)
        case connect(client: Int, server: Int)
        case ask(client: Int)
        case check
        case change
        case stop
    }

    private static let start = NIODeadline.uptimeNanoseconds(0) + .seconds(1_000)
    private static let servers = 4
    /// The time from which on nothing changes.
    private static let calm: Int64 = 4_000
    private static let end: Int64 = 40_000

    private(set) var problems: [String] = []
    private var random: SeededRandom
    private var machine: Machine
    private var sentinels: [Sentinel]
    private var events: [(time: Int64, order: Int, event: Event)] = []
    private var order = 0
    private var now: Int64 = 0
    private var primary = 0
    private var clients: [Int?]
    private var isStopped = false
    private let stopsEarly: Bool

    /// The waiters without an outcome, with the times of their questions.
    private var waiting: [Waiter: Int64] = [:]
    private var waiters = 0
    private var timer: (number: Int, time: Int64)?
    private var timers = 0
    private var round: Int?
    /// The Sentinels that were asked in the round and have not replied.
    private var open: Set<Int> = []
    /// The servers that were named in the round, in order.
    private var named: [Int] = []
    private var unusable: Set<Int> = []
    private var replaced: Set<Int> = []

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = random.number(1...5)
        sentinels = (0..<count).map { _ in Self.sentinel(&random, primary: 0) }
        clients = [Int?](repeating: nil, count: random.number(1...4))
        stopsEarly = random.oneIn(4)
        machine = Machine(
            sentinels: (0..<count).map { .tcp(host: "sentinel\($0)", port: 1) },
            primaryName: "main"
        )
        self.random = random
    }

    private static func sentinel(_ random: inout SeededRandom, primary: Int) -> Sentinel {
        let delay = Int64(random.oneIn(4) ? random.below(700) : random.below(5))
        switch random.below(8) {
        case 0: return .unknown(delay: delay)
        case 1: return .refusing(delay: delay)
        case 2: return .silent
        case 3, 4: return .view(server: random.below(servers), delay: delay)
        default: return .view(server: primary, delay: delay)
        }
    }

    private static func endpoint(_ server: Int) -> Endpoint { .tcp(host: "server", port: server + 1) }

    private static func server(_ endpoint: Endpoint) -> Int {
        guard case .tcp(_, let port) = endpoint else { return -1 }
        return port - 1
    }

    private var time: NIODeadline { Self.start + .milliseconds(now) }

    private mutating func schedule(_ delay: Int64, _ event: Event) {
        order += 1
        events.append((now + delay, order, event))
    }

    mutating func run() {
        for client in clients.indices { schedule(Int64(random.below(300)), .ask(client: client)) }
        for _ in 0..<random.below(8) { schedule(Int64(random.below(Int(Self.calm))), .change) }
        for _ in 0..<random.below(6) { schedule(Int64(random.below(Int(Self.calm))), .check) }
        if stopsEarly { schedule(Int64(random.below(Int(random.oneIn(4) ? Self.end : Self.calm))), .stop) }
        // At last one Sentinel knows the primary and replies. Another one may be stale for ever, and faster.
        schedule(Self.calm, .change)
        while problems.isEmpty, let next = events.indices.min(by: { isEarlier(events[$0], events[$1]) }) {
            let (time, _, event) = events.remove(at: next)
            guard time <= Self.end else { break }
            now = time
            happen(event)
            check()
        }
        guard problems.isEmpty, !isStopped else { return }
        for (client, server) in clients.enumerated() where server != primary {
            problems.append("client \(client) uses server \(server.map(String.init) ?? "none"), not \(primary)")
        }
    }

    private func isEarlier(
        _ one: (time: Int64, order: Int, event: Event),
        _ other: (time: Int64, order: Int, event: Event)
    )
        -> Bool
    {
        (one.time, one.order) < (other.time, other.order)
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .ask(let client): ask(client: client)
        case .check: ask(client: nil)
        case .reply(let sentinel, let round): reply(sentinel, round)
        case .timer(let number):
            guard timer?.number == number else { return }
            timer = nil
            carryOut(machine.timerFired(now: time), mayNameUnusable: true)
        case .connect(let client, let server): connect(client, server)
        case .change: change()
        case .stop:
            isStopped = true
            carryOut(machine.stop(), mayNameUnusable: false)
            if !waiting.isEmpty { problems.append("\(waiting.count) wait after the end") }
        }
    }

    private mutating func ask(client: Int?) {
        if let client { clients[client] = nil }
        waiters += 1
        let waiter = Waiter(number: waiters, client: client)
        waiting[waiter] = now
        carryOut(machine.locate(waiter, client == nil ? .all : .first, now: time), mayNameUnusable: false)
    }

    private mutating func reply(_ sentinel: Int, _ round: Int) {
        let answer: RedisSentinelAnswer
        switch sentinels[sentinel] {
        case .view(let server, _): answer = .primary(Self.endpoint(server))
        case .unknown: answer = .unknownName
        case .refusing: answer = .failure(RedisError(.unavailable, "refused"))
        case .silent: return
        }
        if round == self.round, open.remove(sentinel) != nil, case .view(let server, _) = sentinels[sentinel] {
            named.append(server)
        }
        let isLast = round == self.round && open.isEmpty
        carryOut(machine.answered(answer, by: sentinel, round: round, now: time), mayNameUnusable: isLast)
        // Nobody waits for an address that is there.
        guard round == self.round, named.contains(where: { !unusable.contains($0) }) else { return }
        if waiting.keys.contains(where: { $0.client != nil }) {
            problems.append("\(now): a usable address is withheld")
        }
    }

    private mutating func connect(_ client: Int, _ server: Int) {
        guard !isStopped else { return }
        // A former primary takes itself for one for a while.
        guard server == primary || replaced.contains(server) && random.oneIn(2) else {
            machine.failed(Self.endpoint(server), now: time)
            unusable.insert(server)
            return schedule(Int64(random.number(5...60)), .ask(client: client))
        }
        clients[client] = server
        if let other = machine.connected(Self.endpoint(server), now: time) {
            if other == Self.endpoint(server) { problems.append("\(now): led to where it is") }
            schedule(Int64(random.number(5...60)), .ask(client: client))
        } else {
            unusable.remove(server)
            // Noticed late, as by a watch that is blind: when the server has been reconfigured.
            if server != primary { schedule(Int64(random.number(5...3_000)), .ask(client: client)) }
        }
    }

    private mutating func change() {
        let former = primary
        if now < Self.calm || random.oneIn(2) { primary = random.below(Self.servers) }
        for sentinel in sentinels.indices { sentinels[sentinel] = Self.sentinel(&random, primary: primary) }
        if now >= Self.calm {
            sentinels[random.below(sentinels.count)] = .view(server: primary, delay: Int64(random.below(400)))
        }
        guard former != primary else { return }
        for client in clients.indices where clients[client] == former {
            schedule(Int64(random.below(3_000)), .ask(client: client))
        }
        // The announcement may be missed.
        guard random.oneIn(2) else { return }
        unusable.insert(former)
        replaced.insert(former)
        unusable.remove(primary)
        replaced.remove(primary)
        let announced = RedisSentinelSwitch(former: Self.endpoint(former), new: Self.endpoint(primary))
        named.append(primary)
        carryOut(machine.switched(announced, now: time), mayNameUnusable: false)
        named.removeLast()
    }

    private mutating func carryOut(_ actions: [Machine.Action], mayNameUnusable: Bool) {
        for action in actions {
            switch action {
            case .ask(let number):
                if !open.isEmpty { problems.append("\(now): questions of two rounds at a time") }
                if number == round { problems.append("\(now): two rounds have one number") }
                round = number
                open = Set(sentinels.indices)
                named = []
                for (index, sentinel) in sentinels.enumerated() {
                    switch sentinel {
                    case .view(_, let delay), .unknown(let delay), .refusing(let delay):
                        schedule(delay, .reply(sentinel: index, round: number))
                    case .silent: break
                    }
                }
            case .setTimer(let deadline):
                timers += 1
                let delay = ((deadline - time).nanoseconds + 999_999) / 1_000_000
                if delay <= 0 { problems.append("\(now): a timer that is due already") }
                timer = (timers, now + delay)
                schedule(delay, .timer(number: timers))
            case .cancelTimer: timer = nil
            case .closeQuestions(let number):
                if number != round { problems.append("\(now): closes another round") }
                open = []
            case .deliver(let waiters, let endpoint): deliver(waiters, Self.server(endpoint), mayNameUnusable)
            case .fail(let waiters, _):
                for waiter in waiters {
                    settle(waiter)
                    if !isStopped, waiter.client == nil ? agreed != nil : !named.isEmpty {
                        problems.append("\(now): fails though a server was named")
                    }
                    if let client = waiter.client, !isStopped {
                        schedule(Int64(random.number(5...60)), .ask(client: client))
                    }
                }
            }
        }
    }

    private mutating func deliver(_ waiters: [Waiter], _ server: Int, _ mayNameUnusable: Bool) {
        if !named.contains(server) { problems.append("\(now): delivers a server that nobody has named") }
        for waiter in waiters {
            settle(waiter)
            guard let client = waiter.client else {
                if server != agreed { problems.append("\(now): a check follows less than half of the Sentinels") }
                continue
            }
            if unusable.contains(server) {
                if !mayNameUnusable { problems.append("\(now): delivers an unusable server too early") }
                if named.contains(where: { !unusable.contains($0) }) {
                    problems.append("\(now): delivers an unusable server in place of another one")
                }
            }
            replaced.remove(server)
            schedule(Int64(random.below(30)), .connect(client: client, server: server))
        }
    }

    /// The server that more than half of all Sentinels have named in the round; an unusable one only if there is no other.
    private var agreed: Int? {
        let usable = named.filter { !unusable.contains($0) }
        return Dictionary(grouping: usable.isEmpty ? named : usable) { $0 }
            .first { $0.value.count * 2 > sentinels.count }?.key
    }

    private mutating func settle(_ waiter: Waiter) {
        guard let since = waiting.removeValue(forKey: waiter) else {
            return problems.append("\(now): a second outcome")
        }
        // A check waits for the end of a round, for one of its own, and for those that failures put in its place.
        let limit: Int64 = waiter.client == nil ? 3_000 : 500
        if now - since > limit { problems.append("\(now): waits for \(now - since) ms") }
    }

    private mutating func check() {
        if !waiting.isEmpty, timer == nil { problems.append("\(now): waits without a timer") }
        if timer == nil, !open.isEmpty { problems.append("\(now): questions without a timer") }
        if isStopped, timer != nil || !open.isEmpty { problems.append("\(now): goes on after the end") }
        if let timer, timer.time < now { problems.append("\(now): a timer in the past") }
    }
}

/// Sentinels that come and go, and one that is there at last.
private struct WatchSimulation {
    private typealias Machine = RedisSentinelWatchStateMachine

    private enum Event {
        case timer(number: Int)
        case subscribed(attempt: Int)
        case lost(attempt: Int)
        case pong(attempt: Int)
        case announce
        case change
        case stop
    }

    private enum Sentinel: CaseIterable {
        case sound, refusing, silent, mute
    }

    private static let start = NIODeadline.uptimeNanoseconds(0) + .seconds(1_000)
    private static let calm: Int64 = 20_000
    private static let end: Int64 = 60_000

    private(set) var problems: [String] = []
    private var random: SeededRandom
    private var machine: Machine
    private var sentinels: [Sentinel]
    private var events: [(time: Int64, order: Int, event: Event)] = []
    private var order = 0
    private var now: Int64 = 0
    private var timer: (number: Int, time: Int64)?
    private var timers = 0
    private var isStopped = false
    /// The attempt whose connection is open, and its Sentinel.
    private var attempt: Int?
    private var sentinel = 0
    private var isSubscribed = false
    private var lastPong: Int64 = 0
    private var lastCheck: Int64?
    private var followed = 0
    private var announced = 0
    private var wasBlind = false

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = random.number(1...5)
        sentinels = (0..<count).map { _ in random.pick(Sentinel.allCases) }
        machine = Machine(count: count, primaryName: "main", first: random.below(count))
        self.random = random
    }

    private var time: NIODeadline { Self.start + .milliseconds(now) }

    private mutating func schedule(_ delay: Int64, _ event: Event) {
        order += 1
        events.append((now + delay, order, event))
    }

    mutating func run() {
        for _ in 0..<random.below(20) { schedule(Int64(random.below(Int(Self.calm))), .change) }
        for _ in 0..<20 { schedule(Int64(random.below(Int(Self.end))), .announce) }
        if random.oneIn(4) { schedule(Int64(random.below(Int(Self.end))), .stop) }
        schedule(Self.calm, .change)
        carryOut(machine.start(now: time))
        while problems.isEmpty,
            let next = events.indices.min(by: {
                (events[$0].time, events[$0].order) < (events[$1].time, events[$1].order)
            })
        {
            let (time, _, event) = events.remove(at: next)
            guard time <= Self.end else { break }
            now = time
            happen(event)
            check()
        }
        guard problems.isEmpty, !isStopped else { return }
        if !isSubscribed { problems.append("no Sentinel is watched in the end") }
        if followed != announced { problems.append("\(followed) of \(announced) announcements are followed") }
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .timer(let number):
            guard timer?.number == number else { return }
            timer = nil
            carryOut(machine.timerFired(now: time, random: number01()))
        case .subscribed(let attempt):
            let actions = machine.subscribed(attempt, now: time)
            if attempt == self.attempt, !isSubscribed {
                if !actions.contains(.checkAddress) { problems.append("\(now): the address is not checked") }
                (isSubscribed, lastPong, lastCheck) = (true, now, now)
            } else if !actions.isEmpty {
                problems.append("\(now): an earlier subscription counts")
            }
            carryOut(actions)
        case .lost(let attempt):
            if attempt == self.attempt { (self.attempt, isSubscribed) = (nil, false) }
            carryOut(machine.lost(attempt, now: time, random: number01()))
        case .pong(let attempt):
            if attempt == self.attempt { lastPong = now }
            machine.ponged(attempt)
        case .announce: announce()
        case .change:
            for index in sentinels.indices { sentinels[index] = random.pick(Sentinel.allCases) }
            if now >= Self.calm { sentinels[random.below(sentinels.count)] = .sound }
            guard let attempt, sentinels[sentinel] == .refusing else { return }
            schedule(Int64(random.below(50)), .lost(attempt: attempt))
        case .stop:
            isStopped = true
            carryOut(machine.stop())
        }
    }

    private mutating func announce() {
        let attempt = random.oneIn(4) ? random.below(5) : self.attempt ?? 0
        let name = random.oneIn(4) ? "other" : "main"
        if attempt == self.attempt, isSubscribed, name == "main" { announced += 1 }
        carryOut(machine.received("\(name) a 1 b 2", attempt))
    }

    private mutating func carryOut(_ actions: [Machine.Action]) {
        if isStopped, !actions.allSatisfy(isEnding) { problems.append("\(now): goes on after the end") }
        for action in actions {
            switch action {
            case .subscribe(let sentinel, let attempt):
                if self.attempt != nil { problems.append("\(now): two connections") }
                (self.attempt, self.sentinel, isSubscribed) = (attempt, sentinel, false)
                begin(sentinel, attempt)
            case .ping(let attempt):
                if attempt != self.attempt { problems.append("\(now): pings nobody") }
                guard sentinels[sentinel] == .sound else { continue }
                schedule(Int64(random.below(900)), .pong(attempt: attempt))
            case .close(let attempt):
                if attempt != self.attempt { problems.append("\(now): closes another connection") }
                (self.attempt, isSubscribed) = (nil, false)
            case .setTimer(let deadline):
                timers += 1
                let delay = ((deadline - time).nanoseconds + 999_999) / 1_000_000
                if delay <= 0 { problems.append("\(now): a timer that is due already") }
                timer = (timers, now + delay)
                schedule(delay, .timer(number: timers))
            case .cancelTimer: timer = nil
            case .checkAddress: lastCheck = now
            case .follow: followed += 1
            case .reportBlind:
                if isSubscribed { problems.append("\(now): reported beside a subscription") }
                wasBlind = true
            case .reportSight:
                if !wasBlind { problems.append("\(now): reported twice") }
                wasBlind = false
            }
        }
    }

    private func isEnding(_ action: Machine.Action) -> Bool {
        switch action {
        case .cancelTimer, .close: true
        default: false
        }
    }

    private mutating func begin(_ sentinel: Int, _ attempt: Int) {
        switch sentinels[sentinel] {
        // Replies to no ping.
        case .sound, .mute: schedule(Int64(random.below(1_200)), .subscribed(attempt: attempt))
        case .refusing: schedule(Int64(random.below(20)), .lost(attempt: attempt))
        case .silent: break
        }
        // Ends that arrive late, when another attempt has begun.
        if random.oneIn(4) { schedule(Int64(random.number(1_500...3_000)), .lost(attempt: attempt - 1)) }
    }

    private mutating func number01() -> Double { Double(random.below(1_001)) / 1_000 }

    private mutating func check() {
        if !isStopped, timer == nil { problems.append("\(now): goes on without a timer") }
        if isStopped, attempt != nil { problems.append("\(now): a connection is open after the end") }
        if let timer, timer.time < now { problems.append("\(now): a timer in the past") }
        guard isSubscribed else { return }
        // A ping a second, and a second for its reply.
        if now - lastPong > 3_000 { problems.append("\(now): silent since \(lastPong)") }
        if let lastCheck, now - lastCheck > 11_000 { problems.append("\(now): unchecked since \(lastCheck)") }
    }
}
