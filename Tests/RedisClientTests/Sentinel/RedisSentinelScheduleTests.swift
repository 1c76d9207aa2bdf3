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
    private typealias Location = RedisServerLocation

    private struct Waiter: Hashable {
        let number: Int
        let client: Int
    }

    private enum Sentinel {
        case view(Location, delay: Int64)
        case unknown(delay: Int64)
        case refusing(delay: Int64)
        case silent
    }

    private enum Event {
        case reply(sentinel: Int, round: Int)
        case timer(number: Int)
        case connect(client: Int, Location)
        case ask(client: Int)
        case check
        case change
        case configureAnew
        case stop
    }

    private static let start = NIODeadline.uptimeNanoseconds(0) + .seconds(1_000)
    private static let servers = 4
    /// The time from which on nothing changes.
    private static let calm: Int64 = 4_000
    private static let end: Int64 = 60_000
    private static let patience: Int64 = 15_000

    private(set) var problems: [String] = []
    private var random: SeededRandom
    private var machine: Machine
    private var sentinels: [Sentinel]
    private var events: [(time: Int64, order: Int, event: Event)] = []
    private var order = 0
    private var now: Int64 = 0
    /// All primaries so far, each with its number. The last one is the primary.
    private var promotions = [Self.location(0, 0)]
    /// The servers that clients have.
    private var clients: [Location?]
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
    /// The primaries that were named in the round, in order.
    private var named: [Location] = []
    /// The primary of the highest number that any Sentinel has told, and the time when it was told first, or its successor
    /// announced.
    private var highest: (location: Location, time: Int64)?
    /// It has a successor, as was announced.
    private var isAnnounced = false
    /// The Sentinel that has announced it, and the number of rounds that had begun before.
    private var announcer = (sentinel: 0, rounds: 0)
    private var rounds = 0
    private var unusable: Set<RedisConfiguration.Endpoint> = []
    /// The actions are those of the end of a round.
    private var isEnd = false

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = random.number(1...5)
        sentinels = (0..<count).map { _ in .silent }
        clients = [Location?](repeating: nil, count: random.number(1...4))
        stopsEarly = random.oneIn(4)
        machine = Machine(
            sentinels: (0..<count).map { .tcp(host: "sentinel\($0)", port: 1) },
            primaryName: "main"
        )
        self.random = random
        for sentinel in sentinels.indices { sentinels[sentinel] = randomSentinel() }
    }

    private static func location(_ server: Int, _ epoch: UInt64) -> Location {
        Location(endpoint: .tcp(host: "server", port: server + 1), configEpoch: epoch)
    }

    private var primary: Location { promotions[promotions.count - 1] }

    private mutating func randomSentinel() -> Sentinel {
        let delay = Int64(random.oneIn(4) ? random.below(700) : random.below(5))
        switch random.below(8) {
        case 0: return .unknown(delay: delay)
        case 1: return .refusing(delay: delay)
        case 2: return .silent
        case 3, 4: return .view(random.pick(promotions), delay: delay)
        default: return .view(primary, delay: delay)
        }
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
        schedule(Self.calm, random.oneIn(4) ? .configureAnew : .change)
        // As the watch does.
        for time in stride(from: Self.calm, to: Self.end, by: 10_000) { schedule(time + 1, .check) }
        while problems.isEmpty, let next = events.indices.min(by: { isEarlier(events[$0], events[$1]) }) {
            let (time, _, event) = events.remove(at: next)
            guard time <= Self.end else { break }
            now = time
            happen(event)
            check()
        }
        guard problems.isEmpty, !isStopped else { return }
        for (client, location) in clients.enumerated() where location != primary {
            problems.append("client \(client) uses \(location.map { "\($0)" } ?? "none"), not \(primary)")
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
        isEnd = false
        switch event {
        case .ask(let client): ask(client)
        case .check: carryOut(machine.check(now: time))
        case .reply(let sentinel, let round): reply(sentinel, round)
        case .timer(let number):
            guard timer?.number == number else { return }
            timer = nil
            isEnd = true
            carryOut(machine.timerFired(now: time))
        case .connect(let client, let location): connect(client, location)
        case .change: change()
        case .configureAnew: configureAnew()
        case .stop:
            isStopped = true
            carryOut(machine.stop())
            if !waiting.isEmpty { problems.append("\(waiting.count) wait after the end") }
        }
    }

    private mutating func ask(_ client: Int) {
        clients[client] = nil
        guard !waiting.keys.contains(where: { $0.client == client }) else { return }
        waiters += 1
        let waiter = Waiter(number: waiters, client: client)
        waiting[waiter] = now
        carryOut(machine.locate(waiter, now: time))
    }

    private mutating func reply(_ sentinel: Int, _ round: Int) {
        let answer: RedisSentinelAnswer
        switch sentinels[sentinel] {
        case .view(let location, _): answer = .primary(location)
        case .unknown: answer = .unknownName
        case .refusing: answer = .failure(RedisError(.unavailable, "refused"))
        case .silent: return
        }
        if round == self.round, open.remove(sentinel) != nil, case .primary(let location) = answer {
            named.append(location)
            if highest.map({ location.configEpoch > $0.location.configEpoch }) ?? true {
                if highest != nil { unusable.remove(location.endpoint) }
                highest = (location, now)
                isAnnounced = false
            } else if isAnnounced, sentinel == announcer.sentinel, rounds > announcer.rounds {
                // It knows of no successor, so the announcement came late.
                isAnnounced = false
            }
        }
        isEnd = round == self.round && open.isEmpty
        carryOut(machine.answered(answer, by: sentinel, round: round, now: time))
        // Nobody waits for a primary that most Sentinels have been asked for.
        guard round == self.round, named.count * 2 > sentinels.count, !isAnnounced, !waiting.isEmpty else { return }
        if named.contains(where: { $0 == highest?.location && !unusable.contains($0.endpoint) }) {
            problems.append("\(now): a usable primary is withheld")
        }
    }

    private mutating func connect(_ client: Int, _ location: Location) {
        guard !isStopped else { return }
        // A former primary takes itself for one for a while.
        let isFormer = promotions.contains { $0.endpoint == location.endpoint }
        guard location.endpoint == primary.endpoint || isFormer && now < Self.calm && random.oneIn(2) else {
            machine.failed(location, now: time)
            if location.configEpoch == highest?.location.configEpoch, !isAnnounced {
                unusable.insert(location.endpoint)
            }
            return schedule(Int64(random.number(5...60)), .ask(client: client))
        }
        clients[client] = location
        let actions = machine.connected(location)
        if actions.isEmpty {
            unusable.remove(location.endpoint)
            if location != highest?.location || isAnnounced {
                problems.append("\(now): a replaced server is used")
            }
        }
        carryOut(actions)
    }

    private mutating func change() {
        let former = primary
        if now < Self.calm || random.oneIn(2) {
            // Also the same one, if others miss what was between.
            let epoch = former.configEpoch + UInt64(random.number(1...3))
            promotions.append(Self.location(random.below(Self.servers), epoch))
        }
        for sentinel in sentinels.indices { sentinels[sentinel] = randomSentinel() }
        if now >= Self.calm {
            sentinels[random.below(sentinels.count)] = .view(primary, delay: Int64(random.below(400)))
        }
        // The announcement may be missed, and come late.
        guard former != primary, random.oneIn(2) else { return }
        announce(former, primary)
    }

    private mutating func announce(_ former: Location, _ new: Location) {
        let isOfCurrent =
            !isStopped && highest?.location.endpoint == former.endpoint && former.endpoint != new.endpoint
        let sentinel = random.below(sentinels.count)
        let change = RedisSentinelSwitch(former: former.endpoint, new: new.endpoint)
        if isOfCurrent, !isAnnounced {
            isAnnounced = true
            announcer = (sentinel, rounds)
            highest?.time = now
        }
        let actions = machine.announced(change, by: sentinel, now: time)
        carryOut(actions)
        if isOfCurrent, clients.contains(where: { $0 == highest?.location }) {
            problems.append("\(now): an announced server is not left")
        }
    }

    /// The Sentinels forget all configurations and begin again with the first one.
    private mutating func configureAnew() {
        promotions = [Self.location(random.below(Self.servers), 0)]
        for sentinel in sentinels.indices { sentinels[sentinel] = .view(primary, delay: Int64(random.below(400))) }
    }

    private mutating func carryOut(_ actions: [Machine.Action]) {
        for action in actions {
            switch action {
            case .reportSwitch(let former, let new): follow(from: former, to: new)
            case .deliver(_, let location) where isAnnounced && location == highest?.location: takeBack()
            default: break
            }
        }
        for (position, action) in actions.enumerated() {
            switch action {
            case .ask(let number):
                if !open.isEmpty { problems.append("\(now): questions of two rounds at a time") }
                if number == round { problems.append("\(now): two rounds have one number") }
                round = number
                rounds += 1
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
            case .deliver(let waiters, let location): deliver(waiters, location)
            case .fail(let waiters, _):
                for waiter in waiters {
                    settle(waiter)
                    guard !isStopped else { continue }
                    if !isAnnounced, named.contains(where: { $0 == highest?.location }) {
                        problems.append("\(now): fails though the primary was named")
                    }
                    schedule(Int64(random.number(5...60)), .ask(client: waiter.client))
                }
            case .reportSwitch: break
            case .move(let location):
                if position != actions.count - 1 { problems.append("\(now): connections move before the end") }
                move(to: location)
            }
        }
    }

    private mutating func follow(from former: Location, to location: Location) {
        if former == location { problems.append("\(now): reports no change") }
        guard let highest, location != highest.location else { return }
        // Another address for the same number, as after a new configuration.
        guard location.configEpoch < highest.location.configEpoch || isAnnounced else {
            return self.highest = (location, now)
        }
        if now - highest.time < Self.patience { problems.append("\(now): believes a lower number too early") }
        let least = highest.location.configEpoch + (isAnnounced ? 1 : 0)
        if named.contains(where: { $0.configEpoch >= least }) {
            problems.append("\(now): believes a lower number beside a higher one")
        }
        self.highest = (location, now)
        isAnnounced = false
    }

    /// Believes an announcement no longer, because nobody knows the successor.
    private mutating func takeBack() {
        guard let highest else { return }
        if now - highest.time < Self.patience { problems.append("\(now): forgets an announcement too early") }
        isAnnounced = false
    }

    private mutating func move(to location: Location?) {
        if let location, location != highest?.location || isAnnounced {
            problems.append("\(now): leads to a replaced server")
        }
        for client in clients.indices where clients[client] != nil && clients[client] != location {
            clients[client] = nil
            schedule(Int64(random.below(3)), .ask(client: client))
        }
    }

    private mutating func deliver(_ waiters: [Waiter], _ location: Location) {
        if location != highest?.location || isAnnounced {
            problems.append("\(now): delivers a replaced server")
        }
        if !isEnd {
            if named.count * 2 <= sentinels.count { problems.append("\(now): delivers before most have replied") }
            if unusable.contains(location.endpoint) { problems.append("\(now): delivers an unusable server too early") }
        }
        for waiter in waiters {
            settle(waiter)
            schedule(Int64(random.below(30)), .connect(client: waiter.client, location))
        }
    }

    private mutating func settle(_ waiter: Waiter) {
        guard let since = waiting.removeValue(forKey: waiter) else {
            return problems.append("\(now): a second outcome")
        }
        // Of one round, and of those that an announcement and the first failure of a server put in its place.
        if now - since > 1_500 { problems.append("\(now): waits for \(now - since) ms") }
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
                if !actions.contains(.check) { problems.append("\(now): the Sentinels are not asked") }
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
            case .check: lastCheck = now
            case .announced: followed += 1
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
