import Metrics
package import NIOCore
package import RouteModel
import Synchronization

/// The bounded store in this process's memory.
package final class MemoryStore: CacheStore {
    private let table: Mutex<EntryTable>
    private let clock: WallClock
    private let tagVersionLifetime: TagVersionLifetime
    /// Identifies this process: nothing outlives it, so no purge is ever lost.
    private let server = TagVersion.randomValue()
    private let evictions = Counter(label: "cached_routes_memory_evictions_total")

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - budget: the largest size in bytes.
    ///   - tagVersionLifetime: the lifetime of tag versions.
    ///   - clock: the clock by which entries expire.
    package init(budget: Int, tagVersionLifetime: TagVersionLifetime = TagVersionLifetime(), clock: WallClock = .system)
    {
        table = Mutex(EntryTable(budget: budget))
        self.tagVersionLifetime = tagVersionLifetime
        self.clock = clock
    }

    /// Always `false`: memory accepts all entries that fit.
    package var isRefusing: Bool { false }

    /// The current size in bytes, and the number of entries and tag versions.
    package var usage: (bytes: Int, entries: Int) { table.withLock { ($0.cost, $0.count) } }

    /// Reads at once.
    package func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        let now = clock.now
        return .ready(table.withLock { $0.read(key, orOther: orOther, tokens: tokens, at: now) })
    }

    /// Reads at once.
    package func tokens(_ names: [TagVersionKey], on eventLoop: any EventLoop) -> EventLoopFuture<[TagVersion?]> {
        let now = clock.now
        return eventLoop.makeSucceededFuture(table.withLock { table in names.map { table.token($0, at: now) } })
    }

    /// Creates the missing tag versions at once.
    package func createTokens(
        _ names: [TagVersionKey],
        knowing known: [TagVersion?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[TagVersion]?> {
        let now = clock.now
        let expiry = now + tagVersionLifetime.milliseconds
        let tokens = table.withLock { table -> [TagVersion]? in
            var tokens: [TagVersion] = []
            for name in names {
                if let token = table.token(name, at: now) {
                    tokens.append(token)
                    continue
                }
                let token = TagVersion(value: TagVersion.randomValue(), server: server)
                guard table.insert(token, as: name, expiry: expiry) else { return nil }
                tokens.append(token)
            }
            return tokens
        }
        return eventLoop.makeSucceededFuture(tokens)
    }

    /// Stores at once, unless the entry alone exceeds the budget.
    package func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        tokens: [TagVersionKey],
        for lifetime: Int64,
        _ mode: PutMode
    ) -> PutResult {
        let entry = entry.compacted
        let now = clock.now
        let tokenExpiry = now + tagVersionLifetime.milliseconds
        let (isStored, evicted) = table.withLock { table in
            let before = table.evictions
            for name in tokens { table.extend(name, until: tokenExpiry) }
            switch mode {
            case .add where table.contains(key, at: now): return (true, 0)
            case .add, .replace: break
            case .replaceBoth: table.remove(.entry(key.other))
            }
            let isStored = table.insert(entry, under: key, expiry: now + lifetime)
            return (isStored, table.evictions - before)
        }
        if evicted > 0 { evictions.increment(by: Int64(evicted)) }
        return isStored ? .done : .refused
    }

    /// Removes at once.
    package func remove(_ key: CacheKey) {
        table.withLock { table in
            table.remove(.entry(key.variant(.identity)))
            table.remove(.entry(key.variant(.gzip)))
        }
    }

    /// Purges at once.
    package func purge(_ names: [TagVersionKey]) async -> Bool {
        table.withLock { table in
            for name in names { table.remove(.token(name)) }
        }
        return true
    }
}
