import SQLSyntax

/// Determines the name that PostgreSQL gives to an expression in a select list.
///
/// It follows `FigureColname` of PostgreSQL's parser. The name of a column, function or subquery is strong. The name of
/// a type or of CASE is weak: a cast uses it only if there is no stronger name inside. The expression is read from left
/// to right, and its name is `unknown` if it has syntax that is not supported here.
struct SQLExpressionNamer {
    /// A name and its strength.
    private struct MisspellingSuggestion {
        var name: SQLColumnName
        /// 0 for no name, 1 for a weak one, 2 for a strong one.
        var strength: Int

        static let none = MisspellingSuggestion(name: .unnamed, strength: 0)
        static func weak(_ name: String) -> MisspellingSuggestion {
            MisspellingSuggestion(name: .named(name), strength: 1)
        }
        static func strong(_ name: SQLCatalogName?) -> MisspellingSuggestion {
            MisspellingSuggestion(name: name.map { .named($0.text) } ?? .unknown, strength: 2)
        }
        static func strong(_ name: String) -> MisspellingSuggestion { strong(SQLCatalogName(name)) }
    }

    private struct UnknownNameError: Error {}

    private let tree: SQLTokenTree
    private let end: Int
    private var position: Int
    /// The number of expressions that contain this one.
    private let depth: Int

    /// The depth at which names become unknown, because a chain of `ELSE CASE` may exceed a thread's stack.
    private static let deepest = 24

    /// Creates a namer for an expression, with or without an alias, in a range.
    init(_ tree: SQLTokenTree, in range: Range<Int>, depth: Int = 0) {
        self.tree = tree
        self.depth = depth
        position = range.lowerBound
        end = range.upperBound
    }

    /// The name of the column.
    mutating func columnName() -> SQLColumnName {
        guard position < end else { return .unknown }
        if isStar { return .star }
        if end - position >= 3, tree.isWord(end - 2, "as") {
            return SQLCatalogName(tree, end - 1).map { .named($0.text) } ?? .unknown
        }
        do throws(UnknownNameError) {
            let suggestion = try expression()
            if position == end { return suggestion.name }
            // An alias without AS, as in `count(*) total`.
            guard position == end - 1, tree.endsOperand(position - 1) || tree.isWord(position - 1),
                let label = SQLCatalogName(tree, position),
                !Self.operators.contains(label.text) || !tree.isWord(position)
            else { return .unknown }
            return .named(label.text)
        } catch {
            return .unknown
        }
    }

    private var isStar: Bool {
        tree.texts[end - 1] == "*" && tree.tokens[end - 1].kind == .operator
            && (end - position == 1 || tree.isPunctuation(end - 2, "."))
    }

    private func isWord(_ words: String...) -> Bool { position < end && tree.isWord(position) && words.contains(text) }
    private func isPunctuation(_ text: String) -> Bool { position < end && tree.isPunctuation(position, text) }
    private var text: String { tree.texts[position] }

    // MARK: - Expressions

    /// Words that combine, negate or test values.
    private static let operators: Set<String> = [
        "and", "or", "not", "is", "isnull", "notnull", "in", "like", "ilike", "similar", "between", "escape",
        "overlaps",
        "collate", "at", "as", "over", "filter", "within", "precision", "varying", "with", "without", "zone", "year",
        "month", "day", "hour", "minute", "second", "to", "any", "all", "some", "operator", "uescape", "ignore",
        "respect",
    ]

    /// Reads operands with operators between them. A compound expression has no name.
    private mutating func expression() throws(UnknownNameError) -> MisspellingSuggestion {
        var isCompound = false
        while true {
            while position < end, tree.tokens[position].kind == .operator || isWord("not") {
                isCompound = true
                position += 1
            }
            let operand = try self.operand()
            guard position < end else { return isCompound ? .none : operand }
            if tree.tokens[position].kind == .operator {
                position += 1
            } else if isWord("operator") {
                position = tree.index(after: position + 1)
            } else if isWord("is") {
                isCompound = true
                if try skipTest() { continue }
                guard isWord("and", "or") else { return .none }
                position += 1
            } else if isWord("isnull", "notnull") {
                position += 1
                guard position < end, isWord("and", "or") else { return .none }
                position += 1
            } else if isWord("and", "or", "like", "ilike", "in", "between", "similar", "escape")
                || (isWord("not") && tree.isWord(position + 1, "like", "ilike", "in", "between", "similar"))
            {
                if isWord("not") { position += 1 }
                position += 1
                if isWord("to", "symmetric", "asymmetric") { position += 1 }
            } else {
                return isCompound ? .none : operand
            }
            isCompound = true
            if isWord("any", "all", "some") { position += 1 }
        }
    }

    /// Skips `IS [NOT] NULL` and similar tests; `true` if an operand follows, as in `IS DISTINCT FROM`.
    private mutating func skipTest() throws(UnknownNameError) -> Bool {
        position += 1
        if isWord("not") { position += 1 }
        if isWord("null", "true", "false", "unknown") {
            position += 1
            return false
        }
        guard isWord("distinct"), tree.isWord(position + 1, "from") else { throw UnknownNameError() }
        position += 2
        return true
    }

    /// Reads an operand with its subscripts, fields, casts and collation.
    private mutating func operand() throws(UnknownNameError) -> MisspellingSuggestion {
        var suggestion = try primary()
        while position < end {
            if isPunctuation("[") {
                position = tree.index(after: position)
            } else if isPunctuation(".") {
                suggestion = .strong(SQLCatalogName(tree, position + 1))
                position += 2
            } else if isPunctuation("::") {
                let name = try typeName(from: position + 1)
                if suggestion.strength < 2 { suggestion = name }
            } else if isWord("collate") {
                position += 2
                while isPunctuation(".") { position += 2 }
            } else if isWord("at"), tree.isWord(position + 1, "time"), tree.isWord(position + 2, "zone") {
                position += 3
                _ = try primary()
                suggestion = .strong("timezone")
            } else {
                break
            }
        }
        guard position <= end else { throw UnknownNameError() }
        return suggestion
    }

    private mutating func primary() throws(UnknownNameError) -> MisspellingSuggestion {
        guard position < end else { throw UnknownNameError() }
        let start = position
        switch tree.tokens[start].kind {
        case .string, .dollarQuote, .number, .parameter, .namedParameter:
            position += 1
            if isWord("uescape") { throw UnknownNameError() }
            return .none
        case .quotedIdentifier, .unicodeIdentifier: return try named()
        case .punctuation where isPunctuation("("): return try parenthesised()
        case .word: return try word()
        default: throw UnknownNameError()
        }
    }

    private mutating func parenthesised() throws(UnknownNameError) -> MisspellingSuggestion {
        let contents = tree.contents(of: position)
        position = tree.index(after: position)
        if SQLStatementOutline.isQuery(tree, contents) { return try subquery(contents) }
        guard tree.items(in: contents).count == 1 else { return .strong("row") }
        return try suggestion(contents)
    }

    private func subquery(_ contents: Range<Int>) throws(UnknownNameError) -> MisspellingSuggestion {
        guard depth < Self.deepest else { throw UnknownNameError() }
        let name = SQLColumnNamer(tree: tree, depth: depth + 1).name(ofQueryIn: contents)
        guard case .named = name else { throw UnknownNameError() }
        return MisspellingSuggestion(name: name, strength: 2)
    }

    /// The name of an expression that spans a range.
    private func suggestion(_ range: Range<Int>) throws(UnknownNameError) -> MisspellingSuggestion {
        guard depth < Self.deepest else { throw UnknownNameError() }
        var inner = SQLExpressionNamer(tree, in: range, depth: depth + 1)
        let suggestion = try inner.expression()
        guard inner.position == inner.end else { throw UnknownNameError() }
        return suggestion
    }
}

// MARK: - Words

extension SQLExpressionNamer {
    /// Words that are values and are named like functions.
    private static let values: Set<String> = [
        "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
        "current_user", "localtime", "localtimestamp", "session_user", "user",
    ]
    /// Words whose syntax is not supported here, or whose name depends on the server's version.
    private static let unfollowed: Set<String> = [
        "true", "false", "treat", "collation", "default", "distinct", "all", "from", "where", "select", "with",
        "system_user", "variadic", "unique", "setof", "xmlserialize", "merge_action", "json", "national", "nchar",
    ]

    private mutating func word() throws(UnknownNameError) -> MisspellingSuggestion {
        let word = text
        let isCalled = tree.isPunctuation(position + 1, "(")
        if tree.isPunctuation(position + 1, ".") { return try named() }
        if Self.unfollowed.contains(word) { throw UnknownNameError() }
        if Self.operators.contains(word), !isCalled,
            !["year", "month", "day", "hour", "minute", "second"].contains(word)
        {
            throw UnknownNameError()
        }
        switch word {
        case "null":
            position += 1
            return .none
        case "case": return try caseExpression()
        case "array" where tree.isPunctuation(position + 1, "[", "("):
            position = tree.index(after: position + 1)
            return .strong("array")
        case "row" where isCalled:
            position = tree.index(after: position + 1)
            return .strong("row")
        case "cast" where isCalled: return try cast()
        case "trim" where isCalled:
            let kind = tree.isWord(position + 2) ? tree.texts[position + 2] : ""
            position = tree.index(after: position + 1)
            return .strong(kind == "leading" ? "ltrim" : kind == "trailing" ? "rtrim" : "btrim")
        case _ where Self.values.contains(word):
            position += 1
            if isPunctuation("(") { position = tree.index(after: position) }
            return .strong(word)
        default: return try named()
        }
    }

    /// Reads `CASE … END`, which has the name of ELSE if that is strong.
    private mutating func caseExpression() throws(UnknownNameError) -> MisspellingSuggestion {
        var depth = 0
        var elseIndex: Int?
        var index = position
        while index < end {
            if tree.isKeyword(index, "case") { depth += 1 }
            if tree.isKeyword(index, "else"), depth == 1 { elseIndex = index }
            if tree.isKeyword(index, "end") {
                depth -= 1
                if depth == 0 { break }
            }
            index = tree.index(after: index)
        }
        guard index < end else { throw UnknownNameError() }
        position = index + 1
        guard let elseIndex else { return .weak("case") }
        let suggestion = try suggestion(elseIndex + 1..<index)
        return suggestion.strength > 1 ? suggestion : .weak("case")
    }

    private mutating func cast() throws(UnknownNameError) -> MisspellingSuggestion {
        let contents = tree.contents(of: position + 1)
        let behind = tree.index(after: position + 1)
        guard let separator = tree.siblings(in: contents).last(where: { tree.isWord($0, "as") }) else {
            throw UnknownNameError()
        }
        let inner = try suggestion(contents.lowerBound..<separator)
        let type = try typeName(from: separator + 1)
        position = behind
        return inner.strength > 1 ? inner : type
    }

    /// Reads a column, a function call, or a constant after its type.
    private mutating func named() throws(UnknownNameError) -> MisspellingSuggestion {
        let start = position
        var name = SQLCatalogName(tree, position)
        position += 1
        while isPunctuation("."), position + 1 < end {
            name = SQLCatalogName(tree, position + 1)
            position += 2
        }
        if isPunctuation("(") {
            position = tree.index(after: position)
            if isWord("within"), tree.isWord(position + 1, "group") { position = tree.index(after: position + 2) }
            if isWord("ignore", "respect") { throw UnknownNameError() }
            if isWord("filter"), tree.isPunctuation(position + 1, "(") { position = tree.index(after: position + 1) }
            if isWord("over") { position = tree.index(after: position + 1) }
        }
        guard isFollowedByString(start) else { return .strong(name) }
        // A constant after its type, as in `date '2020-01-01'`.
        let suggestion = try typeName(from: start)
        guard position < end, case .string = tree.tokens[position].kind else { throw UnknownNameError() }
        position += 1
        if tree.isWord(start, "interval") {
            while isWord("year", "month", "day", "hour", "minute", "second", "to") {
                position += 1
                if isPunctuation("(") { position = tree.index(after: position) }
            }
        }
        return suggestion
    }

    /// Tells whether a string follows the name, or the type of several words, that begins at an index.
    private func isFollowedByString(_ start: Int) -> Bool {
        let behind = max(position, tree.typeEnd(from: start, before: end))
        guard behind < end, case .string = tree.tokens[behind].kind else { return false }
        return true
    }

    /// Reads a type, whose name is weak.
    private mutating func typeName(from start: Int) throws(UnknownNameError) -> MisspellingSuggestion {
        guard start < end, tree.isWord(start) || tree.tokens[start].kind == .quotedIdentifier else {
            throw UnknownNameError()
        }
        guard !tree.isWord(start, "setof", "national", "nchar") else { throw UnknownNameError() }
        position = tree.typeEnd(from: start, before: end)
        let words = tree.siblings(in: start..<position).filter { !tree.isOpener($0) }
        if tree.isWord(start, "interval") {
            // `interval day to second`
            while isWord("year", "month", "day", "hour", "minute", "second", "to") { position += 1 }
        }
        let texts = words.map { tree.texts[$0] }
        if texts.contains(".") {
            guard let name = SQLCatalogName(tree, words.last ?? start) else { throw UnknownNameError() }
            return .weak(name.text)
        }
        // `float(24)` and `float(25)` are two types.
        guard !(tree.isWord(start, "float") && tree.isPunctuation(start + 1, "(")),
            let name = SQLTypeNameResolver.internalName(
                texts,
                of: SQLCatalogName(tree, start),
                isQuoted: !tree.isWord(start)
            )
        else { throw UnknownNameError() }
        return .weak(name)
    }
}
