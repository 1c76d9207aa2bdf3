import Metrics
package import NIOCore
package import RouteModel
import Synchronization

/// The bounded store in this process's memory.
package final class MemoryStore: CacheStore {
    private let cache: Mutex<LRUCache<CacheKey, CacheEntry>>
    private let clock: WallClock
    private let evictions = Counter(label: "cached_routes_memory_evictions_total")
    /// What an entry takes beside its bytes: the record, the key's array and its place in the index, roughly.
    private static let overhead = 512

    /// A store that holds at most `budget` bytes.
    package init(budget: Int, clock: WallClock = .system) {
        cache = Mutex(LRUCache(budget: budget))
        self.clock = clock
    }

    /// Reading takes no time.
    package var longestRead: TimeAmount { .zero }

    /// The bytes held now, and the number of entries.
    package var usage: (bytes: Int, entries: Int) { cache.withLock { ($0.cost, $0.count) } }

    /// Reads at once.
    package func read(_ key: CacheKey, on eventLoop: any EventLoop) -> PendingReading {
        let now = clock.now
        return .ready(cache.withLock { $0.value(for: key, at: now) }.map(StoreReading.found) ?? .absent)
    }

    /// Keeps at once, unless the entry alone is over the budget.
    package func keep(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        for lifetime: Int64
    ) -> Keeping {
        // A slice would hold all of the buffer it was cut from, which the budget does not see.
        var entry = entry
        if entry.body.storageCapacity > entry.body.readableBytes * 2 {
            entry.body = ByteBuffer(bytes: entry.body.readableBytesView)
        }
        let cost = entry.body.storageCapacity + key.whole.count + Self.overhead
        let expiry = clock.now + lifetime
        let kept = entry
        let (isKept, evicted) = cache.withLock { cache in
            let before = cache.evictions
            var isKept = true
            for variant in variants {
                isKept = cache.insert(kept, for: key.variant(variant), cost: cost, expiry: expiry) && isKept
            }
            return (isKept, cache.evictions - before)
        }
        if evicted > 0 { evictions.increment(by: Int64(evicted)) }
        return isKept ? .done : .refused
    }

    /// Removes at once.
    package func remove(_ key: CacheKey) {
        cache.withLock { cache in
            cache.removeValue(for: key.variant(.identity))
            cache.removeValue(for: key.variant(.gzip))
        }
    }
}
