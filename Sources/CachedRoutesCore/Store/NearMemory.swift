package import RouteModel

/// The content of a near cache and its pending reads. A value type: the lock around it makes each step atomic.
///
/// A read registers before it is sent to the store. Changes are recorded in the meantime, so that a result that may be
/// out of date is used once and not stored.
package struct NearMemory {
    /// A pending read.
    package struct PendingRead: Sendable {
        fileprivate let slots: [EntryTable.Slot]
        fileprivate let changes: [UInt64]
        fileprivate let flushes: UInt64
    }

    private struct ReadState {
        var pendingReads = 0
        var changes: UInt64 = 0
    }

    private var table: EntryTable
    private var readStates: [EntryTable.Slot: ReadState] = [:]
    private var flushes: UInt64 = 0
    private let budget: Int

    package init(budget: Int) {
        self.budget = budget
        table = EntryTable(budget: budget)
    }

    /// The size of the content in bytes.
    package var cost: Int { table.cost }
    /// The number of entries and tag versions.
    package var count: Int { table.count }
    /// The number of keys that are being read.
    package var pendingReads: Int { readStates.count }

    /// The result of looking up an entry.
    package enum Lookup {
        /// The entry, and the tag versions that it was made under.
        case hit(StoreLookupResult)
        /// No usable entry: a read starts.
        case miss(PendingRead)
    }

    /// Looks up an entry that was made under the current tag versions, and registers a read if there is none.
    ///
    /// - Parameters:
    ///   - key: the key of the entry.
    ///   - orOther: true to look up the key of the other form as well.
    ///   - tokens: the keys of the tag versions.
    ///   - now: the current time in milliseconds.
    package mutating func lookUp(_ key: CacheKey, orOther: Bool, tokens: [TagVersionKey], at now: Int64) -> Lookup {
        let result = table.read(key, orOther: orOther, tokens: tokens, at: now)
        // The store may have the form itself where this memory has another one.
        guard let entry = result.entry, entry.matches(result.tokens), !result.isOther || !entry.hasOtherForm else {
            return .miss(begin(key, orOther: orOther, tokens))
        }
        return .hit(result)
    }

    private mutating func begin(_ key: CacheKey, orOther: Bool, _ tokens: [TagVersionKey]) -> PendingRead {
        let slots = [.entry(key)] + (orOther ? [.entry(key.other)] : []) + tokens.map { EntryTable.Slot.token($0) }
        let changes = slots.map { slot in
            readStates[slot, default: ReadState()].pendingReads += 1
            return readStates[slot]?.changes ?? 0
        }
        return PendingRead(slots: slots, changes: changes, flushes: flushes)
    }

    /// Ends a read.
    ///
    /// - Returns: `true` if none of its keys has changed since it started.
    package mutating func end(_ read: PendingRead) -> Bool {
        var isCurrent = read.flushes == flushes
        for (slot, changes) in zip(read.slots, read.changes) {
            guard var state = readStates[slot] else { continue }
            if state.changes != changes { isCurrent = false }
            state.pendingReads -= 1
            readStates[slot] = state.pendingReads == 0 ? nil : state
        }
        return isCurrent
    }

    /// Stores an entry whose read ended without a change.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - key: the key of the entry.
    ///   - names: the keys of the entry's tag versions.
    ///   - expiry: the time at which the entry expires, in milliseconds.
    ///   - now: the current time in milliseconds.
    package mutating func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        tokens names: [TagVersionKey],
        expiry: Int64,
        at now: Int64
    ) {
        for (name, token) in zip(names, entry.tokens) {
            // A response of another route may be stored for longer under the same tag version.
            if table.token(name, at: now) == token {
                table.extend(name, until: expiry)
            } else {
                _ = table.insert(token, as: name, expiry: expiry)
            }
        }
        _ = table.insert(entry, under: key, expiry: expiry)
    }

    /// Removes what has changed.
    package mutating func change(_ slots: some Sequence<EntryTable.Slot>) {
        for slot in slots {
            table.remove(slot)
            readStates[slot]?.changes += 1
        }
    }

    /// Removes everything, and returns it because freeing it takes time.
    package mutating func flush() -> EntryTable {
        flushes += 1
        defer { table = EntryTable(budget: budget) }
        return table
    }
}
