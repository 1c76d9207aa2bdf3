import Metrics
package import NIOCore
import RouteModel
import Synchronization

/// A store whose server announces changes of values that were read from it.
package protocol TrackedStore: CacheStore {
    /// Indicates that values read with tracking are known to be current.
    var isTracking: Bool { get }

    /// Reads as ``CacheStore/read(_:orOther:tokens:near:within:on:)`` does, and tells if the server tracks the keys.
    ///
    /// - Parameters:
    ///   - key: the key of the entry.
    ///   - orOther: true to read the key of the other form in the same step.
    ///   - tokens: the keys of the tag versions.
    ///   - bound: the time limit, after which the store counts as unavailable.
    ///   - eventLoop: the caller's event loop.
    func readTracked(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreLookupResult, isTracked: Bool)>
}

/// Stores what was read from another store in this process's own memory for as long as that store's server announces no
/// change.
///
/// A hit uses no socket. A purge by this process takes effect at once, one by another process when the server's
/// announcement arrives.
package final class NearStore: ForwardingStore {
    private let tracked: any TrackedStore
    private let memory: Mutex<NearMemory>
    private let clock: WallClock
    private let hits = Counter(label: "cached_routes_near_hits_total")
    private let flushes = Counter(label: "cached_routes_near_flushes_total")

    /// Makes a near cache.
    ///
    /// - Parameters:
    ///   - origin: the store to read from.
    ///   - budget: the largest size in bytes.
    ///   - clock: the clock by which entries expire.
    package init(of origin: any TrackedStore, budget: Int, clock: WallClock) {
        tracked = origin
        self.clock = clock
        memory = Mutex(NearMemory(budget: budget))
    }

    package var origin: any CacheStore { tracked }

    /// The current size in bytes, the number of entries and tag versions, and the number of keys that are being read.
    var usage: (bytes: Int, count: Int, readings: Int) { memory.withLock { ($0.cost, $0.count, $0.pendingReads) } }

    package func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        // The server announces shortened keys, from which the whole key cannot be told.
        guard near > 0, !key.isCut, tracked.isTracking else {
            return origin.read(key, orOther: orOther, tokens: tokens, near: 0, within: bound, on: eventLoop)
        }
        let now = clock.now
        switch memory.withLock({ $0.lookUp(key, orOther: orOther, tokens: tokens, at: now) }) {
        case .hit(let result):
            hits.increment()
            return .ready(result)
        case .miss(let read):
            return .pending(
                tracked.readTracked(key, orOther: orOther, tokens: tokens, within: bound, on: eventLoop).map { result in
                    self.end(
                        read,
                        of: key,
                        tokens: tokens,
                        near: near,
                        result: result.reading,
                        isTracked: result.isTracked
                    )
                    return result.reading
                }
            )
        }
    }

    private func end(
        _ read: NearMemory.PendingRead,
        of key: CacheKey,
        tokens: [TagVersionKey],
        near: Int64,
        result: StoreLookupResult,
        isTracked: Bool
    ) {
        let entry = isTracked ? result.entry.flatMap { $0.matches(result.tokens) ? $0.compacted : nil } : nil
        let now = clock.now
        memory.withLock { memory in
            guard memory.end(read), let entry else { return }
            let lifetime = min(near, entry.storeLifetime - entry.age(at: now))
            guard lifetime > 0 else { return }
            let key = result.isOther ? key.other : key
            memory.put(entry, under: key, tokens: tokens, expiry: now + lifetime, at: now)
        }
    }

    /// Removes keys that the server has announced as changed.
    package func invalidated(_ keys: some Sequence<some Collection<UInt8>>) {
        let slots = keys.map { key -> EntryTable.Slot in
            TagVersionKey(stored: key).map { .token($0) } ?? .entry(CacheKey(stored: key))
        }
        memory.withLock { $0.change(slots) }
    }

    /// Removes everything, because changes may have been missed.
    package func flushed() {
        let old = memory.withLock { $0.flush() }
        if old.count > 0 { flushes.increment() }
    }

    package func remove(_ key: CacheKey) {
        forget(key)
        origin.remove(key)
    }

    package func reject(_ key: CacheKey, _ error: EntryPolicyViolation) {
        forget(key)
        origin.reject(key, error)
    }

    private func forget(_ key: CacheKey) {
        memory.withLock { $0.change([.entry(key.variant(.identity)), .entry(key.variant(.gzip))]) }
    }

    /// Removes tag versions. Once it returns, no older response is served from here, whatever the server announces
    /// later: results read under the versions before their removal are dropped after it.
    package func purge(_ names: [TagVersionKey]) async -> Bool {
        let isDone = await origin.purge(names)
        memory.withLock { $0.change(names.map { .token($0) }) }
        return isDone
    }
}
