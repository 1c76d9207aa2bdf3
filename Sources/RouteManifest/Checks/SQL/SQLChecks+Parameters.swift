import RouteModel
import SQLSyntax

extension SQLChecks {
    /// Reports inputs where PostgreSQL accepts no value, or where a value doesn't have the effect that the statement
    /// suggests.
    ///
    /// - Returns: the names of the reported inputs, and the byte offsets of inputs in places where none is possible.
    func checkParameters(_ tree: SQLTokenTree, inputs: [DraftInput]) -> (reported: Set<String>, misplaced: Set<Int>) {
        var reported: Set<String> = []
        var misplaced: Set<Int> = []
        let clauses = SQLClauseContexts(tree)
        for (index, token) in tree.tokens.enumerated() {
            switch token.kind {
            case .namedParameter:
                let name = String(tree.texts[index].dropFirst())
                guard let problem = problem(tree, at: index, clauses: clauses),
                    inputNames.contains(name) || problem == .jsonColon
                else { continue }
                misplaced.insert(token.range.lowerBound)
                diagnostics.error(problem.message(name), at: location(tree, index))
                reported.insert(name)
            case .psqlVariable:
                let name = String(tree.texts[index].dropFirst(2).dropLast())
                let cure =
                    tree.texts[index].hasPrefix(":'")
                    ? "write ':\(name)'; an input is a value and needs no quotes"
                    : "an input is a value, not a name; write the name itself"
                diagnostics.error("\(tree.texts[index]) is psql's: \(cure)", at: location(tree, index))
                reported.insert(name)
                misplaced.insert(token.range.lowerBound)
            case .string, .dollarQuote, .quotedIdentifier, .unicodeIdentifier:
                reported.formUnion(checkQuote(tree, index))
            default: continue
            }
        }
        checkLists(tree, inputs)
        checkKeys(tree, inputs)
        return (reported, misplaced)
    }

    /// The problem with an input at its place. After a sort expression, as in `ORDER BY title :direction`, it is
    /// `direction`.
    private func problem(
        _ tree: SQLTokenTree,
        at index: Int,
        clauses: SQLClauseContexts
    ) -> SQLInputPlacementCheck.Problem? {
        let problem = SQLInputPlacementCheck(tree, at: index, clauses: clauses).problem
        switch problem {
        case .word?, .operand?: break
        default: return problem
        }
        guard let order = clauses.before(index).sortingClause, tree.isWord(order, "order"), tree.isWord(order + 1, "by")
        else { return problem }
        let comma = clauses.before(index).comma.map { max($0, order + 1) } ?? order + 1
        guard comma + 1 < index else { return problem }
        return .direction(sql.source(tree.offset(comma + 1)..<tree.tokens[index - 1].range.upperBound))
    }

    func location(_ tree: SQLTokenTree, _ index: Int) -> Location { sql.location(at: tree.offset(index)) }

    // MARK: - Inputs in quotes

    /// Reports `:name` of an input inside a string or a quoted identifier, where it is plain text.
    private func checkQuote(_ tree: SQLTokenTree, _ index: Int) -> [String] {
        let token = tree.tokens[index]
        let bytes = Array(tree.texts[index].utf8)
        var found: [String] = []
        func isNamePart(_ byte: UInt8) -> Bool {
            SQLCharacterClasses.isIdentifierPart(byte) && byte != UInt8(ascii: "$")
        }
        for colon in bytes.indices.dropFirst() where bytes[colon] == UInt8(ascii: ":") {
            // `10:mi` and `a:b` are plain text, `::` is a cast, and `(?:` and `[:` belong to regular expressions.
            let before = bytes[colon - 1]
            if isNamePart(before) || ":?[".utf8.contains(before) { continue }
            let end = bytes[(colon + 1)...].firstIndex { !isNamePart($0) } ?? bytes.count
            let name = String(decoding: bytes[(colon + 1)..<end], as: UTF8.self)
            guard inputNames.contains(name), !found.contains(name) else { continue }
            found.append(name)
            let kind: String
            let cure: String
            switch token.kind {
            case .quotedIdentifier, .unicodeIdentifier:
                kind = "a quoted identifier"
                cure = "an input is a value, not a name; write the column's name itself"
            case .dollarQuote:
                kind = "a dollar quote"
                cure = "join text and input with '||'"
            default:
                kind = "a string"
                cure = Self.cure(bytes, for: name, isInterval: tree.isKeyword(index - 1, "interval"))
            }
            diagnostics.report(
                .quotedInput,
                message: "':\(name)' is text inside \(kind), not the input; \(cure)",
                severity: .error,
                allowed: allowed,
                at: sql.location(at: token.range.lowerBound + colon)
            )
        }
        return found
    }

    /// The expression to write in place of a string that contains an input.
    private static func cure(_ bytes: [UInt8], for name: String, isInterval: Bool) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("'") else { return "join text and input with '||'" }
        let content = String(text.dropFirst().dropLast())
        if content == ":\(name)" { return isInterval ? "write ':\(name)::interval'" : "write it without the quotes" }
        let parts = content.split(separator: ":\(name)", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !content.contains("\n") else { return "join text and input with '||'" }
        if isInterval { return "write ':\(name) * interval '1\(parts[1])''" }
        let pieces = [parts[0].isEmpty ? nil : "'\(parts[0])'", ":\(name)", parts[1].isEmpty ? nil : "'\(parts[1])'"]
        return "write \(pieces.compactMap { $0 }.joined(separator: " || "))"
    }

    // MARK: - Lists and keys

    /// Reports a list as an element of `IN (…)`, which compares with the list as a whole.
    private func checkLists(_ tree: SQLTokenTree, _ inputs: [DraftInput]) {
        for index in tree.tokens.indices where tree.isKeyword(index, "in") && tree.isPunctuation(index + 1, "(") {
            for item in tree.items(in: tree.contents(of: index + 1)) {
                let item = tree.unwrapped(item)
                guard let parameter = tree.castParameter(item) else { continue }
                let name = String(tree.texts[parameter].dropFirst())
                guard let input = inputs.first(where: { $0.name == name }), input.type?.value.isList ?? false else {
                    continue
                }
                let cure = tree.isWord(index - 1, "not") ? "<> ALL(:\(name))" : "= ANY(:\(name))"
                diagnostics.report(
                    .listInIn,
                    message: "':\(name)' is a list, and IN compares with it as a whole; write '\(cure)'",
                    severity: .error,
                    allowed: allowed,
                    at: location(tree, parameter)
                )
            }
        }
    }

    private static let keyEnds: Set<String> = [
        "having", "window", "order", "limit", "offset", "fetch", "for", "union", "intersect", "except", "returning",
        "on",
    ]
    private func endsKeys(_ tree: SQLTokenTree, _ index: Int) -> Bool {
        tree.isKeyword(index, in: Self.keyEnds)
            || (tree.isKeyword(index, "group", "partition") && tree.isWord(index + 1, "by"))
    }

    private static let keyAttributes: Set<String> = [
        "asc", "desc", "using", "nulls", "collate", "rows", "range", "groups",
    ]

    /// Reports an input that is a whole key of ORDER BY, GROUP BY, PARTITION BY or DISTINCT ON, where it is a constant.
    private func checkKeys(_ tree: SQLTokenTree, _ inputs: [DraftInput]) {
        for index in tree.tokens.indices {
            let clause: String
            var range: Range<Int>
            if tree.isKeyword(index, "order", "group", "partition"), tree.isWord(index + 1, "by") {
                clause = "\(tree.texts[index].uppercased()) BY"
                let level = tree.openers[index].map { tree.contents(of: $0).upperBound } ?? tree.tokens.count
                range = min(index + 2, level)..<level
                let end = tree.firstSibling(in: range) { endsKeys(tree, $0) }
                range = range.lowerBound..<(end ?? level)
            } else if tree.isKeyword(index, "distinct"), tree.isWord(index + 1, "on"),
                tree.isPunctuation(index + 2, "(")
            {
                clause = "DISTINCT ON"
                range = tree.contents(of: index + 2)
            } else {
                continue
            }
            let keys = tree.items(in: range).map { item in
                let end = tree.siblings(in: item).first { tree.isKeyword($0, in: Self.keyAttributes) }
                return tree.unwrapped(item.lowerBound..<(end ?? item.upperBound))
            }
            for key in keys {
                guard let parameter = tree.castParameter(key) else { continue }
                let name = String(tree.texts[parameter].dropFirst())
                let column = keys.lazy.compactMap { self.column(tree, $0) }.first ?? selectedColumn(tree, before: index)
                let cure =
                    clause == "ORDER BY"
                    ? sortingCure(tree, name, inputs, column: column) : "write the column itself"
                diagnostics.report(
                    .constantKey,
                    message:
                        "':\(name)' is one value for all rows, so \(clause) does nothing with it; an input is not a column's "
                        + "name: \(cure)",
                    severity: .error,
                    allowed: allowed,
                    at: location(tree, parameter)
                )
            }
        }
    }

    /// What to write in place of an input as a key of ORDER BY.
    ///
    /// - Parameter column: a column of the statement.
    private func sortingCure(_ tree: SQLTokenTree, _ name: String, _ inputs: [DraftInput], column: String?) -> String {
        let values = inputs.first { $0.name == name }?.input?.oneOf ?? []
        let words = Set(tree.tokens.indices.filter { tree.isWord($0) }.map { tree.texts[$0] })
        if !values.isEmpty, values.allSatisfy({ ["asc", "desc"].contains($0.lowercased()) }) {
            let descending = values.first { $0.lowercased() == "desc" } ?? "desc"
            guard let column else { return "for the direction write CASE, once with DESC and once without" }
            return "for the direction write CASE WHEN :\(name) = '\(descending)' THEN \(column) END DESC, \(column)"
        }
        if let value = values.first(where: { words.contains($0) }) {
            return "choose among columns, as in CASE WHEN :\(name) = '\(value)' THEN \(value) END"
        }
        guard let column else { return "choose among columns with CASE" }
        let value = column.split(separator: ".").last ?? ""
        return "choose among columns, as in CASE WHEN :\(name) = '\(value)' THEN \(column) END"
    }

    private static let constants: Set<String> = [
        "null", "true", "false", "default", "current_date", "current_time", "current_timestamp", "current_user",
        "localtime", "localtimestamp", "session_user", "user",
    ]

    /// The name of a column, with its table or without, that is all of a range.
    private func column(_ tree: SQLTokenTree, _ range: Range<Int>) -> String? {
        guard let last = range.last, tree.isWord(range.lowerBound), tree.isWord(last),
            !Self.constants.contains(tree.texts[last])
        else { return nil }
        let isQualified = range.count == 3 && tree.isPunctuation(range.lowerBound + 1, ".")
        guard range.count == 1 || isQualified else { return nil }
        return sql.source(tree.offset(range.lowerBound)..<tree.tokens[last].range.upperBound)
    }

    /// The first column in the SELECT list before ORDER BY.
    private func selectedColumn(_ tree: SQLTokenTree, before order: Int) -> String? {
        guard
            let select = (0..<order).last(where: {
                tree.isKeyword($0, "select") && tree.openers[$0] == tree.openers[order]
            })
        else { return nil }
        let end = tree.firstSibling(in: select + 1..<order) { tree.isKeyword($0, "from") } ?? order
        return tree.items(in: select + 1..<end).lazy.compactMap { column(tree, $0) }.first
    }
}

extension SQLTokenTree {
    /// The index of the input in a range that contains only the input and casts of it.
    func castParameter(_ range: Range<Int>) -> Int? {
        var range = range
        while true {
            range = unwrapped(range)
            guard !range.isEmpty else { return nil }
            let operand = range.lowerBound
            var end = min(index(after: operand), range.upperBound)
            while end < range.upperBound, isPunctuation(end, "::") {
                end = typeEnd(from: end + 1, before: range.upperBound)
            }
            guard end == range.upperBound else { return nil }
            if tokens[operand].kind == .namedParameter { return operand }
            guard isPunctuation(operand, "(") else { return nil }
            range = contents(of: operand)
        }
    }
}
