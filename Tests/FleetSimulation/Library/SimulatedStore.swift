import CachedRoutesCore

/// The content of Redis: entries by the number of their key, tag versions by theirs, locks, and who has read what.
struct SimulatedStore {
    private struct Timed<Value> {
        var value: Value
        var expiry: Int64
    }

    /// The number of a key: of an entry, or behind all entries of a tag version.
    typealias Slot = Int

    private var entries: [Timed<CacheEntry>?]
    private var versions: [Timed<TagVersion>?]
    private var locks: [[UInt8]: Timed<String>] = [:]
    /// The processes that are told of the next change of a key, as bits.
    private var trackers: [Slot: [UInt64]] = [:]
    private let words: Int

    init(keys: Int, versions count: Int, processes: Int) {
        entries = Array(repeating: nil, count: keys)
        versions = Array(repeating: nil, count: count)
        words = (processes + 63) / 64
    }

    var entryCount: Int { entries.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }
    var trackedCount: Int { trackers.count }

    // MARK: - Entries and versions

    func entry(_ key: Int, at now: Int64) -> CacheEntry? {
        guard let stored = entries[key], stored.expiry > now else { return nil }
        return stored.value
    }

    /// Stores an entry.
    ///
    /// - Returns: the processes that are told.
    mutating func set(_ entry: CacheEntry, at key: Int, until expiry: Int64) -> [Int] {
        entries[key] = Timed(value: entry, expiry: expiry)
        return untrack(key)
    }

    /// Removes an entry whose time has come.
    mutating func expire(_ key: Int, at now: Int64) -> [Int] {
        guard let stored = entries[key], stored.expiry <= now else { return [] }
        entries[key] = nil
        return untrack(key)
    }

    func version(_ number: Int, at now: Int64) -> TagVersion? {
        guard let stored = versions[number], stored.expiry > now else { return nil }
        return stored.value
    }

    /// Creates a version where there is none, and returns the one that holds.
    mutating func create(_ version: @autoclosure () -> TagVersion, at number: Int, until expiry: Int64, now: Int64)
        -> TagVersion
    {
        if let present = self.version(number, at: now) { return present }
        let created = version()
        versions[number] = Timed(value: created, expiry: expiry)
        return created
    }

    /// Extends the life of a version of which less than three quarters are left.
    ///
    /// - Returns: `nil` if there was nothing to extend, or the processes that are told.
    mutating func renew(_ number: Int, for life: Int64, now: Int64) -> [Int]? {
        guard let stored = versions[number], stored.expiry > now, stored.expiry - now < life / 4 * 3 else { return nil }
        versions[number]?.expiry = now + life
        return untrack(entries.count + number)
    }

    /// Removes a version.
    ///
    /// - Returns: the processes that are told.
    mutating func purge(_ number: Int) -> [Int] {
        versions[number] = nil
        return untrack(entries.count + number)
    }

    // MARK: - Locks

    mutating func acquire(_ name: [UInt8], _ owner: String, life: Int64, now: Int64) -> LockResult {
        if let lock = locks[name], lock.expiry > now { return .held }
        locks[name] = Timed(value: owner, expiry: now + life)
        return .acquired
    }

    mutating func release(_ name: [UInt8], _ owner: String) {
        if locks[name]?.value == owner { locks[name] = nil }
    }

    // MARK: - Tracking

    mutating func track(_ slots: [Slot], for process: Int) {
        for slot in slots {
            trackers[slot, default: Array(repeating: 0, count: words)][process / 64] |= 1 << UInt64(process % 64)
        }
    }

    private mutating func untrack(_ slot: Slot) -> [Int] {
        guard let bits = trackers.removeValue(forKey: slot) else { return [] }
        return bits.enumerated().flatMap { word, bits in
            (0..<64).compactMap { bits & 1 << UInt64($0) == 0 ? nil : word * 64 + $0 }
        }
    }
}
