/// Reads the names of tables, and gives each the one spelling that tokens, triggers and notices have.
///
/// A name is spelled as the catalog has it, capitals included: nothing is folded. One that holds anything but letters, digits, `_`
/// and `$` stands in double quotes as in SQL, inside of which a double quote is written twice. The schema `public` and quotes
/// that are not needed are left out.
enum TableSpelling {
    /// A text that names no table.
    struct Fault: Error, Equatable {
        /// The end of a sentence about the text.
        var reason: String

        /// A diagnostic of `text`.
        func message(for text: String) -> String { "'\(text)' is not a table: \(reason)" }

        fileprivate static let form = Fault(
            reason: "write name or schema.name, of letters, digits, '_' and '$', or with others in double quotes"
        )
    }

    /// The most bytes that PostgreSQL keeps of a name.
    private static let longestName = 63

    /// `users` for `users`, `"users"` and `public.users`; `"Odd Table"` and `audit.events` for themselves.
    static func canonical(_ text: String) throws(Fault) -> String {
        var parts: [String] = []
        var rest = text.unicodeScalars[...]
        while true {
            let isQuoted = rest.first == "\""
            let part = isQuoted ? try quotedPart(&rest) : plainPart(&rest)
            guard let part, parts.count < 2 else { throw fault(in: text) }
            if part.utf8.count > longestName {
                throw Fault(
                    reason:
                        "a name has at most \(longestName) bytes in PostgreSQL, and '\(part)' has \(part.utf8.count)"
                )
            }
            parts.append(part)
            guard rest.first == "." else { break }
            rest.removeFirst()
        }
        guard rest.isEmpty else { throw fault(in: text) }
        if parts.count == 2, parts[0] == "public" { parts.removeFirst() }
        return parts.map(spelling).joined(separator: ".")
    }

    private static func spelling(_ name: String) -> String {
        var rest = name.unicodeScalars[...]
        return plainPart(&rest) != nil && rest.isEmpty ? name : quoted(name)
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// What may be meant where quotes are all that is missing.
    private static func fault(in text: String) -> Fault {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !text.contains("\""), (1...2).contains(parts.count), !parts.contains("") else { return .form }
        return Fault(reason: "\(Fault.form.reason): '\(parts.map(spelling).joined(separator: "."))'")
    }

    private static func plainPart(_ rest: inout Substring.UnicodeScalarView) -> String? {
        guard let first = rest.first, first == "_" || first.properties.isXIDStart else { return nil }
        let part = rest.prefix { $0 == "_" || $0 == "$" || $0.properties.isXIDContinue }
        rest = rest[part.endIndex...]
        return String(part)
    }

    private static func quotedPart(_ rest: inout Substring.UnicodeScalarView) throws(Fault) -> String? {
        rest.removeFirst()
        var part = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else {
                    if part.isEmpty { throw Fault(reason: "a name in double quotes is empty") }
                    return String(part)
                }
                rest.removeFirst()
            }
            if scalar == "\0" { throw Fault(reason: "PostgreSQL keeps no NUL in a name") }
            part.append(scalar)
        }
        throw Fault(reason: "a double quote is not closed")
    }
}
