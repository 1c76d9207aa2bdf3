/// What names of generated Swift code may be.
enum SwiftName {
    /// Whether `text` is an identifier of ASCII letters, digits and underscores. Others would be legal Swift, but not legal in
    /// `:name`.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), text != "_" else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
    }

    /// Words that need backticks as a name (The Swift Programming Language, Lexical Structure).
    static let keywords: Set<String> = [
        "Any", "Protocol", "Self", "Type", "as", "associatedtype", "await", "break", "case", "catch", "class",
        "continue",
        "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
        "func",
        "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup",
        "private", "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript",
        "super",
        "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// The name with its first letter made large: `usage` becomes `Usage`, as in the generated type `UsageInput`.
    static func capitalized(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The words of a name joined as Swift does it: `page-size` becomes `pageSize`.
    static func joined(_ name: String) -> String {
        let words = name.utf8.split { !isIdentifier("_" + String(decoding: [$0], as: UTF8.self)) }
        return words.map { String($0) ?? "" }.enumerated().map { $0 == 0 ? $1 : capitalized($1) }.joined()
    }

    /// Why `text` cannot be a name; `nil` when it can.
    static func problem(with text: String) -> String? {
        if !isIdentifier(text) {
            return "'\(text)' is not a Swift identifier of letters, digits and underscores"
        }
        if keywords.contains(text) { return "'\(text)' is a Swift keyword" }
        return nil
    }
}
