/// The relations that a statement reads, through views and functions too.
package struct RelationFacts: Hashable, Sendable {
    /// A table, or an object whose own tables the database does not tell.
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
        /// The names, without their schemas, through which the statement reads the relation: the relation's own, or those of
        /// the views, functions and operators that the statement itself names.
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

    /// The objects that may read further tables.
    package var unknown: [Relation] { all.filter { $0.kind != .table } }

    /// Indicates that the statement may read other tables than ``tables``.
    package var hasUnknownTables: Bool { error != nil || !unknown.isEmpty }
}
