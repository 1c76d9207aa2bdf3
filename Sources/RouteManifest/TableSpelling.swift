import SQLSyntax

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
        var parts = try parts(of: text)
        for part in parts where part.utf8.count > longestName {
            throw Fault(
                reason: "a name has at most \(longestName) bytes in PostgreSQL, and '\(part)' has \(part.utf8.count)"
            )
        }
        if parts.count == 2, parts[0] == "public" { parts.removeFirst() }
        return parts.map(SQLIdentifier.spelled).joined(separator: ".")
    }

    private static func parts(of text: String) throws(Fault) -> [String] {
        let parts: [String]
        do throws(SQLIdentifier.Fault) {
            parts = try SQLIdentifier.parts(of: text)
        } catch {
            switch error {
            case .malformed: throw fault(in: text)
            case .empty: throw Fault(reason: "a name in double quotes is empty")
            case .unterminated: throw Fault(reason: "a double quote is not closed")
            }
        }
        guard parts.count <= 2 else { throw fault(in: text) }
        guard !text.unicodeScalars.contains("\0") else { throw Fault(reason: "PostgreSQL keeps no NUL in a name") }
        return parts
    }

    /// What may be meant where quotes are all that is missing.
    private static func fault(in text: String) -> Fault {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !text.contains("\""), (1...2).contains(parts.count), !parts.contains("") else { return .form }
        return Fault(reason: "\(Fault.form.reason): '\(parts.map(SQLIdentifier.spelled).joined(separator: "."))'")
    }
}
