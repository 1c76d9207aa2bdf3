/// Identifiers as SQL spells them: plain, or in double quotes, in which a double quote is doubled.
public enum SQLIdentifierSyntax {
    /// The name or keyword for an unquoted word: ASCII letters are converted to lowercase, others are kept, as
    /// PostgreSQL does.
    public static func folded(_ word: ArraySlice<UInt8>) -> String {
        String(
            decoding: word.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self
        )
    }

    /// The name in double quotes.
    public static func quoted(_ name: String) -> String {
        // Compares Unicode scalars, because a quote and a following combining mark are one character.
        let parts = name.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + parts.map(String.init).joined(separator: "\"\"") + "\""
    }

    /// The name, in double quotes if it contains anything but letters, digits, `_` and `$`.
    public static func spelled(_ name: String) -> String {
        var rest = name.unicodeScalars[...]
        return takePlain(&rest) != nil && rest.isEmpty ? name : quoted(name)
    }

    /// The parts of a qualified name, without their quotes. Their case is kept.
    ///
    /// - Throws: ``SQLIdentifierError`` if the text is not a qualified name.
    public static func parts(of text: String) throws(SQLIdentifierError) -> [String] {
        var parts: [String] = []
        var rest = text.unicodeScalars[...]
        repeat {
            if !parts.isEmpty { rest.removeFirst() }
            guard let part = rest.first == "\"" ? try takeQuoted(&rest) : takePlain(&rest) else { throw .malformed }
            parts.append(part)
        } while rest.first == "."
        guard rest.isEmpty else { throw .malformed }
        return parts
    }

    private static func takePlain(_ rest: inout Substring.UnicodeScalarView) -> String? {
        guard let first = rest.first, first == "_" || first.properties.isXIDStart else { return nil }
        let part = rest.prefix { $0 == "_" || $0 == "$" || $0.properties.isXIDContinue }
        rest = rest[part.endIndex...]
        return String(part)
    }

    private static func takeQuoted(_ rest: inout Substring.UnicodeScalarView) throws(SQLIdentifierError) -> String {
        rest.removeFirst()
        var part = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else {
                    if part.isEmpty { throw .empty }
                    return String(part)
                }
                rest.removeFirst()
            }
            part.append(scalar)
        }
        throw .unterminated
    }
}
