import SQLSyntax

/// The place of an input in a statement, and the problem if PostgreSQL accepts no value there.
///
/// Only what PostgreSQL's grammar refuses in every statement is a problem. PostgreSQL would report it too, but at run
/// time and without a suggestion.
struct SQLInputPlacementCheck {
    /// The reason why a value is not possible.
    enum Problem: Hashable {
        /// After a key of JSON_OBJECT, whose colon is part of the input.
        case jsonColon
        /// In the place of the name of a table, a column, a type, an alias or a function.
        case name
        /// After a word that no value can follow.
        case word(String)
        /// After a type, where only a constant is allowed.
        case typeLiteral(String)
        /// After IN, without parentheses.
        case list(isNegated: Bool)
        /// In the place of EXTRACT's field.
        case extractField
        /// After a string.
        case string
        /// After a value, without an operator.
        case operand
        /// After a sort expression, in the place of ASC or DESC.
        case direction(String)
    }

    private let tree: SQLTokenTree
    private let index: Int
    private let clauses: SQLClauseContexts

    init(_ tree: SQLTokenTree, at index: Int, clauses: SQLClauseContexts) {
        self.tree = tree
        self.index = index
        self.clauses = clauses
    }

    /// Words that an expression can follow.
    private static let openings: Set<String> = [
        "all", "analyze", "and", "asymmetric", "between", "both", "by", "call", "case", "content", "default",
        "distinct",
        "document", "else", "escape", "execute", "filter", "first", "for", "from", "groups", "having", "in", "ilike",
        "key",
        "leading", "like", "limit", "next", "not", "of", "offset", "on", "or", "over", "passing", "path", "placing",
        "range", "ref", "return", "returning", "rows", "select", "similar", "symmetric", "then", "to", "trailing",
        "value",
        "values", "variadic", "version", "when", "where",
    ]

    private static let types: Set<String> = [
        "interval", "date", "time", "timestamp", "timestamptz", "timetz", "int", "int2", "int4", "int8", "integer",
        "bigint", "smallint", "numeric", "decimal", "real", "float", "float4", "float8", "precision", "text", "varchar",
        "char", "bpchar", "character", "varying", "uuid", "json", "jsonb", "bool", "boolean", "bytea", "bit", "inet",
        "cidr", "money", "xml", "point", "box",
    ]

    /// The problem; `nil` if PostgreSQL's grammar allows a value.
    var problem: Problem? {
        if tree.isPunctuation(index - 1, ".") { return .name }
        if tree.isPunctuation(index + 1, ".", "("), tree.tokens[index + 1].range.lowerBound == end {
            return isBehindJSONKey ? .jsonColon : .name
        }
        if tree.isWord(index - 1) { return problemBehindWord }
        if tree.endsOperand(index - 1) { return problemBehindOperand }
        if tree.isPunctuation(index - 1, "("), tree.isKeyword(index - 2, "extract") { return .extractField }
        return isListedName ? .name : nil
    }

    private var end: Int { tree.tokens[index].range.upperBound }

    /// Tells whether the input is an argument of one of the functions.
    private func isInCall(_ names: String...) -> Bool {
        guard let opener = tree.openers[index], tree.isWord(opener - 1) else { return false }
        return names.contains(tree.texts[opener - 1])
    }

    private var isBehindJSONKey: Bool {
        isInCall("json_object", "json_objectagg")
            && (tree.endsOperand(index - 1) || (tree.isWord(index - 1) && !tree.isWord(index - 1, "value", "key")))
    }

    private var problemBehindWord: Problem? {
        if isBehindJSONKey { return .jsonColon }
        let word = tree.texts[index - 1]
        if tree.isPunctuation(index - 2, ".") { return .operand }
        switch word {
        case "as", "join", "into", "update", "only", "collate", "using", "table": return .name
        case "from": return isFromClause(index - 1) ? .name : nil
        case "in": return isInCall("position") ? nil : .list(isNegated: tree.isWord(index - 2, "not"))
        case "set": return .name
        case "zone":
            let isType = tree.isWord(index - 2, "time") && tree.isWord(index - 3, "with", "without")
            return isType ? .typeLiteral("timestamp") : nil
        default:
            if Self.openings.contains(word) { return nil }
            return Self.types.contains(word) ? .typeLiteral(word) : .word(word)
        }
    }

    private var problemBehindOperand: Problem {
        if isBehindJSONKey { return .jsonColon }
        switch tree.tokens[index - 1].kind {
        case .string: return .string
        case .punctuation where tree.texts[index - 1] == ")":
            // `interval(0) :x`
            guard let opener = tree.opener(of: index - 1), tree.isWord(opener - 1),
                Self.types.contains(tree.texts[opener - 1])
            else { return .operand }
            return .typeLiteral(tree.texts[opener - 1])
        default: return .operand
        }
    }

    /// Tells whether FROM begins a clause, which it does not in `IS DISTINCT FROM` and in a function's arguments.
    private func isFromClause(_ from: Int) -> Bool {
        if tree.isWord(from - 1, "distinct"), tree.isWord(from - 2, "is", "not") { return false }
        return clauses.before(from).hasStatement
    }

    /// Indicates that the input is in a list of names: columns of INSERT or USING, or tables of FROM.
    private var isListedName: Bool {
        guard tree.isPunctuation(index - 1, "(", ",") else { return false }
        if let opener = tree.openers[index], tree.isPunctuation(opener, "(") {
            let isQuery = SQLStatementOutline.isQuery(tree, tree.contents(of: opener))
            if !isQuery, tree.isKeyword(opener - 1, "using") || isInsertTarget(opener) { return true }
        }
        guard tree.isPunctuation(index - 1, ",") else { return false }
        let before = clauses.before(index)
        guard let clause = before.clause else { return false }
        switch tree.texts[clause] {
        case "from": return isFromClause(clause)
        case "set":
            return before.hasUpdate && tree.texts.dropFirst(index + 1).first == "="
        default: return false
        }
    }

    /// Tells whether a parenthesis follows `INTO table`.
    private func isInsertTarget(_ opener: Int) -> Bool {
        var index = opener - 1
        while index > 1, tree.isPunctuation(index - 1, ".") { index -= 2 }
        return tree.isKeyword(index - 1, "into")
    }
}

extension SQLInputPlacementCheck.Problem {
    /// The message about the problem, with a suggestion.
    func message(_ name: String) -> String {
        switch self {
        case .jsonColon:
            "':\(name)' is an input here, and the key has no colon of its own; write 'VALUE' for the colon, or a blank "
                + "behind it"
        case .name:
            "':\(name)' stands for a name here, and inputs are values; write the name of the table, column or function "
                + "itself, with a route for each where there are several"
        case .direction(let key):
            "':\(name)' cannot stand for ASC or DESC, since inputs are values; write both orders: CASE WHEN :\(name) = 'asc' "
                + "THEN \(key) END, CASE WHEN :\(name) = 'desc' THEN \(key) END DESC"
        case .word(let word):
            "':\(name)' cannot stand behind '\(word)': inputs are values, not keywords; write an operator or a comma before "
                + "it, or the keyword itself"
        case .typeLiteral("interval"):
            "'INTERVAL' takes a constant, not an input; write ':\(name)::interval', or make_interval(days => :\(name))"
        case .typeLiteral(let type):
            "'\(type.uppercased())' takes a constant, not an input; write ':\(name)::\(Self.castType(type))'"
        case .list(let isNegated):
            "IN needs parentheses; with a list write '\(isNegated ? "<> ALL(:\(name))" : "= ANY(:\(name))")'"
        case .extractField: "EXTRACT takes a field's name, not an input; write 'date_part(:\(name), …)'"
        case .string: "an operator is missing before ':\(name)'; strings are joined with '||'"
        case .operand: "an operator or a comma is missing before ':\(name)'"
        }
    }

    private static func castType(_ type: String) -> String {
        switch type {
        case "precision": "float8"
        case "varying": "varchar"
        default: type
        }
    }
}
