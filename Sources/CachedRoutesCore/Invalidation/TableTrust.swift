import RouteModel
import Synchronization

/// The tables whose changes this process observes. Asked for every request of a route with tables.
final class TableTrust: Sendable {
    /// The state of some tables together.
    enum Standing: Sendable, Equatable {
        /// All of their changes are observed.
        case trusted
        /// Not inspected yet.
        case unknown
        /// Changes of these tables are not observed.
        case untrusted([String])
    }

    private let registry: TagVersionKeyRegistry
    private let isHeard: @Sendable () -> Bool
    private let mayBeHeard: Bool
    private let states = Mutex(TableStates())
    /// True if the tag versions of all tables are trusted. Spares lookups the lock.
    private let trustsAll = Atomic(false)

    /// - Parameters:
    ///   - registry: the routes.
    ///   - mayBeHeard: false if the database never notifies this process of changes.
    ///   - isHeard: returns true while the database notifies this process of changes.
    init(registry: TagVersionKeyRegistry, mayBeHeard: Bool = true, isHeard: @escaping @Sendable () -> Bool) {
        self.registry = registry
        self.mayBeHeard = mayBeHeard
        self.isHeard = isHeard
    }

    /// Indicates that changes of all tables among the tag versions are observed.
    func trusts(_ names: [TagVersionKey]) -> Bool {
        guard names.contains(where: { $0.kind == .table }) else { return true }
        guard isHeard() else { return false }
        if trustsAll.load(ordering: .acquiring) { return true }
        return states.withLock { states in names.allSatisfy { $0.kind != .table || states.trusted.contains($0) } }
    }

    /// Returns the state of the tables among the tag versions.
    func standing(_ names: [TagVersionKey]) -> Standing {
        if trusts(names) { return .trusted }
        let wanted = Set(names)
        let untrusted = registry.tableNames.filter { table in
            registry.tokens(ofTable: table).contains { wanted.contains($0.name) } && isKnownAsUntrusted(table)
        }
        return untrusted.isEmpty ? .unknown : .untrusted(untrusted)
    }

    private func isKnownAsUntrusted(_ table: String) -> Bool {
        !mayBeHeard || isUntrusted(table)
    }

    /// Indicates that an inspection has found a table some of whose changes are not observed.
    func isUntrusted(_ table: String) -> Bool { states.withLock { $0.fault(ofTable: table) } != nil }

    /// The tables whose responses are not stored now, sorted.
    var untrustedTables: [String] {
        registry.tableNames.filter { table in !trusts(registry.tokens(ofTable: table).map(\.name)) }
    }

    /// Records that there are new tables or routes.
    func registryHasChanged() {
        states.withLock { _ in trustsAll.store(false, ordering: .releasing) }
    }

    /// Records that the routes were exchanged for others, some of whose tables may be new, and some of which had others.
    func registryWasReplaced() {
        let tokens = Set(registry.tables)
        states.withLock { states in
            states.keepOnly(tokens)
            update(states)
        }
    }

    /// Takes the reports of an inspection. Trust that a report takes away ends at once.
    func take(_ reports: [InspectedTable]) -> TableStates.Findings {
        states.withLock { states in
            let findings = states.take(reports) { registry.tokens(ofTable: $0).map(\.name) }
            update(states)
            return findings
        }
    }

    /// Trusts the tables that an inspection has found in order, after older responses were purged.
    func trust(_ findings: TableStates.Findings) {
        states.withLock { states in
            states.trust(findings)
            update(states)
        }
    }

    private func update(_ states: borrowing TableStates) {
        let trusted = states.trusted
        // Requests under way may have routes, and tables, from before an exchange.
        let isAll = !states.hasForgotten && registry.tables.allSatisfy(trusted.contains)
        trustsAll.store(isAll, ordering: .releasing)
    }
}
