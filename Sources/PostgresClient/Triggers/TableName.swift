import SQLSyntax

/// A table of the catalog, as manifests, triggers and notices spell it.
///
/// `users` is a table of the schema `public`, `audit.events` one of another schema. A name is spelled as the catalog has it,
/// capitals included. One that holds anything but letters, digits, `_` and `$` stands in double quotes, inside of which a double
/// quote is written twice: `"Odd Table"`, `audit."2025.q1"`.
public struct TableName: Hashable, Sendable, CustomStringConvertible {
    /// The schema, without quotes.
    public let schema: String
    /// The table's own name, without quotes.
    public let relation: String

    /// Reads a name.
    ///
    /// - Returns: `nil` for text that is not a table's name: an empty part, a character that needs quotes and has none, a quote
    ///   that is not closed, more than two parts.
    public init?(_ text: String) {
        guard let parts = try? SQLIdentifier.parts(of: text), parts.count <= 2, let relation = parts.last else {
            return nil
        }
        schema = parts.count == 2 ? parts[0] : "public"
        self.relation = relation
    }

    /// The one spelling that manifests are brought to, without the schema `public` and without quotes that are not needed.
    public var description: String {
        (schema == "public" ? [relation] : [schema, relation]).map(SQLIdentifier.spelled).joined(separator: ".")
    }

    /// The name as SQL has it, schema and quotes included.
    var sql: String { [schema, relation].map(SQLIdentifier.quoted).joined(separator: ".") }
}
