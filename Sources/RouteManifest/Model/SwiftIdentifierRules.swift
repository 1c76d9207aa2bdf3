/// The rules for names in generated Swift code.
package enum SwiftIdentifierRules {
    /// Tells whether `text` is an identifier of ASCII letters, digits and underscores. Swift allows others, but `:name`
    /// doesn't.
    package static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, !first.isASCIIDigit, text != "_" else { return false }
        return text.utf8.allSatisfy { $0.isASCIIDigit || $0.isASCIILetter || $0 == UInt8(ascii: "_") }
    }

    /// Words that need backticks as a name (The Swift Programming Language, Lexical Structure).
    package static let keywords: Set<String> = [
        "Any", "Protocol", "Self", "Type", "as", "associatedtype", "await", "break", "case", "catch", "class",
        "continue", "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
        "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
        "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self",
        "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var",
        "where", "while",
    ]

    /// The names of types that generated code refers to or declares in the scope of the generated type.
    ///
    /// A member with one of these names would hide the type.
    package static let reserved: Set<String> = [
        "Array", "Bool", "CachePolicy", "ConstraintResponse", "Context", "Date", "Double", "Duration",
        "HandlerResponse", "Handlers", "InputValues", "Int", "Int32", "NoContext", "NullableInput", "Optional",
        "PathTemplate", "PreconditionPolicy", "RouteContext", "RouteDeclaration", "RouteDefinition", "RouteInput",
        "RouteSet",
        "RouteSignature", "SQLStatement", "Sendable", "String", "TablePolicy", "UUID", "WarmPolicy", "WritePolicy",
    ]

    /// The name with an uppercase first letter: `usage` becomes `Usage`, as in the generated type `UsageInput`.
    static func capitalized(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The name in camel case: `page-size` becomes `pageSize`.
    package static func joined(_ name: String) -> String {
        let words = name.utf8.split { !isIdentifier("_" + String(decoding: [$0], as: UTF8.self)) }
        return words.map { String($0) ?? "" }.enumerated().map { $0 == 0 ? $1 : capitalized($1) }.joined()
    }

    /// The reason why `text` can't be a name; `nil` if it can.
    static func problem(with text: String) -> String? {
        if !isIdentifier(text) {
            return "'\(text)' is not a Swift identifier of letters, digits and underscores"
        }
        if keywords.contains(text) { return "'\(text)' is a Swift keyword" }
        return nil
    }
}
