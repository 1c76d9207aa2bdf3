/// A statement with its inputs, which knows where they stand without scanning.
///
/// It is written with a mark for each input: `«name type value»` where it stands first, `«name»` where it stands again. A `?`
/// behind the type makes the input optional; an optional one without a value is absent. `«name!type …»` gives the type in
/// PostgreSQL that the input has in this place where it is not the one that its declared type usually has.
public struct Statement: Sendable, Hashable, ExpressibleByStringLiteral {
    /// An input, as a manifest declares it, and a value for it.
    public struct RouteInput: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The type as manifests write it.
        public let type: String
        /// The manifest declares the input as optional.
        public let isOptional: Bool
        /// The value in PostgreSQL's text format; `nil` where the input is absent.
        public let value: String?
    }

    /// A piece of a statement.
    public enum Part: Sendable, Hashable {
        /// SQL as it stands.
        case text(String)
        /// An input, and the constant that means the same to PostgreSQL.
        case input(name: String, constant: String)
    }

    /// The statement with its marks.
    let marked: String
    /// The pieces, in order.
    let parts: [Part]
    /// The inputs, in the order of their first places.
    public let inputs: [RouteInput]

    /// A statement from its text with marks.
    public init(stringLiteral marked: String) { self.init(marked) }

    init(_ marked: String) {
        self.marked = marked
        var inputs: [RouteInput] = []
        parts = Lexeme.all(of: marked).map { lexeme in
            guard lexeme.kind == .mark else { return .text(lexeme.text) }
            let mark = Mark(lexeme.text)
            if let input = mark.input, !inputs.contains(input) { inputs.append(input) }
            guard let input = inputs.first(where: { $0.name == mark.name }) else {
                preconditionFailure("'\(mark.name)' has no type in \(marked)")
            }
            let type = mark.type ?? Self.types[input.type]
            let constant = input.value.map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL"
            return .input(name: input.name, constant: "(\(constant)\(type.map { "::\($0)" } ?? ""))")
        }
        precondition(Set(inputs.map(\.name)).count == inputs.count, "an input is declared twice in \(marked)")
        self.inputs = inputs
    }

    /// The types in PostgreSQL of the types of manifests; text and JSON have the type that their place asks for.
    private static let types = [
        "int": "int8", "int32": "int4", "double": "float8", "decimal": "numeric", "bool": "bool", "uuid": "uuid",
        "date": "date", "timestamp": "timestamptz", "[int]": "int8[]", "[uuid]": "uuid[]",
    ]

    /// The statement as a manifest has it, with `:name` for each input.
    public var sql: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .input(let name, _): ":\(name)"
            }
        }.joined()
    }

    /// The statement with constants in place of its inputs.
    public var withConstants: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .input(_, let constant): constant
            }
        }.joined()
    }

    /// The pieces without blanks, comments and semicolons around the statement.
    public var coreParts: [Part] {
        let lexemes = Lexeme.all(of: marked)
        let indices = lexemes.indices.filter { !lexemes[$0].isAround }
        guard let first = indices.first, let last = indices.last else { return [] }
        return Array(parts[first...last])
    }

    /// The text with marks, without blanks, comments and semicolons around the statement.
    var core: String {
        let lexemes = Lexeme.all(of: marked)
        let indices = lexemes.indices.filter { !lexemes[$0].isAround }
        guard let first = indices.first, let last = indices.last else { return "" }
        return lexemes[first...last].map(\.text).joined()
    }
}

/// The content of a mark.
private struct Mark {
    let name: String
    let type: String?
    let input: Statement.RouteInput?

    init(_ text: String) {
        let words = text.dropFirst().dropLast().split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        let names = words[0].split(separator: "!")
        name = String(names[0])
        type = names.count > 1 ? String(names[1]) : nil
        guard words.count == 3 else {
            precondition(words.count == 1, "\(text) has a type and no value")
            input = nil
            return
        }
        let isOptional = words[1].hasSuffix("?")
        input = Statement.RouteInput(
            name: name,
            type: String(isOptional ? words[1].dropLast() : words[1]),
            isOptional: isOptional,
            value: isOptional && words[2].isEmpty ? nil : String(words[2])
        )
    }
}
