import RouteModel

/// What a near cache has, and which readings are under way. A value type: one lock around it makes its steps whole.
///
/// A reading registers before it asks the store. What changes meanwhile is noted, so that what the reading brings is used once
/// and not kept.
struct NearMemory {
    /// A reading that is under way.
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

    /// The bytes held.
    var cost: Int { table.cost }
    /// The number of entries and tokens.
    var count: Int { table.count }
    /// The readings under way.
    var readings: Int { interests.count }

    /// What there is of an entry.
    enum Lookup {
        /// The entry, and the tokens that it was made under.
        case hit(StoreLookupResult)
        /// Nothing of use: a reading begins.
        case miss(Ticket)
    }

    /// Looks for an entry that was made under the tokens that are there.
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

    /// A reading has ended.
    ///
    /// - Returns: whether nothing that it was about has changed since it began.
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

    /// Keeps what a reading has brought, which nothing has changed.
    ///
    /// - Parameters:
    ///   - expiry: until when.
    ///   - now: the time of day in milliseconds.
    mutating func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        _ names: [TagVersionKey],
        expiry: Int64,
        at now: Int64
    ) {
        for (name, token) in zip(names, entry.tokens) {
            // Another route's answer under the same token may be kept for longer.
            if table.token(name, at: now) == token {
                table.extend(name, until: expiry)
            } else {
                _ = table.insert(token, as: name, expiry: expiry)
            }
        }
        _ = table.insert(entry, under: key, expiry: expiry)
    }

    /// Lets go what has changed.
    mutating func change(_ slots: some Sequence<EntryTable.Slot>) {
        for slot in slots {
            table.remove(slot)
            interests[slot]?.changes += 1
        }
    }

    /// Lets everything go, into the hands of the caller: to free it takes a while.
    mutating func flush() -> EntryTable {
        flushes += 1
        defer { table = EntryTable(budget: budget) }
        return table
    }
}
