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
        var parts: [String] = []
        var rest = text.unicodeScalars[...]
        repeat {
            if !parts.isEmpty { rest.removeFirst() }
            guard parts.count < 2, let part = Self.takePart(&rest) else { return nil }
            parts.append(part)
        } while rest.first == "."
        guard rest.isEmpty, let relation = parts.last else { return nil }
        schema = parts.count == 2 ? parts[0] : "public"
        self.relation = relation
    }

    /// The one spelling that manifests are brought to, without the schema `public` and without quotes that are not needed.
    public var description: String {
        schema == "public" ? Self.spelling(of: relation) : "\(Self.spelling(of: schema)).\(Self.spelling(of: relation))"
    }

    /// The name as SQL has it, schema and quotes included.
    var sql: String { "\(Self.quoted(schema)).\(Self.quoted(relation))" }

    /// A name in double quotes.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func spelling(of name: String) -> String {
        var rest = name.unicodeScalars[...]
        return takePlainPart(&rest) != nil && rest.isEmpty ? name : quoted(name)
    }

    private static func takePart(_ rest: inout Substring.UnicodeScalarView) -> String? {
        rest.first == "\"" ? takeQuotedPart(&rest) : takePlainPart(&rest)
    }

    private static func takePlainPart(_ rest: inout Substring.UnicodeScalarView) -> String? {
        guard let first = rest.first, first == "_" || first.properties.isXIDStart else { return nil }
        let part = rest.prefix { $0 == "_" || $0 == "$" || $0.properties.isXIDContinue }
        rest = rest[part.endIndex...]
        return String(part)
    }

    private static func takeQuotedPart(_ rest: inout Substring.UnicodeScalarView) -> String? {
        rest.removeFirst()
        var part = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else { return part.isEmpty ? nil : String(part) }
                rest.removeFirst()
            }
            part.append(scalar)
        }
        return nil
    }
}
