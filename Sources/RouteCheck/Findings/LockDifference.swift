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

    /// The part of a statement's description that differs.
    enum Part: Hashable {
        /// The number of the parameters, or the occurrences that have a type of their own.
        case parameters
        /// The parameter of an index.
        case parameter(Int)
        /// A column, by its index on each side; `nil` on the side that lacks it.
        case column(locked: Int?, found: Int?)
        /// The order of the columns.
        case columns
        /// The tables.
        case tables
        /// The enum of a name.
        case enumeration(String)
    }

    var kind: Kind
    var part: Part

    init(_ kind: Kind, in part: Part) {
        self.kind = kind
        self.part = part
    }

    /// Indicates that clients of the deployed statement are wronged by it.
    var breaksDeployed: Bool {
        switch kind {
        case .type, .mayBeNull, .isGone, .order: true
        case .labels(_, let locked, let found): !Set(locked).isSubset(of: found)
        // Changes of a table that the deployed statement did not read purge nothing of it.
        case .tables(let locked, let found): !Set(found).isSubset(of: locked)
        case .unknownTables(let isLocked): !isLocked
        case .isNotNull, .isNew: false
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
        var differences = parameters(locked, found, names: names) + columns(locked.columns, found.columns)
        if locked.tables != found.tables {
            differences.append(.init(.tables(locked: locked.tables, found: found.tables), in: .tables))
        }
        if locked.hasUnknownTables != found.hasUnknownTables {
            differences.append(.init(.unknownTables(isLocked: locked.hasUnknownTables), in: .tables))
        }
        for type in elementTypes(locked).intersection(elementTypes(found)).sorted() {
            let (old, new) = (labels.locked[type] ?? [], labels.found[type] ?? [])
            if old != new {
                differences.append(.init(.labels(of: type, locked: old, found: new), in: .enumeration(type)))
            }
        }
        return differences
    }

    private static func parameters(
        _ locked: LockedStatement,
        _ found: LockedStatement,
        names: [String]
    ) -> [LockDifference] {
        guard locked.parameters.count == found.parameters.count, locked.occurrences == found.occurrences else {
            let kind = Kind.type(of: "the parameters", locked: list(locked.parameters), found: list(found.parameters))
            return [.init(kind, in: .parameters)]
        }
        return zip(locked.parameters, found.parameters).enumerated().compactMap { index, types in
            guard types.0 != types.1 else { return nil }
            let name = names.indices.contains(index) ? ":\(names[index])" : "$\(index + 1)"
            return .init(.type(of: name, locked: types.0, found: types.1), in: .parameter(index))
        }
    }

    private static func columns(_ locked: [LockedColumn], _ found: [LockedColumn]) -> [LockDifference] {
        var differences: [LockDifference] = []
        for (index, old) in locked.enumerated() {
            guard let place = found.firstIndex(where: { $0.name.utf8.elementsEqual(old.name.utf8) }) else {
                differences.append(.init(.isGone(old.name), in: .column(locked: index, found: nil)))
                continue
            }
            let new = found[place]
            let part = Part.column(locked: index, found: place)
            if old.type != new.type {
                differences.append(.init(.type(of: old.name, locked: old.type, found: new.type), in: part))
            }
            if old.isNullable != new.isNullable {
                differences.append(.init(new.isNullable ? .mayBeNull(old.name) : .isNotNull(old.name), in: part))
            }
        }
        for (index, new) in found.enumerated()
        where !locked.contains(where: { $0.name.utf8.elementsEqual(new.name.utf8) }) {
            differences.append(.init(.isNew(new.name), in: .column(locked: nil, found: index)))
        }
        if differences.isEmpty, locked.map(\.name) != found.map(\.name) {
            differences.append(.init(.order, in: .columns))
        }
        return differences
    }

    private static func elementTypes(_ statement: LockedStatement) -> Set<String> {
        Set((statement.parameters + statement.columns.map(\.type)).map(elementType))
    }

    /// The type of an array's elements, or else the type itself.
    static func elementType(_ type: String) -> String { type.hasSuffix("[]") ? String(type.dropLast(2)) : type }
}
