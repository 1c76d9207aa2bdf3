import SQLSyntax

/// The name of a table as manifests, triggers and notifications spell it.
///
/// `users` is a table of the schema `public`, `audit.events` one of another schema. Names are spelled as in the
/// catalog, including upper and lower case. A name with other characters than letters, digits, `_` and `$` is in double
/// quotes, in which a double quote is doubled: `"Odd Table"`, `audit."2025.q1"`.
public struct TableName: Hashable, Sendable, CustomStringConvertible {
    /// The unquoted schema.
    public let schema: String
    /// The unquoted name of the table in its schema.
    public let relation: String

    /// Reads a name; `nil` for text that is not a table's name: an empty part, a missing or unclosed quote, more than
    /// two parts.
    public init?(_ text: String) {
        guard let parts = try? SQLIdentifierSyntax.parts(of: text), parts.count <= 2, let relation = parts.last else {
            return nil
        }
        schema = parts.count == 2 ? parts[0] : "public"
        self.relation = relation
    }

    /// The canonical spelling, without the schema `public` and without unnecessary quotes.
    public var description: String {
        (schema == "public" ? [relation] : [schema, relation]).map(SQLIdentifierSyntax.spelled).joined(separator: ".")
    }

    /// The quoted name in SQL, with its schema.
    var sql: String { [schema, relation].map(SQLIdentifierSyntax.quoted).joined(separator: ".") }
}
