/// Names as SQL spells them: plain, or in double quotes inside of which a double quote is written twice.
public enum SQLIdentifier {
    /// Why a text is no name.
    public enum Fault: Error, Sendable, Hashable {
        /// A part that is neither plain nor quoted, or something behind the last one.
        case malformed
        /// A double quote without its closing one.
        case unterminated
        /// Double quotes with nothing between them.
        case empty
    }

    /// The name or keyword that a word without quotes is: in small letters; letters beyond ASCII stay, as in PostgreSQL.
    public static func folded(_ word: ArraySlice<UInt8>) -> String {
        String(
            decoding: word.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self
        )
    }

    /// The name in double quotes.
    public static func quoted(_ name: String) -> String {
        // By scalars: a quote and the combining mark behind it are one character.
        let parts = name.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + parts.map(String.init).joined(separator: "\"\"") + "\""
    }

    /// The name, in double quotes where it holds anything but letters, digits, `_` and `$`.
    public static func spelled(_ name: String) -> String {
        var rest = name.unicodeScalars[...]
        return takePlain(&rest) != nil && rest.isEmpty ? name : quoted(name)
    }

    /// The names in a text that dots separate, without their quotes. Nothing is folded.
    ///
    /// - Throws: ``Fault`` for a text that is anything else.
    public static func parts(of text: String) throws(Fault) -> [String] {
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

    private static func takeQuoted(_ rest: inout Substring.UnicodeScalarView) throws(Fault) -> String {
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
