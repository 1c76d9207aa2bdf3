/// What a database said about a statement.
package struct StatementFacts: Sendable {
    /// The result of preparing the statement.
    package enum Outcome: Sendable {
        /// The statement was prepared.
        case described(Description)
        /// The server refused it.
        case refused(ServerError)
        /// The server has no answer now, for instance because of a lock.
        case unreachable(ServerError)
    }

    /// A statement that the server prepared.
    package struct Description: Sendable {
        /// The types of the parameters as they were chosen.
        package var parameters: [TypeFact]
        /// For each occurrence of a parameter in the sent statement the index of its type; `nil` if each parameter of the
        /// statement has one type.
        package var occurrences: [Int]?
        /// The columns of the result.
        package var columns: [ColumnFact]
        /// The relations that a GET route's statement reads; `nil` for other routes, and if they were not asked for.
        package var relations: RelationFacts?
        /// The functions that may write: those of users that are VOLATILE, and built-in ones that write.
        package var functions: [FunctionFact] = []
        /// The nodes of the generic plan; empty if there is none.
        package var plan: [PlanNode] = []
        /// The nodes of the generic plan without sequential scans where there is another way, for their conditions.
        package var indexedPlan: [PlanNode] = []
        /// The error of the form in which columns are converted to JSON, and the first such column.
        package var conversionError: ConversionError?

        /// Creates a description.
        package init(parameters: [TypeFact], occurrences: [Int]? = nil, columns: [ColumnFact]) {
            self.parameters = parameters
            self.occurrences = occurrences
            self.columns = columns
        }
    }

    /// An error of the server about columns that it has to convert to JSON.
    package struct ConversionError: Hashable, Sendable {
        /// The error.
        package var error: ServerError
        /// The index of the first such column.
        package var column: Int

        /// Creates an error.
        package init(_ error: ServerError, column: Int) {
            self.error = error
            self.column = column
        }
    }

    /// An error of the server's.
    package struct ServerError: Error, Hashable, Sendable {
        /// The SQLSTATE.
        package var state: String
        /// The primary message.
        package var message: String
        /// The detail.
        package var detail: String?
        /// The hint.
        package var hint: String?
        /// The offset in the sent statement that the error is about.
        package var sentByte: Int?

        /// Creates an error.
        package init(state: String, message: String, detail: String? = nil, hint: String? = nil, sentByte: Int? = nil) {
            self.state = state
            self.message = message
            self.detail = detail
            self.hint = hint
            self.sentByte = sentByte
        }
    }

    /// The result of preparing the statement.
    package var outcome: Outcome

    /// Creates facts.
    package init(_ outcome: Outcome) { self.outcome = outcome }
}

/// A type of a database.
package struct TypeFact: Hashable, Sendable {
    /// The name as `format_type` has it, with its schema if it is a user's. Of a domain it is the name of its base type.
    package var name: String
    /// The type's OID.
    package var oid: UInt32
    /// The OID of the type below all domains.
    package var baseOID: UInt32
    /// The labels of an enum, or of the elements of an array of one.
    package var labels: [String]?
    /// Indicates that some value of the input behind a parameter can be read as this type; `nil` for other types than those
    /// of parameters.
    package var mayBeRead: Bool?

    /// Creates a type.
    package init(name: String, oid: UInt32, baseOID: UInt32, labels: [String]? = nil, mayBeRead: Bool? = nil) {
        self.name = name
        self.oid = oid
        self.baseOID = baseOID
        self.labels = labels
        self.mayBeRead = mayBeRead
    }
}

/// A column of a result.
package struct ColumnFact: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The type.
    package var type: TypeFact
    /// Indicates that the column is one of a table that is NOT NULL there and in all tables that inherit from it.
    package var isNotNullColumn: Bool

    /// Creates a column.
    package init(name: String, type: TypeFact, isNotNullColumn: Bool = false) {
        self.name = name
        self.type = type
        self.isNotNullColumn = isNotNullColumn
    }
}

/// The relations that a statement reads, through views and functions too.
package struct RelationFacts: Hashable, Sendable {
    /// A table, or something else that may read tables or change without them, of which the database can't tell more.
    package struct Relation: Hashable, Sendable {
        /// The kinds of relations.
        package enum Kind: String, Hashable, Sendable {
            /// A table. A part of a table stands for the whole one.
            case table
            /// A function whose body is a text.
            case function
            /// A materialized view.
            case materializedView = "materialized view"
            /// A foreign table.
            case foreignTable = "foreign table"
            /// A sequence, which has no triggers.
            case sequence
        }

        /// The kind.
        package var kind: Kind
        /// The name; that of a table in its canonical spelling, that of others without the schema.
        package var name: String
        /// The names, without their schemas, of what the statement itself refers to and by which it reads the relation: its
        /// own, or that of a view, a function or an operator.
        package var mentions: [String]

        /// Creates a relation.
        package init(_ kind: Kind, _ name: String, mentions: [String]) {
            self.kind = kind
            self.name = name
            self.mentions = mentions
        }
    }

    /// The relations by kind and name.
    package var all: [Relation]
    /// The reason for which the relations are not known.
    package var error: StatementFacts.ServerError?

    /// Creates relations.
    package init(_ all: [Relation], error: StatementFacts.ServerError? = nil) {
        self.all = all
        self.error = error
    }

    /// The names of the tables, sorted by their bytes.
    package var tables: [String] {
        Set(all.filter { $0.kind == .table }.map(\.name)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The relations other than tables: what they read, or when they change, is not known.
    package var unknown: [Relation] { all.filter { $0.kind != .table } }
}

/// A function that a statement calls, itself or through views and other functions.
package struct FunctionFact: Hashable, Sendable {
    /// The name without the schema.
    package var name: String
    /// Indicates a function of PostgreSQL's own.
    package var isBuiltIn: Bool
    /// The text of the body; empty where it is none, as of functions in C.
    package var body: String
    /// See ``RelationFacts/Relation/mentions``.
    package var mentions: [String]

    /// Creates a function.
    package init(_ name: String, isBuiltIn: Bool = false, body: String = "", mentions: [String]) {
        self.name = name
        self.isBuiltIn = isBuiltIn
        self.body = body
        self.mentions = mentions
    }
}

/// A node of a plan.
package struct PlanNode: Hashable, Sendable {
    /// The type, such as `Seq Scan`.
    package var type: String
    /// The table that it scans; `nil` if it scans none.
    package var table: QualifiedName?
    /// The alias of the table.
    package var alias: String?
    /// The condition by which rows are dropped that were read.
    package var filter: String?
    /// All conditions.
    package var conditions: [String]
    /// Indicates that a LIMIT may end it before it has read everything.
    package var isLimited: Bool
    /// The numbers of the values that it makes for other nodes, whose conditions name them like parameters: `$1` (before
    /// PostgreSQL 17).
    package var outputs: [Int]

    /// Creates a node.
    package init(
        _ type: String,
        table: QualifiedName? = nil,
        alias: String? = nil,
        filter: String? = nil,
        conditions: [String] = [],
        isLimited: Bool = false,
        outputs: [Int] = []
    ) {
        self.type = type
        self.table = table
        self.alias = alias
        self.filter = filter
        self.conditions = conditions
        self.isLimited = isLimited
        self.outputs = outputs
    }
}

/// The name of a relation with its schema, both without quotes.
package struct QualifiedName: Hashable, Sendable {
    /// The schema.
    package var schema: String
    /// The name in the schema.
    package var name: String

    /// Creates a name.
    package init(_ schema: String, _ name: String) {
        self.schema = schema
        self.name = name
    }
}
