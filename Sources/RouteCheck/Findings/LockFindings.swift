import RouteManifest

/// A difference between the lock of a statement and what a database says.
struct LockDifference: Hashable {
    /// The words about both, with the name of the lock's side and of the other one left open.
    enum Kind: Hashable {
        /// A parameter or a column has another type.
        case type(of: String, locked: String, found: String)
        /// A column that was NOT NULL may be NULL.
        case mayBeNull(String)
        /// A column that was nullable is NOT NULL.
        case isNotNull(String)
        /// A column is gone.
        case isGone(String)
        /// There is another column.
        case isNew(String)
        /// The columns have another order.
        case order
        /// The tables differ.
        case tables(locked: [String], found: [String])
        /// Tables that were known are not known any more, or the other way round.
        case unknownTables(isLocked: Bool)
        /// An enum has other labels.
        case labels(of: String, locked: [String], found: [String])
    }

    var kind: Kind

    /// Indicates that clients of the deployed statement are wronged by it.
    var breaksDeployed: Bool {
        switch kind {
        case .type, .mayBeNull, .isGone, .order: true
        case .labels(_, let locked, let found): !Set(locked).isSubset(of: found)
        case .isNotNull, .isNew, .tables, .unknownTables: false
        }
    }

    /// The words about both sides.
    func text(_ lock: String, _ other: String) -> String {
        switch kind {
        case .type(let name, let locked, let found): "\(lock) says '\(name)' is \(locked), and \(other) says \(found)"
        case .mayBeNull(let name): "\(lock) says '\(name)' is never NULL, and \(other) says that it may be"
        case .isNotNull(let name): "\(lock) says '\(name)' may be NULL, and \(other) says that it never is"
        case .isGone(let name): "\(lock) has the column '\(name)', and \(other) does not"
        case .isNew(let name): "\(lock) lacks the column '\(name)', which \(other) has"
        case .order: "\(lock) has the columns in another order than \(other)"
        case .tables(let locked, let found):
            "\(lock) says that it reads \(Self.list(locked)), and \(other) says \(Self.list(found))"
        case .unknownTables(let isLocked):
            isLocked
                ? "\(lock) says that not all tables are known, and \(other) knows them"
                : "\(lock) says that all tables are known, and \(other) does not know them"
        case .labels(let name, let locked, let found):
            "\(lock) says the labels of \(name) are \(Self.list(locked)), and \(other) says \(Self.list(found))"
        }
    }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

    /// Returns the differences between two descriptions of one statement.
    ///
    /// - Parameters:
    ///   - locked: the lock's description.
    ///   - found: the database's.
    ///   - labels: the labels of enums in the lock and in the database.
    ///   - names: the name of the input behind each of the database's parameters.
    static func all(
        _ locked: LockedStatement,
        _ found: LockedStatement,
        labels: (locked: [String: [String]], found: [String: [String]]),
        names: [String]
    ) -> [LockDifference] {
        var kinds: [Kind] = []
        if locked.parameters.count == found.parameters.count, locked.occurrences == found.occurrences {
            for (index, (old, new)) in zip(locked.parameters, found.parameters).enumerated() where old != new {
                let name = names.indices.contains(index) ? ":\(names[index])" : "$\(index + 1)"
                kinds.append(.type(of: name, locked: old, found: new))
            }
        } else {
            kinds.append(
                .type(
                    of: "the parameters",
                    locked: list(locked.parameters),
                    found: list(found.parameters)
                )
            )
        }
        kinds += columns(locked.columns, found.columns)
        if locked.tables != found.tables { kinds.append(.tables(locked: locked.tables, found: found.tables)) }
        if locked.hasUnknownTables != found.hasUnknownTables {
            kinds.append(.unknownTables(isLocked: locked.hasUnknownTables))
        }
        let types = Set((found.parameters + found.columns.map(\.type)).map(elementType))
        for type in types.sorted() {
            let (old, new) = (labels.locked[type], labels.found[type])
            if old != new { kinds.append(.labels(of: type, locked: old ?? [], found: new ?? [])) }
        }
        return kinds.map(LockDifference.init(kind:))
    }

    private static func columns(_ locked: [LockedColumn], _ found: [LockedColumn]) -> [Kind] {
        var kinds: [Kind] = []
        for old in locked {
            guard let new = found.first(where: { $0.name == old.name }) else {
                kinds.append(.isGone(old.name))
                continue
            }
            if old.type != new.type { kinds.append(.type(of: old.name, locked: old.type, found: new.type)) }
            if old.isNullable != new.isNullable {
                kinds.append(new.isNullable ? .mayBeNull(old.name) : .isNotNull(old.name))
            }
        }
        for new in found where !locked.contains(where: { $0.name == new.name }) { kinds.append(.isNew(new.name)) }
        if kinds.isEmpty, locked.map(\.name) != found.map(\.name) { kinds.append(.order) }
        return kinds
    }

    /// The type of an array's elements, or else the type itself.
    static func elementType(_ type: String) -> String { type.hasSuffix("[]") ? String(type.dropLast(2)) : type }
}

/// Differences between locks and the database.
enum LockFindings {
    /// Reports that the lock of a statement is of another statement, or missing; returns it otherwise.
    static func locked(
        _ statement: StatementToCheck,
        in stored: RouteLockDocument?,
        lockFile: String,
        cure: String,
        _ findings: inout Findings
    ) -> LockedStatement? {
        guard let stored else {
            findings.error("there is no \(lockFile); \(cure)", at: statement.sourceLocation)
            return nil
        }
        guard let entry = stored.lock.routes[statement.route]?.first else {
            findings.error(
                "\(stored.fileName) has no entry for route '\(statement.route)'; \(cure)",
                at: statement.sourceLocation
            )
            return nil
        }
        guard entry.digest == statement.digest else {
            findings.error(
                "\(stored.fileName) describes another statement of route '\(statement.route)'; \(cure)",
                at: statement.sourceLocation,
                notes: [.init("it is described here", at: stored.place(of: statement.route))]
            )
            return nil
        }
        return entry
    }

    /// Reports what differs under `--locked`.
    static func check(
        _ statement: StatementToCheck,
        _ found: LockedStatement,
        enums: [String: [String]],
        in stored: RouteLockDocument?,
        lockFile: String,
        names: [String],
        _ findings: inout Findings
    ) {
        let cure = "run cached-routes check --write, and commit it"
        guard
            let locked = locked(statement, in: stored, lockFile: lockFile, cure: cure, &findings), let stored
        else { return }
        for difference in LockDifference.all(locked, found, labels: (stored.lock.enums, enums), names: names) {
            findings.error(
                "\(difference.text(stored.fileName, "the database")); run cached-routes check --write",
                at: statement.statement.start,
                notes: [.init("the lock says so here", at: stored.place(of: statement.route))]
            )
        }
    }

    /// Reports what a coming schema does to the deployed statement of the lock.
    static func checkNext(
        _ statement: StatementToCheck,
        _ outcome: StatementFacts.Outcome,
        found: LockedStatement?,
        enums: [String: [String]],
        in stored: RouteLockDocument?,
        lockFile: String,
        names: [String],
        _ findings: inout Findings
    ) {
        guard
            let locked = locked(
                statement,
                in: stored,
                lockFile: lockFile,
                cure: "the deployed statements are those of the lock: run cached-routes check --write where they are",
                &findings
            ), let stored
        else { return }
        if case .refused(let error) = outcome {
            let place = statement.location(of: error)
            findings.error(
                "'\(statement.route)' does not survive: \(error.message) [\(error.state)]",
                at: place,
                notes: [("DETAIL", error.detail), ("HINT", error.hint)].compactMap { title, text in
                    text.map { .init("\(title): \($0)", at: place) }
                },
                state: error.state
            )
            return
        }
        guard let found else { return }
        for difference in LockDifference.all(locked, found, labels: (stored.lock.enums, enums), names: names) {
            if case .tables = difference.kind { continue }
            if case .unknownTables = difference.kind { continue }
            let text = difference.text(stored.fileName, "the next database")
            let note = Diagnostic.Note("the lock says so here", at: stored.place(of: statement.route))
            let message = difference.breaksDeployed ? "'\(statement.route)' does not survive: \(text)" : text
            findings.add(
                Finding(
                    Diagnostic(
                        difference.breaksDeployed ? .error : .warning,
                        message,
                        at: statement.statement.start,
                        notes: [note]
                    )
                )
            )
        }
    }
}

extension RouteLockDocument {
    /// The place of a route's entry, or that of the lock.
    func place(of route: String) -> Location { routes[route] ?? Location(file: file, line: 1, column: 1) }
}
