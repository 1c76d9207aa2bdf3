/// The forms and plans of the statements of one connection. The least recently used one is evicted.
struct StatementCache {
    /// The form and the plan of a statement. It is an object because each execution takes it out of the cache.
    final class Entry: Sendable {
        /// The name of the prepared statement; `nil` without named statements.
        let name: String?
        let form: StatementExecution.Form
        let plan: RowEncodingPlan

        init(name: String?, form: StatementExecution.Form, plan: RowEncodingPlan) {
            self.name = name
            self.form = form
            self.plan = plan
        }
    }

    private var entries: [UInt64: (entry: Entry, lastUse: UInt64)] = [:]
    private var clock: UInt64 = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { entries.count }

    /// Returns the entry of a statement and makes it the most recently used one.
    mutating func use(_ statement: UInt64) -> Entry? {
        guard let index = entries.index(forKey: statement) else { return nil }
        clock += 1
        entries.values[index].lastUse = clock
        return entries.values[index].entry
    }

    /// Adds an entry and returns the one that it replaces or evicts.
    mutating func insert(_ entry: Entry, for statement: UInt64) -> Entry? {
        clock += 1
        let replaced = entries.updateValue((entry, clock), forKey: statement)
        guard replaced == nil, entries.count > capacity else { return replaced?.entry }
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { return nil }
        return entries.removeValue(forKey: oldest)?.entry
    }

    /// Removes the entry of a statement.
    mutating func remove(_ statement: UInt64) {
        entries[statement] = nil
    }
}
