import RouteModel
import Synchronization

/// Says which tables' changes come to be known here, for every request of a route with tables.
final class TableTrust: Sendable {
    /// What is known of some tables.
    enum Standing: Sendable, Equatable {
        /// All of their changes come to be known.
        case trusted
        /// That is being found out, or will be when the database is there.
        case unknown
        /// They do not, of these ones.
        case untrusted([String])
    }

    private let registry: RouteRegistry
    private let isHeard: @Sendable () -> Bool
    private let mayBeHeard: Bool
    private let states = Mutex(TableStates())
    /// Whether all tokens of tables are believed: the one thing that is looked at where all is as it should be.
    private let trustsAll = Atomic(false)

    /// - Parameters:
    ///   - isHeard: whether the database tells this process of changes now.
    ///   - mayBeHeard: whether it ever does.
    init(registry: RouteRegistry, mayBeHeard: Bool = true, isHeard: @escaping @Sendable () -> Bool) {
        self.registry = registry
        self.mayBeHeard = mayBeHeard
        self.isHeard = isHeard
    }

    /// Whether changes of all tables among the tokens come to be known here.
    func trusts(_ names: [TagVersionKey]) -> Bool {
        guard names.contains(where: { $0.kind == .table }) else { return true }
        guard isHeard() else { return false }
        if trustsAll.load(ordering: .acquiring) { return true }
        return states.withLock { states in names.allSatisfy { $0.kind != .table || states.trusted.contains($0) } }
    }

    /// What is known of the tables among the tokens.
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

    /// Whether an inspection has found that a table's changes do not all come to be known.
    func isUntrusted(_ table: String) -> Bool { states.withLock { $0.fault(ofTable: table) } != nil }

    /// The tables whose answers are not kept now, sorted.
    var untrustedTables: [String] {
        registry.tableNames.filter { table in !trusts(registry.tokens(ofTable: table).map(\.name)) }
    }

    /// There are tables or routes that were not known before.
    func registryHasChanged() {
        states.withLock { _ in trustsAll.store(false, ordering: .releasing) }
    }

    /// Takes what an inspection has found; tables that are not to be believed are not from here on.
    func take(_ reports: [InspectedTable]) -> TableStates.Findings {
        states.withLock { states in
            let findings = states.take(reports) { registry.tokens(ofTable: $0).map(\.name) }
            update(states)
            return findings
        }
    }

    /// Believes what an inspection has found to be right, after what was made before is purged.
    func trust(_ findings: TableStates.Findings) {
        states.withLock { states in
            states.trust(findings.trusted)
            update(states)
        }
    }

    private func update(_ states: borrowing TableStates) {
        let trusted = states.trusted
        trustsAll.store(registry.tables.allSatisfy(trusted.contains), ordering: .releasing)
    }
}
