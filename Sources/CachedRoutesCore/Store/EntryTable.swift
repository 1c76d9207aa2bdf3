import HTTPTypes
import NIOCore
import RouteModel

/// Entries and tokens within a budget of bytes, for the stores in this process's memory. A value type without a lock or a clock.
struct EntryTable {
    /// What entries and tokens are kept under.
    enum Slot: Hashable {
        case entry(CacheKey)
        case token(TagVersionKey)
    }

    private enum Kept {
        case entry(CacheEntry)
        case token(TagVersion)
    }

    private var cache: LRUCache<Slot, Kept>
    /// What an entry takes beside its bytes: the record, the key's array and its place in the index, roughly.
    private static let overhead = 512

    init(budget: Int) {
        cache = LRUCache(budget: budget)
    }

    /// The bytes held.
    var cost: Int { cache.cost }
    /// The number of entries and tokens.
    var count: Int { cache.count }
    /// How many have left to make room.
    var evictions: Int { cache.evictions }

    /// What is there of an entry and the tokens beside it.
    mutating func read(_ key: CacheKey, tokens: [TagVersionKey], at now: Int64) -> StoreLookupResult {
        let tokens = tokens.map { token($0, at: now) }
        guard case .entry(let entry) = cache.value(for: .entry(key), at: now) else {
            return StoreLookupResult(.absent, tokens: tokens)
        }
        return StoreLookupResult(.found(entry), tokens: tokens)
    }

    /// The token, where it is there.
    mutating func token(_ name: TagVersionKey, at now: Int64) -> TagVersion? {
        if case .token(let token) = cache.value(for: .token(name), at: now) { token } else { nil }
    }

    /// Holds an entry.
    ///
    /// - Parameter entry: one whose body has no more memory than it needs (``CacheEntry/compacted``).
    /// - Returns: whether it is held: alone it may be over the budget.
    mutating func insert(_ entry: CacheEntry, under key: CacheKey, expiry: Int64) -> Bool {
        let fields = entry.fields.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 64 }
        let cost =
            entry.body.storageCapacity + key.whole.count + entry.tokens.count * 64 + fields + Self.overhead
        return cache.insert(.entry(entry), for: .entry(key), cost: cost, expiry: expiry)
    }

    /// Holds a token.
    mutating func insert(_ token: TagVersion, as name: TagVersionKey, expiry: Int64) -> Bool {
        cache.insert(.token(token), for: .token(name), cost: name.bytes.count + Self.overhead, expiry: expiry)
    }

    /// Gives a token more time, where it is there.
    mutating func extend(_ name: TagVersionKey, until expiry: Int64) {
        cache.extend(.token(name), until: expiry)
    }

    /// Lets an entry or a token go.
    mutating func remove(_ slot: Slot) {
        cache.removeValue(for: slot)
    }
}

extension CacheEntry {
    /// The entry with a body of its own: a slice would hold all of the buffer it was cut from, which no budget sees.
    var compacted: CacheEntry {
        guard body.storageCapacity > body.readableBytes * 2 else { return self }
        var entry = self
        entry.body = ByteBuffer(bytes: body.readableBytesView)
        return entry
    }
}
