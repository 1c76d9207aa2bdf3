import Metrics
package import NIOCore
import RouteModel
import Synchronization

/// A store whose server says when something that was read from it changes.
package protocol TrackedStore: CacheStore {
    /// Whether what was read with tracking is known to be current.
    var isTracking: Bool { get }

    /// Reads as ``CacheStore/read(_:tokens:near:within:on:)`` does, and says whether the server remembers that.
    func readTracked(
        _ key: CacheKey,
        tokens: [TagVersionKey],
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreLookupResult, isTracked: Bool)>
}

/// Keeps what was read from a store in this process's own memory, for as long as the store's server says that it is the same.
///
/// A hit touches no socket. A purge of this process is heeded at once, one of another process when the server's word of it has
/// come.
package final class NearStore: ForwardingStore {
    private let tracked: any TrackedStore
    private let memory: Mutex<NearMemory>
    private let clock: WallClock
    private let hits = Counter(label: "cached_routes_near_hits_total")
    private let flushes = Counter(label: "cached_routes_near_flushes_total")

    /// A near cache of at most `budget` bytes.
    package init(of origin: any TrackedStore, budget: Int, clock: WallClock) {
        tracked = origin
        self.clock = clock
        memory = Mutex(NearMemory(budget: budget))
    }

    package var origin: any CacheStore { tracked }

    /// The bytes held now, the number of entries and tokens, and of what is being read.
    var usage: (bytes: Int, count: Int, readings: Int) { memory.withLock { ($0.cost, $0.count, $0.readings) } }

    package func read(
        _ key: CacheKey,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> PendingStoreResult {
        // The server names a cut key, and nothing says what it was cut from.
        guard near > 0, !key.isCut, tracked.isTracking else {
            return origin.read(key, tokens: tokens, near: 0, within: bound, on: eventLoop)
        }
        let now = clock.now
        switch memory.withLock({ $0.look(for: key, tokens, at: now) }) {
        case .hit(let reading):
            hits.increment()
            return .ready(reading)
        case .miss(let ticket):
            return .pending(
                tracked.readTracked(key, tokens: tokens, within: bound, on: eventLoop).map { result in
                    self.end(ticket, result.reading, isTracked: result.isTracked, key, tokens, near)
                    return result.reading
                }
            )
        }
    }

    private func end(
        _ ticket: NearMemory.Ticket,
        _ reading: StoreLookupResult,
        isTracked: Bool,
        _ key: CacheKey,
        _ names: [TagVersionKey],
        _ near: Int64
    ) {
        let entry = isTracked ? reading.entry.flatMap { $0.matches(reading.tokens) ? $0.compacted : nil } : nil
        let now = clock.now
        memory.withLock { memory in
            guard memory.end(ticket), let entry else { return }
            let life = min(near, entry.storeLifetime - entry.age(at: now))
            if life > 0 { memory.put(entry, under: key, names, expiry: now + life, at: now) }
        }
    }

    /// The server says that these keys have changed.
    package func invalidated(_ keys: some Sequence<some Collection<UInt8>>) {
        let slots = keys.map { key -> EntryTable.Slot in
            TagVersionKey(stored: key).map { .token($0) } ?? .entry(CacheKey(stored: key))
        }
        memory.withLock { $0.change(slots) }
    }

    /// What was read so far may have changed unnoticed.
    package func flushed() {
        let old = memory.withLock { $0.flush() }
        if old.count > 0 { flushes.increment() }
    }

    package func remove(_ key: CacheKey) {
        forget(key)
        origin.remove(key)
    }

    package func reject(_ key: CacheKey, _ fault: EntryFault) {
        forget(key)
        origin.reject(key, fault)
    }

    private func forget(_ key: CacheKey) {
        memory.withLock { $0.change([.entry(key.variant(.identity)), .entry(key.variant(.gzip))]) }
    }

    /// Nothing older is given here once it returns, whatever the store's server says later: what was read under the tokens
    /// before they were taken away is let go after that.
    package func purge(_ names: [TagVersionKey]) async -> Bool {
        let isDone = await origin.purge(names)
        memory.withLock { $0.change(names.map { .token($0) }) }
        return isDone
    }
}
