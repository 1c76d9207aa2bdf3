/// The reason for which not all changes of a table are announced.
public enum TableFault: Hashable, Sendable, CustomStringConvertible {
    /// The table does not exist.
    ///
    /// - Parameter suggestion: a table with a similar name.
    case missing(suggestion: String?)
    /// The name belongs to another kind of relation, such as `a view`.
    case notATable(String)
    /// The table is a partition or a child of another one, whose statements change it.
    case part(of: String)
    /// A foreign table, which can't have such triggers, is among the partitions or children.
    case foreignPart(String)
    /// The table, or this part of it, has none of the triggers.
    case noTriggers(part: String?)
    /// The table, or this part of it, lacks a trigger.
    case missingTrigger(String, part: String?)
    /// A trigger of the table, or of this part of it, does not fire in ordinary sessions.
    case disabledTrigger(String, part: String?)
    /// A trigger of the table, or of this part of it, has the right name but other events, arguments or another
    /// function.
    case otherTrigger(String, part: String?)

    /// Indicates that the SQL of ``TableTriggerSQL`` removes the fault.
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

/// The state of a table at one point in time.
public struct TableReport: Hashable, Sendable {
    /// The name in the request.
    public let name: String
    /// A digest of the rows of pg_class, pg_attribute, pg_inherits and pg_trigger for the table and all of its parts.
    public let digest: String
    /// The reason for which not all changes are announced; `nil` if all are.
    public let fault: TableFault?

    /// Makes a report.
    public init(name: String, digest: String, fault: TableFault?) {
        self.name = name
        self.digest = digest
        self.fault = fault
    }
}
