import CachedRoutesCore
import NIOCore
import RouteModel
import Synchronization

/// Simulates a fleet of processes that answer requests from one store: a queue of events, with the service's own decisions
/// between them.
///
/// A process does what the service does for a route with `coalesce`, `near` and tags, as `MissResponder`, `SingleFlight` and
/// `DistributedFiller` do it. What a store takes to answer, and a database, is drawn.
package final class FleetSimulation {
    /// The outcome of a flight. All are the same here.
    private typealias Board = SingleFlightStateMachine<Waiter, Void>

    /// A request that misses.
    private struct Waiter {
        let number: Int
        let askedAt: Int64
    }

    private struct Process {
        let number: Int
        var board = Board()
        var near: NearMemory
        let renewals: TagVersionRenewalSchedule
        var waiters = 0
    }

    /// A response that has to be made.
    private struct Fill {
        let process: Int
        let key: Int
        let ticket: Board.Ticket
        let tokens: [TagVersion]
        /// The stale entry that the lookup has found.
        let previous: CacheEntry?
        let deadline: Int64
        /// The lock that the process holds, to be released once the response is stored.
        var lock: (name: [UInt8], owner: String)?
    }

    /// What is known of a key's responses under some tag versions, by somebody who sees all processes at once.
    private struct Truth {
        var tokens: [TagVersion]
        /// The number of queries under way.
        var underWay = 0
        /// The end of the freshness of the latest response, in milliseconds.
        var freshUntil: Int64 = 0
    }

    /// For each key, the latest tag versions: requests that have read those before a purge may come late.
    private static let knownVersions = 3

    private let configuration: FleetConfiguration
    private let names: FleetNames
    private let zipf: ZipfKeys
    private let body: ByteBuffer
    private let lifetime = TagVersionLifetime()
    private let clock: SharedClock
    private var queue = EventQueue()
    private var now: Int64 = 0
    private var store: SimulatedStore
    private var processes: [Process]
    private var truth: [Int: [Truth]] = [:]
    private var report = FleetReport()
    private var load: FleetRandom
    private var delays: FleetRandom
    private var draws: FleetRandom
    private var lastNumber = 0
    private var underWay = 0

    package init(_ configuration: FleetConfiguration) {
        self.configuration = configuration
        names = FleetNames(configuration)
        zipf = ZipfKeys(count: configuration.keys, exponent: configuration.exponent)
        body = ByteBuffer(repeating: UInt8(ascii: "x"), count: configuration.bodySize)
        let clock = SharedClock()
        self.clock = clock
        let (keys, count) = (configuration.keys, configuration.processes)
        store = SimulatedStore(keys: keys, versions: names.versions.count, processes: count)
        let lifetime = lifetime
        lifetime.cover(entriesOf: Int64(configuration.ttl * 1000) + 10_000)
        processes = (0..<count).map {
            let renewals = TagVersionRenewalSchedule(life: lifetime, clock: WallClock { clock.milliseconds })
            return Process(number: $0, near: NearMemory(budget: configuration.nearBudget), renewals: renewals)
        }
        load = FleetRandom(seed: configuration.seed)
        delays = FleetRandom(seed: configuration.seed &+ 1 << 32)
        draws = FleetRandom(seed: configuration.seed &+ 2 << 32)
    }

    /// An object, because the service's clocks may be read on any thread.
    private final class SharedClock: Sendable {
        private let time = Atomic<Int64>(0)

        var milliseconds: Int64 {
            get { time.load(ordering: .relaxed) }
            set { time.store(newValue, ordering: .relaxed) }
        }
    }

    /// Simulates the load, and then lets every request end.
    package func run() -> FleetReport {
        let end = Int64(configuration.seconds * 1e6)
        scheduleRequest()
        if configuration.purgesPerSecond > 0 { schedulePurge() }
        if configuration.tableChangesPerSecond > 0 { scheduleTableChange() }
        while let event = queue.next(until: end + Int64(configuration.timeLimit * 2e6)) {
            now = event.time
            clock.milliseconds = milliseconds
            event.body()
        }
        report.storedEntries = store.entryCount
        report.unanswered = underWay
        return report
    }

    private static let origin: Int64 = 1_700_000_000_000

    /// The time of day.
    private var milliseconds: Int64 { Self.origin + now / 1000 }

    private var isOver: Bool { Double(now) >= configuration.seconds * 1e6 }

    // MARK: - Time

    private func after(_ seconds: Double, _ body: @escaping () -> Void) {
        queue.add(at: now + max(1, Int64(seconds * 1e6)), body)
    }

    /// Does something when a message has gone one way between a process and a server.
    private func onArrival(_ body: @escaping () -> Void) {
        after(configuration.shortestDelay + delays.exponential(configuration.variableDelay), body)
    }

    // MARK: - Requests

    private func scheduleRequest() {
        after(load.exponential(1 / configuration.requestsPerSecond)) { [self] in
            guard !isOver else { return }
            request(zipf.draw(&load), to: load.below(configuration.processes))
            scheduleRequest()
        }
    }

    private func request(_ key: Int, to process: Int) {
        report.requests += 1
        let askedAt = now
        guard configuration.near > 0 else {
            return lookUp(key, process, askedAt: askedAt) { _ in }
        }
        let lookup = processes[process].near.lookUp(
            names.key(key),
            orOther: false,
            tokens: names.versions(of: key),
            at: milliseconds
        )
        switch lookup {
        case .hit: report.nearHits += 1
        case .miss(let read):
            lookUp(key, process, askedAt: askedAt) { [self] found in
                endNear(read, of: key, process, found)
            }
        }
    }

    /// Looks up an entry with its tag versions, and makes a response if there is none that may be used.
    private func lookUp(
        _ key: Int,
        _ process: Int,
        askedAt: Int64,
        took: @escaping ((entry: CacheEntry?, tokens: [TagVersion?])) -> Void
    ) {
        underWay += 1
        let departures = processes[process].board.departures
        read(key, for: process, isTracked: configuration.near > 0) { [self] entry, tokens in
            took((entry, tokens))
            if let entry, entry.matches(tokens), StoredResponseReuse(now: milliseconds).isFresh(entry) {
                report.storeHits += 1
                return answered(askedAt)
            }
            report.misses += 1
            complete(tokens, of: key) { [self] tokens in
                join(key, process, tokens, entry, departures: departures, askedAt: askedAt)
            }
        }
    }

    private func answered(_ askedAt: Int64) {
        underWay -= 1
        report.longestWait = max(report.longestWait, Double(now - askedAt) / 1e6)
    }

    /// Reads an entry and its tag versions in one exchange with the store.
    private func read(
        _ key: Int,
        for process: Int,
        isTracked: Bool,
        _ body: @escaping (CacheEntry?, [TagVersion?]) -> Void
    ) {
        let numbers = names.versionNumbers(of: key)
        report.reads.add(names.lookupSize(of: key), times: 1)
        report.reads.count += configuration.primaries > 0 ? numbers.count : 0
        onArrival { [self] in
            let now = milliseconds
            let entry = store.entry(key, at: now)
            let tokens = numbers.map { store.version($0, at: now) }
            if isTracked {
                store.track([key] + numbers.map { configuration.keys + $0 }, for: process)
                report.peakTrackedKeys = max(report.peakTrackedKeys, store.trackedCount)
            }
            onArrival { body(entry, tokens) }
        }
    }

    /// Creates the tag versions that are missing.
    private func complete(_ tokens: [TagVersion?], of key: Int, _ body: @escaping ([TagVersion]) -> Void) {
        let complete = tokens.compactMap { $0 }
        guard complete.count < tokens.count else { return body(complete) }
        let numbers = names.versionNumbers(of: key)
        for (number, token) in zip(numbers, tokens) where token == nil {
            report.versions.add(names.creationSize(of: number))
            report.versions.count += 1
        }
        onArrival { [self] in
            let tokens = zip(numbers, tokens).map { number, token in
                token
                    ?? store.create(
                        newVersion(),
                        at: number,
                        until: milliseconds + lifetime.milliseconds,
                        now: milliseconds
                    )
            }
            onArrival { body(tokens) }
        }
    }

    private func newVersion() -> TagVersion {
        lastNumber += 1
        let digits = String(lastNumber, radix: 36)
        let value = String(repeating: "0", count: 15 - digits.count) + digits
        return TagVersion(value: value, server: "0123456789abcde")
    }

    // MARK: - The near cache

    /// As `NearStore` does when a read ends.
    private func endNear(
        _ read: NearMemory.PendingRead,
        of key: Int,
        _ process: Int,
        _ found: (entry: CacheEntry?, tokens: [TagVersion?])
    ) {
        guard processes[process].near.end(read), let entry = found.entry, entry.matches(found.tokens) else { return }
        let remaining = entry.storedAt + entry.storeLifetime - milliseconds
        let lifetime = min(Int64(configuration.near * 1000), remaining)
        guard lifetime > 0 else { return }
        processes[process].near.put(
            entry,
            under: names.key(key),
            tokens: names.versions(of: key),
            expiry: milliseconds + lifetime,
            at: milliseconds
        )
        report.peakNearBytes = max(report.peakNearBytes, processes[process].near.cost)
        report.peakNearCount = max(report.peakNearCount, processes[process].near.count)
    }

    /// Tells processes that a key has changed.
    private func announce(_ slot: SimulatedStore.Slot, to listeners: [Int]) {
        guard !listeners.isEmpty else { return }
        let isEntry = slot < configuration.keys
        let size = isEntry ? names.key(slot).whole.count : names.versions[slot - configuration.keys].bytes.count
        report.invalidations.add(CommandSize.invalidation(of: size), times: listeners.count)
        for process in listeners {
            onArrival { [self] in
                if isEntry {
                    processes[process].near.change([.entry(names.key(slot))])
                } else {
                    processes[process].near.change([.token(names.versions[slot - configuration.keys])])
                }
            }
        }
    }

    // MARK: - Misses

    private func join(
        _ key: Int,
        _ process: Int,
        _ tokens: [TagVersion],
        _ previous: CacheEntry?,
        departures: UInt64,
        askedAt: Int64
    ) {
        lastNumber += 1
        let joining = processes[process].board.join(
            FlightID(key: names.key(key), tokens: tokens),
            Waiter(number: lastNumber, askedAt: askedAt),
            departuresBeforeLookup: departures
        )
        switch joining {
        case .landed: answered(askedAt)
        case .wait: waits(1, process)
        case .lead(let ticket, let mayBeStored):
            waits(1, process)
            report.peakFlights = max(report.peakFlights, processes[process].board.count)
            let fill = Fill(
                process: process,
                key: key,
                ticket: ticket,
                tokens: tokens,
                previous: previous,
                deadline: askedAt + Int64(configuration.timeLimit * 1e6)
            )
            make(fill, mayBeStored: mayBeStored)
        }
    }

    private func waits(_ count: Int, _ process: Int) {
        processes[process].waiters += count
        report.peakWaiters = max(report.peakWaiters, processes[process].waiters)
    }

    /// As `DistributedFiller` makes a response.
    private func make(_ fill: Fill, mayBeStored: Bool) {
        switch configuration.coalescing {
        case .process:
            guard mayBeStored else { return query(fill) }
            newEntry(for: fill) { [self] isStored in
                if isStored { land(fill) } else { query(fill) }
            }
        case .fleet:
            // The second half of the time is left for making the response alone.
            let bound = now + (fill.deadline - now) / 2
            lastNumber += 1
            takeTurn(FillLockStateMachine(bound: Self.deadline(bound)), owner: "\(lastNumber)", fill)
        }
    }

    private static func deadline(_ microseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(UInt64(microseconds) * 1000)
    }

    private func takeTurn(_ turn: FillLockStateMachine, owner: String, _ fill: Fill) {
        let name = fill.ticket.id.lockName
        let life = max(1, (fill.deadline - now) / 1000)
        report.locks.add(names.lockSize(name, life: life))
        onArrival { [self] in
            let result = store.acquire(name, owner, life: life, now: milliseconds)
            onArrival { [self] in
                newEntry(for: fill) { [self] isStored in
                    var (turn, fill) = (turn, fill)
                    if result == .acquired { fill.lock = (name, owner) }
                    switch turn.next(result, isStored: isStored, at: Self.deadline(now)) {
                    case .take: land(fill)
                    case .lead: query(fill)
                    case .alone:
                        release(fill)
                        fill.lock = nil
                        query(fill)
                    case .wait(let pause):
                        after(Double(pause.nanoseconds) / 1e9) { [turn] in
                            self.takeTurn(turn, owner: owner, fill)
                        }
                    }
                }
            }
        }
    }

    /// Looks for a response that another process has stored meanwhile.
    private func newEntry(for fill: Fill, _ body: @escaping (Bool) -> Void) {
        report.reads.add(names.readSize(of: fill.key))
        onArrival { [self] in
            let entry = store.entry(fill.key, at: milliseconds)
            onArrival { [self] in
                let reuse = StoredResponseReuse(now: milliseconds)
                body(entry.map { reuse.isNew($0, under: fill.tokens, after: fill.previous) } ?? false)
            }
        }
    }

    private func query(_ fill: Fill) {
        report.queries += 1
        var known = truth[fill.key, default: []]
        let place = known.firstIndex { $0.tokens == fill.tokens } ?? known.endIndex
        if place == known.endIndex { known.append(Truth(tokens: fill.tokens)) }
        if known[place].underWay == 0, known[place].freshUntil <= milliseconds { report.expiries += 1 }
        known[place].underWay += 1
        truth[fill.key] = known.suffix(Self.knownVersions)
        let begun = milliseconds
        after(configuration.shortestQuery + delays.exponential(configuration.variableQuery)) { [self] in
            store(fill, begun: begun)
        }
    }

    private func store(_ fill: Fill, begun: Int64) {
        let ttl = StoragePolicy.shortened(
            Int64(configuration.ttl * 1000),
            byUpTo: configuration.jitter,
            draw: draws.unit()
        )
        let entry = CacheEntry(
            status: 200,
            storedAt: milliseconds,
            ttl: ttl,
            entityTag: "eab18157d5c66264513dc0329ffccace",
            contentType: "application/json",
            madeIn: milliseconds - begun,
            tokens: fill.tokens,
            body: body
        )
        if let place = truth[fill.key]?.firstIndex(where: { $0.tokens == fill.tokens }) {
            truth[fill.key]?[place].underWay -= 1
            truth[fill.key]?[place].freshUntil = milliseconds + ttl
        }
        for waiter in landing(fill) { answered(waiter.askedAt) }
        let numbers = names.versionNumbers(of: fill.key)
        let due = processes[fill.process].renewals.due(names.versions(of: fill.key), fill.tokens)
        report.writes.add(names.writeSize(of: fill.key, life: entry.storeLifetime))
        let renewed = numbers.filter { due.contains(names.versions[$0]) }
        for number in renewed { report.versions.add(names.renewalSize(of: number)) }
        onArrival { [self] in
            let expiry = milliseconds + entry.storeLifetime
            announce(fill.key, to: store.set(entry, at: fill.key, until: expiry))
            after(Double(entry.storeLifetime) / 1000) { [self] in
                announce(fill.key, to: store.expire(fill.key, at: milliseconds))
            }
            for number in renewed {
                guard let told = store.renew(number, for: lifetime.milliseconds, now: milliseconds) else { continue }
                report.versions.add(names.extensionSize(of: number))
                announce(configuration.keys + number, to: told)
            }
            onArrival { [self] in
                _ = processes[fill.process].board.depart(fill.ticket)
                release(fill)
            }
        }
    }

    /// Ends a flight whose response is stored.
    private func land(_ fill: Fill) {
        let waiters = landing(fill)
        _ = processes[fill.process].board.depart(fill.ticket)
        release(fill)
        for waiter in waiters { answered(waiter.askedAt) }
    }

    private func landing(_ fill: Fill) -> [Waiter] {
        let waiters = processes[fill.process].board.land(fill.ticket, with: ())
        waits(-waiters.count, fill.process)
        return waiters
    }

    private func release(_ fill: Fill) {
        guard let lock = fill.lock else { return }
        report.locks.add(names.releaseSize(lock.name))
        onArrival { [self] in store.release(lock.name, lock.owner) }
    }

    // MARK: - Purges

    private func schedulePurge() {
        after(load.exponential(1 / configuration.purgesPerSecond)) { [self] in
            guard !isOver else { return }
            // What is asked for is what is changed.
            purge(names.tagNumber(of: zipf.draw(&load)), by: load.below(configuration.processes))
            schedulePurge()
        }
    }

    private func scheduleTableChange() {
        after(load.exponential(1 / configuration.tableChangesPerSecond)) { [self] in
            guard !isOver else { return }
            let number = names.tableNumber(load.below(configuration.tables))
            // A notification reaches all listeners at about the same time, and each purges.
            for process in processes.indices { onArrival { self.purge(number, by: process) } }
            scheduleTableChange()
        }
    }

    private func purge(_ number: Int, by process: Int) {
        report.purges.add(CommandSize.of(6, names.versions[number].bytes.count))
        onArrival { [self] in
            announce(configuration.keys + number, to: store.purge(number))
            onArrival { [self] in processes[process].near.change([.token(names.versions[number])]) }
        }
    }
}
