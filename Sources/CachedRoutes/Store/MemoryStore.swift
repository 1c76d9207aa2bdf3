import Metrics
package import NIOCore
package import RouteModel
import Synchronization

/// The bounded store in this process's memory.
package final class MemoryStore: CacheStore {
    /// What entries and tokens are kept under.
    private enum Slot: Hashable {
        case entry(CacheKey)
        case token(TokenName)
    }

    private enum Kept {
        case entry(CacheEntry)
        case token(Token)
    }

    private let cache: Mutex<LRUCache<Slot, Kept>>
    private let clock: WallClock
    private let tokenLife: TokenLife
    /// Nothing outlives this process, and so no purge is ever forgotten.
    private let server = Token.randomValue()
    private let evictions = Counter(label: "cached_routes_memory_evictions_total")
    /// What an entry takes beside its bytes: the record, the key's array and its place in the index, roughly.
    private static let overhead = 512

    /// A store that holds at most `budget` bytes.
    package init(budget: Int, tokenLife: TokenLife = TokenLife(), clock: WallClock = .system) {
        cache = Mutex(LRUCache(budget: budget))
        self.tokenLife = tokenLife
        self.clock = clock
    }

    /// Reading takes no time.
    package var longestRead: TimeAmount { .zero }

    /// The bytes held now, and the number of entries and tokens.
    package var usage: (bytes: Int, entries: Int) { cache.withLock { ($0.cost, $0.count) } }

    /// Reads at once.
    package func read(_ key: CacheKey, tokens: [TokenName], on eventLoop: any EventLoop) -> PendingReading {
        let now = clock.now
        let reading = cache.withLock { cache in
            let tokens = tokens.map { name -> Token? in
                if case .token(let token) = cache.value(for: .token(name), at: now) { token } else { nil }
            }
            guard case .entry(let entry) = cache.value(for: .entry(key), at: now) else {
                return StoreReading(.absent, tokens: tokens)
            }
            return StoreReading(.found(entry), tokens: tokens)
        }
        return .ready(reading)
    }

    /// Creates at once.
    package func createTokens(
        _ names: [TokenName],
        knowing known: [Token?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[Token]?> {
        let now = clock.now
        let expiry = now + tokenLife.milliseconds
        let tokens = cache.withLock { cache -> [Token]? in
            var tokens: [Token] = []
            for name in names {
                if case .token(let token) = cache.value(for: .token(name), at: now) {
                    tokens.append(token)
                    continue
                }
                let token = Token(value: Token.randomValue(), server: server)
                let cost = name.bytes.count + Self.overhead
                guard cache.insert(.token(token), for: .token(name), cost: cost, expiry: expiry) else { return nil }
                tokens.append(token)
            }
            return tokens
        }
        return eventLoop.makeSucceededFuture(tokens)
    }

    /// Keeps at once, unless the entry alone is over the budget.
    package func keep(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        tokens: [TokenName],
        for lifetime: Int64
    ) -> Keeping {
        // A slice would hold all of the buffer it was cut from, which the budget does not see.
        var entry = entry
        if entry.body.storageCapacity > entry.body.readableBytes * 2 {
            entry.body = ByteBuffer(bytes: entry.body.readableBytesView)
        }
        let cost = entry.body.storageCapacity + key.whole.count + Self.overhead
        let now = clock.now
        let tokenExpiry = now + tokenLife.milliseconds
        let kept = entry
        let (isKept, evicted) = cache.withLock { cache in
            let before = cache.evictions
            for name in tokens { cache.extend(.token(name), until: tokenExpiry) }
            var isKept = true
            for variant in variants {
                let slot = Slot.entry(key.variant(variant))
                isKept = cache.insert(.entry(kept), for: slot, cost: cost, expiry: now + lifetime) && isKept
            }
            return (isKept, cache.evictions - before)
        }
        if evicted > 0 { evictions.increment(by: Int64(evicted)) }
        return isKept ? .done : .refused
    }

    /// Removes at once.
    package func remove(_ key: CacheKey) {
        cache.withLock { cache in
            cache.removeValue(for: .entry(key.variant(.identity)))
            cache.removeValue(for: .entry(key.variant(.gzip)))
        }
    }

    /// Purges at once.
    package func purge(_ names: [TokenName]) async -> Bool {
        cache.withLock { cache in
            for name in names { cache.removeValue(for: .token(name)) }
        }
        return true
    }
}
