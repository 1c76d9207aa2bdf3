import RouteModel

/// A statement as far as it could be understood.
struct DraftStatement {
    var sql: String
    var names: [String]
}

/// Checks a route's statement.
struct SQLChecks {
    let diagnostics: Diagnostics
    let sql: SQLText
    /// The names of the route's inputs.
    let inputNames: [String]
    /// Hints for names that are nobody's, by the names.
    let nameHints: [String: String]
    /// The names of checks that the route allows to fail.
    let allowed: Set<DiagnosticName>

    /// Reports what is wrong, and returns the statement if it can be sent.
    ///
    /// - Parameter inputs: those of the route's inputs that are reported where the statement does not use them.
    func check(inputs: [DraftInput]) -> (statement: DraftStatement?, scanner: SQLScanner) {
        let scanner = SQLScanner(sql.text)
        for fault in scanner.faults { diagnostics.error(Self.message(fault.fault), at: sql.location(at: fault.offset)) }
        guard scanner.faults.isEmpty else { return (nil, scanner) }
        var isValid = true
        var meant: Set<String> = []
        for input in scanner.inputs where !inputNames.contains(input.text) {
            let closest = Suggestion.closest(to: input.text, among: inputNames)
            if let closest { meant.insert(closest) }
            let hint = nameHints[input.text] ?? closest.map { " (did you mean '\($0)'?)" } ?? ""
            diagnostics.error(
                "SQL uses ':\(input.text)', which is not an input of this route\(hint)",
                at: sql.location(at: input.offset)
            )
            isValid = false
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
        let (text, names) = scanner.bound
        for input in inputs where SwiftName.isIdentifier(input.name) && !(names + meant).contains(input.name) {
            diagnostics.report(
                .unusedInput,
                "input '\(input.name)' is never used in the SQL",
                allowed: allowed,
                at: input.location
            )
        }
        return (isValid ? DraftStatement(sql: text, names: names) : nil, scanner)
    }

    private static func message(_ fault: SQLScanner.Fault) -> String {
        switch fault {
        case .unterminated(let what): "this \(what) never ends"
        case .positionalParameter(let text): "SQL uses '\(text)': inputs are written by name, such as ':id'"
        case .secondStatement: "a route has one SQL statement; another one begins here"
        case .empty: "there is no SQL statement here"
        }
    }

    // MARK: - What a GET may do

    private static let reading: Set<String> = ["select", "with", "values", "table", "show", "explain"]
    private static let writing: Set<String> = [
        "insert", "update", "delete", "merge", "truncate", "create", "alter", "drop", "grant", "revoke", "copy", "call",
        "do",
        "refresh", "reindex", "vacuum", "import", "comment",
    ]

    /// Reports a statement that a read-only transaction refuses or that answers nothing.
    func checkReading(_ scanner: SQLScanner) {
        guard let first = scanner.words.first else {
            diagnostics.error("a GET route's SQL must be a query", at: sql.location(at: scanner.statement.lowerBound))
            return
        }
        if Self.writing.contains(first.text) {
            diagnostics.error(
                "a GET route cannot write: its SQL begins with '\(first.text.uppercased())'",
                at: sql.location(at: first.offset)
            )
            return
        }
        guard Self.reading.contains(first.text) else {
            diagnostics.error(
                "a GET route's SQL must be a query; it begins with '\(first.text.uppercased())'",
                at: sql.location(at: first.offset)
            )
            return
        }
        for (index, word) in scanner.words.enumerated() {
            if isWrite(at: index, scanner) {
                diagnostics.error(
                    "a GET route cannot write: '\(word.text.uppercased())' in its SQL",
                    at: sql.location(at: word.offset)
                )
            }
            if word.text == "for", !word.isCalled,
                let lock = Self.locks.first(where: { scanner.isFollowed(index, by: $0) })
            {
                diagnostics.error(
                    "a GET route cannot lock rows: 'FOR \(lock.joined(separator: " ").uppercased())' in its SQL",
                    at: sql.location(at: word.offset)
                )
            }
        }
    }

    private static let locks = [["update"], ["share"], ["no", "key", "update"], ["key", "share"]]

    /// Whether a write begins at a word: in `WITH … AS (DELETE FROM …)`, or behind `WITH`. The words are names elsewhere.
    private func isWrite(at index: Int, _ scanner: SQLScanner) -> Bool {
        let words = scanner.words
        let word = words[index]
        guard !word.isQualified else { return false }
        guard word.isFirstInBrackets || (word.depth == 0 && words[0].text == "with") else { return false }
        let rest = words.dropFirst(index + 1)
        switch word.text {
        case "insert", "merge": return scanner.isFollowed(index, by: ["into"])
        case "delete": return scanner.isFollowed(index, by: ["from"])
        case "update":
            return index > 0 && words[index - 1].text != "for"
                && rest.contains { $0.text == "set" && $0.depth == word.depth }
        default: return false
        }
    }

    // MARK: - What may surprise

    private static let changingFunctions: Set<String> = [
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "random",
        "random_normal",
        "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v4", "uuidv4", "uuidv7", "nextval", "pg_backend_pid",
    ]
    private static let changingKeywords: Set<String> = [
        "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp",
    ]

    /// Warns of functions whose result is kept for as long as the answer is.
    func warnOfChangingFunctions(_ scanner: SQLScanner) {
        for word in scanner.words {
            let isFunction = Self.changingFunctions.contains(word.text) && word.isCalled
            let isKeyword = Self.changingKeywords.contains(word.text) && !word.isQualified
            guard isFunction || isKeyword else { continue }
            diagnostics.report(
                .nonDeterministic,
                "'\(word.text)\(isFunction ? "()" : "")' is computed once for each cached answer, not for each request",
                allowed: allowed,
                at: sql.location(at: word.offset)
            )
        }
    }

    /// Warns of a list that grows with its table.
    func warnWithoutLimit(_ scanner: SQLScanner) {
        let top = scanner.words.filter { $0.depth == 0 }.map(\.text)
        guard top.first == "select" || top.first == "with" || top.first == "table" else { return }
        guard top.contains("from") || top.first == "table", !top.contains("limit"), !top.contains("fetch") else {
            return
        }
        diagnostics.report(
            .noLimit,
            "this SQL has no LIMIT: the answer has as many rows as there are",
            allowed: allowed,
            at: sql.location(at: scanner.statement.lowerBound)
        )
    }
}
