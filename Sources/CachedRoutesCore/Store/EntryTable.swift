import HTTPTypes
import NIOCore
package import RouteModel

/// Entries and tag versions within a budget of bytes, for the stores in this process's memory. A value type without a
/// lock or a clock.
package struct EntryTable {
    /// The key of an entry or a tag version.
    package enum Slot: Hashable {
        case entry(CacheKey)
        case token(TagVersionKey)
    }

    private enum Value {
        case entry(CacheEntry)
        case token(TagVersion)
    }

    private var cache: LRUCache<Slot, Value>
    /// The approximate size of an entry apart from its bytes: the record, the key's array and its place in the index.
    private static let overhead = 512

    init(budget: Int) {
        cache = LRUCache(budget: budget)
    }

    /// The size of everything in the table, in bytes.
    var cost: Int { cache.cost }
    /// The number of entries and tag versions.
    var count: Int { cache.count }
    /// The number of entries and tag versions that were evicted to make room.
    var evictions: Int { cache.evictions }

    /// Reads an entry and tag versions.
    ///
    /// - Parameters:
    ///   - key: the key of the entry.
    ///   - orOther: true to read the key of the other form if `key` has no entry.
    ///   - tokens: the keys of the tag versions.
    ///   - now: the current time in milliseconds.
    mutating func read(
        _ key: CacheKey,
        orOther: Bool = false,
        tokens: [TagVersionKey],
        at now: Int64
    ) -> StoreLookupResult {
        let tokens = tokens.map { token($0, at: now) }
        if case .entry(let entry) = cache.value(for: .entry(key), at: now) {
            return StoreLookupResult(.found(entry), tokens: tokens)
        }
        guard orOther, case .entry(let entry) = cache.value(for: .entry(key.other), at: now) else {
            return StoreLookupResult(.absent, tokens: tokens, isOther: orOther)
        }
        return StoreLookupResult(.found(entry), tokens: tokens, isOther: true)
    }

    /// Indicates that there is an entry.
    mutating func contains(_ key: CacheKey, at now: Int64) -> Bool { cache.value(for: .entry(key), at: now) != nil }

    /// Reads a tag version.
    mutating func token(_ name: TagVersionKey, at now: Int64) -> TagVersion? {
        if case .token(let token) = cache.value(for: .token(name), at: now) { token } else { nil }
    }

    /// Inserts an entry.
    ///
    /// - Parameters:
    ///   - entry: an entry whose body has no more memory than it needs (``CacheEntry/compacted``).
    ///   - key: the key of the entry.
    ///   - expiry: the time at which it expires, in milliseconds.
    /// - Returns: `false` if the entry alone exceeds the budget.
    mutating func insert(_ entry: CacheEntry, under key: CacheKey, expiry: Int64) -> Bool {
        let fields = entry.fields.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 64 }
        let cost =
            entry.body.storageCapacity + key.whole.count + entry.tokens.count * 64 + fields + Self.overhead
        return cache.insert(.entry(entry), for: .entry(key), cost: cost, expiry: expiry)
    }

    /// Inserts a tag version.
    ///
    /// - Parameters:
    ///   - token: the tag version.
    ///   - name: its key.
    ///   - expiry: the time at which it expires, in milliseconds.
    /// - Returns: `false` if the tag version alone exceeds the budget.
    mutating func insert(_ token: TagVersion, as name: TagVersionKey, expiry: Int64) -> Bool {
        cache.insert(.token(token), for: .token(name), cost: name.bytes.count + Self.overhead, expiry: expiry)
    }

    /// Extends the lifetime of a tag version, if it exists.
    mutating func extend(_ name: TagVersionKey, until expiry: Int64) {
        cache.extend(.token(name), until: expiry)
    }

    /// Removes an entry or a tag version.
    mutating func remove(_ slot: Slot) {
        cache.removeValue(for: slot)
    }
}

extension CacheEntry {
    /// The entry with a body of its own: a slice would retain the buffer that it is part of, which no budget counts.
    var compacted: CacheEntry {
        guard body.storageCapacity > body.readableBytes * 2 else { return self }
        var entry = self
        entry.body = ByteBuffer(bytes: body.readableBytesView)
        return entry
    }
}
