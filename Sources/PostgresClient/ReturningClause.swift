import SQLSyntax

/// The RETURNING clause of a statement that writes, to which columns can be added.
///
/// A statement that can't be a part of another one has its columns converted to JSON this way. The columns that it had stay, so
/// that the server notices when `*` becomes other columns.
struct ReturningClause {
    private let sql: String
    /// The expression behind each column.
    private let expressions: [String]

    /// - Parameter columns: the names of the statement's columns.
    /// - Returns: `nil` where it can't be told which expression is behind a column.
    init?(_ sql: String, columns: [String]) {
        let outline = StatementOutline(sql)
        let bytes = Array(outline.main.utf8)
        var tokens = SQLTokens(outline.main).all
        while tokens.last?.kind == .semicolon { tokens.removeLast() }
        guard let start = tokens.lastIndex(where: { $0.word == "returning" && $0.depth == 0 }), start + 1 < tokens.count
        else { return nil }
        var items: [ArraySlice<SQLTokens.Token>] = [[]]
        for token in tokens[(start + 1)...] {
            if token.kind == .comma, token.depth == 0 { items.append([]) } else { items[items.count - 1].append(token) }
        }
        guard items.allSatisfy({ !$0.isEmpty }) else { return nil }
        let stars = items.filter { Self.isStar($0, bytes) }.count
        // Each of several could be any number of columns.
        guard stars <= 1, columns.count >= items.count - stars else { return nil }
        var expressions: [String] = []
        for item in items {
            if Self.isStar(item, bytes) {
                let qualifier = String(
                    decoding: bytes[item[item.startIndex].range.lowerBound..<item[item.endIndex - 1].range.lowerBound],
                    as: UTF8.self
                )
                let count = columns.count - (items.count - 1)
                for column in columns[expressions.count..<(expressions.count + count)] {
                    expressions.append(qualifier + SQLIdentifier.quoted(column))
                }
            } else {
                expressions.append(Self.expression(item, bytes, named: columns[expressions.count]))
            }
        }
        self.expressions = expressions
        let with = outline.with.map { "\($0) " } ?? ""
        self.sql = with + outline.main
    }

    /// The statement with a further column for each that is marked, and for each column the index of the one that has its JSON.
    func converting(_ marks: [Bool]) -> (sql: String, converted: [Int?]) {
        var added: [String] = []
        let converted: [Int?] = zip(marks, expressions).map { isMarked, expression in
            guard isMarked else { return nil }
            added.append("pg_catalog.to_json(\(expression))")
            return marks.count + added.count - 1
        }
        return ("\(sql), \(added.joined(separator: ", "))", converted)
    }

    private static func isStar(_ item: ArraySlice<SQLTokens.Token>, _ bytes: [UInt8]) -> Bool {
        guard let last = item.last, last.kind == .other, bytes[last.range].elementsEqual("*".utf8) else { return false }
        return item.dropLast().allSatisfy {
            $0.kind == .word || bytes[$0.range].first == UInt8(ascii: "\"") || bytes[$0.range].elementsEqual(".".utf8)
        }
            && (item.count == 1 || bytes[item[item.endIndex - 2].range].elementsEqual(".".utf8))
    }

    /// An item without the name that it gives its column.
    private static func expression(_ item: ArraySlice<SQLTokens.Token>, _ bytes: [UInt8], named name: String) -> String
    {
        func text(_ tokens: ArraySlice<SQLTokens.Token>) -> String {
            guard let first = tokens.first, let last = tokens.last else { return "" }
            return String(decoding: bytes[first.range.lowerBound..<last.range.upperBound], as: UTF8.self)
        }
        guard item.count > 1, let last = item.last, isName(last, bytes, name) else { return text(item) }
        let before = item.dropLast()
        guard let previous = before.last else { return text(item) }
        if previous.word == "as", previous.depth == 0 { return text(before.dropLast()) }
        // A name without AS stands behind the end of a value.
        let endsValue =
            previous.kind == .close || previous.kind == .word || previous.kind == .number || previous.kind == .parameter
            || bytes[previous.range].last == UInt8(ascii: "'") || bytes[previous.range].last == UInt8(ascii: "\"")
            || bytes[previous.range].last == UInt8(ascii: "]")
        return endsValue ? text(before) : text(item)
    }

    private static func isName(_ token: SQLTokens.Token, _ bytes: [UInt8], _ name: String) -> Bool {
        if token.kind == .word { return token.word == name.lowercased() }
        return String(decoding: bytes[token.range], as: UTF8.self) == SQLIdentifier.quoted(name)
    }
}
