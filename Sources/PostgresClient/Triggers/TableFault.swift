/// The reason why a table's changes are not all announced.
public enum TableFault: Hashable, Sendable, CustomStringConvertible {
    /// The catalog has no such table.
    ///
    /// - Parameter suggestion: a table whose name is close.
    case missing(suggestion: String?)
    /// Something else has the name, such as `a view`.
    case notATable(String)
    /// The table is a partition or a child of another one, whose statements reach it.
    case part(of: String)
    /// A foreign table is among the partitions or children; it can have no such triggers.
    case foreignPart(String)
    /// The table, or `part` of it, has none of the triggers.
    case noTriggers(part: String?)
    /// A trigger of the table, or of `part` of it, is not there.
    case missingTrigger(String, part: String?)
    /// A trigger of the table, or of `part` of it, does not fire in ordinary sessions.
    case disabledTrigger(String, part: String?)
    /// Something else has the name of a trigger: other events, arguments or another function.
    case otherTrigger(String, part: String?)

    /// Whether the SQL of ``TableTriggers`` mends it.
    public var isMendedByTriggers: Bool {
        switch self {
        case .missing, .notATable, .part, .foreignPart: false
        case .noTriggers, .missingTrigger, .disabledTrigger, .otherTrigger: true
        }
    }

    /// The reason as the end of a sentence.
    public var description: String {
        switch self {
        case .missing(let suggestion):
            "there is no such table" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
        case .notATable(let kind): "it is \(kind), not a table: name the tables that it reads, or purge a tag"
        case .part(let parent): "it is a part of the table '\(parent)': name that one"
        case .foreignPart(let part): "its part \(part) is a foreign table, whose changes are not announced"
        case .noTriggers(let part): (part.map { "its part \($0)" } ?? "it") + " has no triggers"
        case .missingTrigger(let name, let part): "the trigger \(Self.place(name, part)) is missing"
        case .disabledTrigger(let name, let part): "the trigger \(Self.place(name, part)) is disabled"
        case .otherTrigger(let name, let part):
            "the trigger \(Self.place(name, part)) is not the one that 'cached-routes triggers' makes"
        }
    }

    private static func place(_ name: String, _ part: String?) -> String {
        part.map { "\(name) of part \($0)" } ?? name
    }
}

/// A table as the catalog had it at one moment.
public struct TableReport: Hashable, Sendable {
    /// The name under which it was asked for.
    public let name: String
    /// A digest of the rows that pg_class, pg_attribute, pg_inherits and pg_trigger have of the table and all of its parts.
    public let digest: String
    /// The reason why not all changes are announced; `nil`: all are.
    public let fault: TableFault?

    /// A report from its parts.
    public init(name: String, digest: String, fault: TableFault?) {
        self.name = name
        self.digest = digest
        self.fault = fault
    }
}
