import RouteModel
import SQLSyntax

/// Checks a route's statement.
struct SQLChecks {
    let diagnostics: Diagnostics
    let sql: SQLText
    /// The names of the route's inputs.
    let inputNames: [String]
    /// Hints for names that belong to no input, by the names.
    let nameHints: [String: String]
    /// Names about which another error has been reported.
    var reportedNames: Set<String> = []
    /// The checks that the route's `allow` silences.
    let allowed: Set<DiagnosticName>

    /// The same checks with another collector.
    func reporting(to diagnostics: Diagnostics) -> SQLChecks {
        SQLChecks(
            diagnostics: diagnostics,
            sql: sql,
            inputNames: inputNames,
            nameHints: nameHints,
            reportedNames: reportedNames,
            allowed: allowed
        )
    }

    /// Checks the statement, and returns it if it can be sent.
    ///
    /// - Parameters:
    ///   - inputs: the route's inputs.
    ///   - isRead: `true` for a GET route; `nil` if the method is unknown.
    /// - Returns: the statement, or `nil` after an error; its scanner; and its tokens, or `nil` if they form no
    ///   statement.
    func check(
        inputs: [DraftInput],
        isRead: Bool?
    ) -> (statement: DraftStatement?, scanner: SQLInputScanner, tree: SQLTokenTree?) {
        let scanner = SQLInputScanner(sql.text)
        report(scanner.faults, scanner)
        guard scanner.faults.isEmpty else { return (nil, scanner, nil) }
        checkBlanks(scanner)
        guard checkDepth(scanner) else { return (nil, scanner, nil) }
        let tree = SQLTokenTree(scanner)
        // A name that resembles no input may stand for any of them.
        var hasStrangers = false
        var (meant, misplaced) = checkParameters(tree, inputs: inputs)
        let foreign = checkForeignParameters(tree)
        meant.formUnion(foreign)
        let isPostgres = checkDialect(tree)
        var isValid = checkSyntax(tree) && isPostgres && misplaced.isEmpty && foreign.isEmpty
        checkNullComparisons(tree)
        for input in scanner.inputs where !inputNames.contains(input.text) && !misplaced.contains(input.offset) {
            isValid = false
            let closest = MisspellingSuggestion.closest(to: input.text, among: inputNames)
            if let closest { meant.insert(closest) } else { hasStrangers = true }
            guard !reportedNames.contains(input.text) else { continue }
            let hint =
                nameHints[input.text] ?? closest.map { " (did you mean '\($0)'?)" }
                ?? "; declare it, for instance under 'query'"
            diagnostics.error(
                "SQL uses ':\(input.text)', which is not an input of this route\(hint)",
                at: sql.location(at: input.offset)
            )
        }
        for bound in scanner.sliceBounds where inputNames.contains(bound.text) {
            diagnostics.error(
                "':\(bound.text)' is the bound of an array slice here; write ' : :\(bound.text)' for the input, "
                    + "' : \(bound.text)' for the column",
                at: sql.location(at: bound.offset)
            )
            meant.insert(bound.text)
            isValid = false
        }
        let (text, names, map) = scanner.bound
        if !hasStrangers {
            meant.formUnion(reportedNames)
            let unused = inputs.filter { !meant.contains($0.name) && !names.contains($0.name) }
            let selecting = isRead == false ? Set(selectingInputs(unused, tree).map(\.name)) : []
            checkUse(of: unused.filter { !selecting.contains($0.name) }, scanner)
        }
        return (isValid ? DraftStatement(sql: text, names: names, map: map) : nil, scanner, tree)
    }

    /// The maximum nesting depth of brackets.
    ///
    /// It is far more than a reader needs, and small enough for every recursive walk to fit on a thread's stack, which
    /// may have only 512 KiB.
    static let deepestNesting = 100

    /// Reports brackets that are nested too deeply, and returns `true` if there are none.
    private func checkDepth(_ scanner: SQLInputScanner) -> Bool {
        // A bracket has the depth of the tokens around it, so the first token that is too deep follows it.
        guard let inner = scanner.tokens.firstIndex(where: { $0.depth > Self.deepestNesting }) else { return true }
        diagnostics.error(
            "this bracket stands in \(Self.deepestNesting) others, which is too deep; name the inner parts in a WITH clause",
            at: sql.location(at: scanner.tokens[max(inner - 1, 0)].range.lowerBound)
        )
        return false
    }

    /// Reports blanks beyond ASCII, which PostgreSQL takes for parts of names.
    private func checkBlanks(_ scanner: SQLInputScanner) {
        for token in scanner.tokens where token.kind == .word || token.kind == .namedParameter {
            var offset = token.range.lowerBound
            for scalar in String(decoding: scanner.bytes[token.range], as: UTF8.self).unicodeScalars {
                defer { offset += UTF8.width(scalar) }
                let isInvisible = scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
                guard scalar.value >= 0x80, isInvisible else { continue }
                let code = String(scalar.value, radix: 16, uppercase: true)
                let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
                diagnostics.error(
                    "the character U+\(padded) is part of a name in SQL; write a blank, or put the name in double quotes",
                    at: sql.location(at: offset)
                )
            }
        }
    }

    private func report(_ faults: [SQLInputScanner.LocatedFault], _ scanner: SQLInputScanner) {
        // The mistake is BEGIN, not the statements after it.
        let begins = scanner.words.first?.text == "begin" || scanner.isFollowed(0, by: ["transaction"])
        for fault in faults {
            if begins, fault.fault == .secondStatement {
                let word = scanner.words[0].text.uppercased()
                diagnostics.error(
                    "each route runs in a transaction of its own; leave out \(word) and COMMIT",
                    at: sql.location(at: scanner.statement.lowerBound)
                )
            } else if fault.fault == .unterminated("string"), let quote = apostrophe(scanner) {
                diagnostics.error(
                    "this ' ends the string; write '' for a ' inside it: \(quote.corrected)",
                    at: sql.location(at: quote.offset)
                )
            } else {
                diagnostics.error(Self.message(fault.fault), at: sql.location(at: fault.offset))
            }
        }
    }

    /// The quote that ends a string too early and that a word follows, such as the apostrophe in `'don't'`.
    private func apostrophe(_ scanner: SQLInputScanner) -> (offset: Int, corrected: String)? {
        for token in scanner.tokens {
            guard case .string = token.kind, token.range.upperBound < scanner.bytes.count,
                SQLCharacterClasses.isIdentifierPart(scanner.bytes[token.range.upperBound])
            else { continue }
            let rest = scanner.bytes[token.range.upperBound...]
            let end = rest.firstIndex(of: UInt8(ascii: "'")) ?? rest.endIndex
            let start = String(decoding: scanner.bytes[token.range], as: UTF8.self)
            return (token.range.upperBound - 1, start + "'" + String(decoding: rest[..<end], as: UTF8.self) + "'")
        }
        return nil
    }

    private static func message(_ fault: SQLInputScanner.Fault) -> String {
        switch fault {
        case .unterminated("string"): "this string never ends; write '' for a ' inside it"
        case .unterminated("comment"): "this comment never ends; close it with '*/'"
        case .unterminated("dollar quote"): "this dollar quote never ends; close it as it begins"
        case .unterminated(let what): "this \(what) never ends; close it with '\"'"
        case .positionalParameter(let text): "SQL uses '\(text)': inputs are written by name, such as ':id'"
        case .secondStatement:
            "a route has one SQL statement; another one begins here; put it into WITH, or into a route of its own"
        case .empty: "there is no SQL statement here; write one, such as 'SELECT …'"
        }
    }

    // MARK: - What a GET may do

    private static let asWrite = "make the route a 'post', 'put', 'patch' or 'delete'"
    private static let reading: Set<String> = ["select", "with", "values", "table", "show", "explain"]
    private static let writing: Set<String> = [
        "insert", "update", "delete", "merge", "truncate", "create", "alter", "drop", "grant", "revoke", "copy", "call",
        "do",
        "refresh", "reindex", "vacuum", "import", "comment",
    ]

    /// Reports a statement that a read-only transaction refuses or that returns nothing.
    func checkReading(_ scanner: SQLInputScanner) {
        guard let first = scanner.words.first else {
            diagnostics.error(
                "a GET route's SQL must be a query; begin it with SELECT, WITH or VALUES",
                at: sql.location(at: scanner.statement.lowerBound)
            )
            return
        }
        if Self.writing.contains(first.text) {
            if let cure = Self.cure(forStatement: scanner) {
                diagnostics.error(
                    "a route cannot run \(first.text.uppercased())\(cure)",
                    at: sql.location(at: first.offset)
                )
                return
            }
            diagnostics.error(
                "a GET route cannot write: its SQL begins with '\(first.text.uppercased())'; \(Self.asWrite)",
                at: sql.location(at: first.offset)
            )
            return
        }
        guard Self.reading.contains(first.text) else {
            let names = Self.reading.sorted().map { $0.uppercased() }
            let close = MisspellingSuggestion.text(for: first.text.uppercased(), among: names)
            if close.isEmpty, let cure = Self.cure(forStatement: scanner) {
                diagnostics.error(
                    "a route cannot run \(first.text.uppercased())\(cure)",
                    at: sql.location(at: first.offset)
                )
                return
            }
            let hint = close.isEmpty ? "; write SELECT, WITH or VALUES at its start" : close
            diagnostics.error(
                "a GET route's SQL must be a query; it begins with '\(first.text.uppercased())'\(hint)",
                at: sql.location(at: first.offset)
            )
            return
        }
        var lastSets: [Int: Int] = [:]
        for (index, word) in scanner.words.enumerated() where word.text == "set" { lastSets[word.depth] = index }
        for (index, word) in scanner.words.enumerated() {
            if isWrite(at: index, in: scanner, lastSets: lastSets) {
                diagnostics.error(
                    "a GET route cannot write: '\(word.text.uppercased())' in its SQL; \(Self.asWrite)",
                    at: sql.location(at: word.offset)
                )
            }
            if word.text == "for", !word.isCalled,
                let lock = Self.locks.first(where: { scanner.isFollowed(index, by: $0) })
            {
                diagnostics.error(
                    "a GET route cannot lock rows: 'FOR \(lock.joined(separator: " ").uppercased())' in its SQL; leave it "
                        + "out, or make the route a write",
                    at: sql.location(at: word.offset)
                )
            }
        }
    }

    /// Reports a write that EXPLAIN ANALYZE would execute.
    func checkExplain(_ tree: SQLTokenTree) {
        guard tree.isWord(0, "explain") else { return }
        let options: Range<Int>
        if tree.isPunctuation(1, "(") {
            options = tree.contents(of: 1)
        } else {
            options =
                1..<(tree.tokens.indices.dropFirst().first { !tree.isWord($0, "analyze", "analyse", "verbose") } ?? 1)
        }
        let analyses = options.contains {
            tree.isWord($0, "analyze", "analyse") && !tree.isWord($0 + 1, "false", "off")
        }
        let start = tree.isPunctuation(1, "(") ? tree.index(after: 1) : options.upperBound
        guard analyses, let outline = SQLStatementOutline(tree, in: start..<tree.tokens.count) else { return }
        for statement in outline.statements {
            guard let verb = statement.verb, ["insert", "update", "delete", "merge"].contains(verb) else { continue }
            diagnostics.error(
                "a GET route cannot write: EXPLAIN ANALYZE carries out the \(verb.uppercased()); leave out ANALYZE",
                at: location(tree, statement.main)
            )
        }
    }

    private static let locks = [["update"], ["share"], ["no", "key", "update"], ["key", "share"]]

    /// Tells whether a write begins at a word: in `WITH … AS (DELETE FROM …)` or after a WITH clause. Elsewhere the
    /// words are names.
    ///
    /// - Parameter lastSets: the index of the last `SET` at each nesting depth.
    private func isWrite(at index: Int, in scanner: SQLInputScanner, lastSets: [Int: Int]) -> Bool {
        let words = scanner.words
        let word = words[index]
        guard !word.isQualified else { return false }
        guard word.isFirstInBrackets || (word.depth == 0 && words[0].text == "with") else { return false }
        switch word.text {
        case "insert", "merge": return scanner.isFollowed(index, by: ["into"])
        case "delete": return scanner.isFollowed(index, by: ["from"])
        case "update":
            return index > 0 && words[index - 1].text != "for"
                && lastSets[word.depth] ?? index > index
        default: return false
        }
    }

    // MARK: - What may surprise

    private static let changingFunctions: Set<String> = [
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "random",
        "random_normal",
        "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v4", "uuidv4", "uuidv7", "pg_backend_pid",
    ]
    private static let changingKeywords: Set<String> = [
        "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp",
    ]

    /// Warns of functions whose result is cached with the response.
    func warnOfChangingFunctions(_ scanner: SQLInputScanner) {
        for word in scanner.words {
            let isFunction = Self.changingFunctions.contains(word.text) && word.isCalled
            let isKeyword = Self.changingKeywords.contains(word.text) && !word.isQualified
            guard isFunction || isKeyword else { continue }
            diagnostics.report(
                .nonDeterministic,
                message:
                    "'\(word.text)\(isFunction ? "()" : "")' is computed once for each cached answer, not for each request; "
                    + "compute it in the client, or write 'allow: [ non-deterministic ]'",
                allowed: allowed,
                at: sql.location(at: word.offset)
            )
        }
    }

    /// Warns of a list of rows that grows with its table.
    ///
    /// - Parameter inputs: the route's inputs. An input without a maximum doesn't limit the rows.
    func warnWithoutLimit(_ scanner: SQLInputScanner, outline: SQLStatementOutline, inputs: [DraftInput]) {
        let unbounded = Set(
            inputs.filter { draft in
                draft.group != .context && (draft.input.map { $0.maximum == nil && $0.oneOf.isEmpty } ?? false)
            }.map(\.name)
        )
        let bound = SQLRowLimitAnalyzer(tree: outline.tree, unboundedInputs: unbounded)
        guard !bound.isBounded(outline) else { return }
        if let (index, name) = bound.unboundedLimit(of: outline) {
            diagnostics.report(
                .noLimit,
                message:
                    "input '\(name)' has no 'max', so that this LIMIT is as large as a client likes; add one, such as 'max: 100'",
                allowed: allowed,
                at: sql.location(at: outline.tree.offset(index))
            )
            return
        }
        diagnostics.report(
            .noLimit,
            message:
                "this SQL has no LIMIT: the answer has as many rows as there are; add one, such as 'LIMIT 100', or write "
                + "'allow: [ no-limit ]' if that is meant",
            allowed: allowed,
            at: sql.location(at: scanner.statement.lowerBound)
        )
    }
}
