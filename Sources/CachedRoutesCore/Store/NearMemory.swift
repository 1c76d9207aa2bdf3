import RouteModel

/// The content of a near cache and its pending reads. A value type: the lock around it makes each step atomic.
///
/// A read registers before it is sent to the store. Changes are recorded in the meantime, so that a result that may be
/// out of date is used once and not stored.
struct NearMemory {
    /// A pending read.
    struct Ticket: Sendable {
        fileprivate let slots: [EntryTable.Slot]
        fileprivate let changes: [UInt64]
        fileprivate let flushes: UInt64
    }

    private struct Interest {
        var readings = 0
        var changes: UInt64 = 0
    }

    private var table: EntryTable
    private var interests: [EntryTable.Slot: Interest] = [:]
    private var flushes: UInt64 = 0
    private let budget: Int

    init(budget: Int) {
        self.budget = budget
        table = EntryTable(budget: budget)
    }

    /// The size of the content in bytes.
    var cost: Int { table.cost }
    /// The number of entries and tag versions.
    var count: Int { table.count }
    /// The number of keys that are being read.
    var readings: Int { interests.count }

    /// The result of looking up an entry.
    enum Lookup {
        /// The entry, and the tag versions that it was made under.
        case hit(StoreLookupResult)
        /// No usable entry: a read starts.
        case miss(Ticket)
    }

    /// Looks up an entry that was made under the current tag versions, and registers a read if there is none.
    ///
    /// - Parameters:
    ///   - key: the key of the entry.
    ///   - tokens: the keys of the tag versions.
    ///   - now: the current time in milliseconds.
    mutating func look(for key: CacheKey, _ tokens: [TagVersionKey], at now: Int64) -> Lookup {
        let reading = table.read(key, tokens: tokens, at: now)
        return reading.entry?.matches(reading.tokens) ?? false ? .hit(reading) : .miss(begin(key, tokens))
    }

    private mutating func begin(_ key: CacheKey, _ tokens: [TagVersionKey]) -> Ticket {
        let slots = [.entry(key)] + tokens.map { EntryTable.Slot.token($0) }
        let changes = slots.map { slot in
            interests[slot, default: Interest()].readings += 1
            return interests[slot]?.changes ?? 0
        }
        return Ticket(slots: slots, changes: changes, flushes: flushes)
    }

    /// Ends a read.
    ///
    /// - Returns: `true` if none of its keys has changed since it started.
    mutating func end(_ ticket: Ticket) -> Bool {
        var isCurrent = ticket.flushes == flushes
        for (slot, changes) in zip(ticket.slots, ticket.changes) {
            guard var interest = interests[slot] else { continue }
            if interest.changes != changes { isCurrent = false }
            interest.readings -= 1
            interests[slot] = interest.readings == 0 ? nil : interest
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
    mutating func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        _ names: [TagVersionKey],
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
    mutating func change(_ slots: some Sequence<EntryTable.Slot>) {
        for slot in slots {
            table.remove(slot)
            interests[slot]?.changes += 1
        }
    }

    /// Removes everything, and returns it because freeing it takes time.
    mutating func flush() -> EntryTable {
        flushes += 1
        defer { table = EntryTable(budget: budget) }
        return table
    }
}
