import RouteModel
import SQLSyntax

extension SQLChecks {
    private static let sessionFunctions: Set<String> = [
        "pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock", "pg_try_advisory_lock_shared",
        "pg_advisory_unlock", "pg_advisory_unlock_shared", "pg_advisory_unlock_all", "setseed", "dblink_connect",
        "dblink_connect_u", "dblink_disconnect",
    ]

    /// Reports functions that change the session or depend on it, because requests share sessions.
    func checkSession(_ tree: SQLTokenTree, isRead: Bool) {
        lazy var advances = Self.advances(tree)
        for index in tree.tokens.indices where isFunctionCall(tree, index) {
            let name = tree.texts[index]
            switch name {
            case _ where Self.sessionFunctions.contains(name):
                let hint =
                    name.contains("advisory_unlock")
                    ? "; a lock of pg_advisory_xact_lock ends with its transaction"
                    : name.contains("advisory_lock")
                        ? "; '\(name.replacing("advisory_", with: "advisory_xact_"))' ends with its transaction" : ""
                reportSession("'\(name)' changes a session that other requests share\(hint)", in: tree, at: index)
            case "set_config" where !isLocal(tree, index + 1):
                reportSession(
                    "'set_config' changes a session that other requests share; write 'true' as its third argument",
                    in: tree,
                    at: index
                )
            case "currval" where !advances, "lastval" where !advances:
                reportSession(
                    "'\(name)' reads what an earlier request left on the session; RETURNING gives the value of this "
                        + "statement",
                    in: tree,
                    at: index
                )
            case "nextval" where isRead, "setval" where isRead:
                diagnostics.error(
                    "a GET route cannot write: '\(name)' in its SQL; make the route a 'post'",
                    at: location(tree, index)
                )
            default: continue
            }
        }
    }

    private func reportSession(_ message: String, in tree: SQLTokenTree, at index: Int) {
        diagnostics.report(
            .sessionState,
            message: message,
            severity: .error,
            allowed: allowed,
            at: location(tree, index)
        )
    }

    /// Tells whether a word is a call of a built-in function, unlike the name in `INSERT INTO name (…)` and `AS name
    /// (…)`.
    private func isFunctionCall(_ tree: SQLTokenTree, _ index: Int) -> Bool {
        guard tree.isWord(index), tree.isPunctuation(index + 1, "(") else { return false }
        if tree.isPunctuation(index - 1, ".") { return tree.isWord(index - 2, "pg_catalog") }
        return !tree.isWord(index - 1, "into", "as", "with", "recursive", "update", "table", "on")
    }

    /// Tells whether the third argument of `set_config` limits its effect to the transaction.
    private func isLocal(_ tree: SQLTokenTree, _ opener: Int) -> Bool {
        let items = tree.items(in: tree.contents(of: opener))
        let named = items.first { tree.isWord($0.lowerBound, "is_local") && $0.count > 2 }
        guard let item = named.map({ $0.lowerBound + 2..<$0.upperBound }) ?? items.dropFirst(2).first,
            let first = item.first
        else { return false }
        guard item.count == 1 || tree.isPunctuation(first + 1, "::") else { return false }
        return ["true", "'true'", "'t'", "'on'", "'yes'", "'y'", "'1'"].contains(tree.texts[first].lowercased())
    }

    /// Tells whether the statement itself may advance a sequence.
    private static func advances(_ tree: SQLTokenTree) -> Bool {
        tree.tokens.indices.contains { tree.isWord($0, "insert", "nextval", "setval", "call", "merge") }
    }

    /// Reports `SELECT … INTO`, which creates a table.
    func checkInto(_ outline: SQLStatementOutline, isRead: Bool) {
        let tree = outline.tree
        for statement in outline.statements where statement.verb == "select" {
            for into in statement.keywords(["into"], in: statement.range) {
                if isRead {
                    diagnostics.error(
                        "a GET route cannot write: 'SELECT … INTO' makes a table; leave INTO out",
                        at: location(tree, into)
                    )
                } else if tree.isWord(into + 1, "temp", "temporary") || tree.isWord(into + 2, "temp", "temporary") {
                    reportSession(
                        "a temporary table stays on a session that other requests share; name the query in a WITH clause",
                        in: tree,
                        at: into
                    )
                } else {
                    diagnostics.error(
                        "'SELECT … INTO' makes a table, which the second request finds there; write 'INSERT INTO … SELECT'",
                        at: location(tree, into)
                    )
                }
            }
        }
    }

    /// The UPDATE and DELETE statements without a WHERE clause.
    private func statementsOfAllRows(_ outline: SQLStatementOutline) -> [SQLStatementOutline] {
        outline.statements.filter { statement in
            guard let verb = statement.verb, verb == "update" || verb == "delete" else { return false }
            return statement.keywords(["where"], in: statement.range).isEmpty
        }
    }

    /// The unused inputs that a missing WHERE clause should use. They are reported together with the missing clause.
    func selectingInputs(_ unused: [DraftInput], _ tree: SQLTokenTree) -> [DraftInput] {
        guard !allowed.contains(.allRows), let outline = SQLStatementOutline(tree, in: tree.tokens.indices),
            !statementsOfAllRows(outline).isEmpty
        else { return [] }
        let keys = unused.filter { $0.group == .path || $0.group == .context }
        return keys.isEmpty ? unused.filter { $0.group == .query || $0.group == .body } : keys
    }

    /// Reports an UPDATE or DELETE without WHERE.
    func checkAllRows(_ outline: SQLStatementOutline, _ inputs: [DraftInput]) {
        let used = Set(SQLInputScanner(sql.text).inputs.map(\.text))
        let selecting = selectingInputs(inputs.filter { !used.contains($0.name) }, outline.tree)
        let conditions = selecting.map { input in
            let value = input.type?.value.isList ?? false ? "ANY(:\(input.name))" : ":\(input.name)"
            return "\(Self.column(for: input.name)) = \(value)"
        }
        let cure =
            switch conditions.count {
            case 0: "add one"
            case 1, 2: "add 'WHERE \(conditions.joined(separator: " AND "))'"
            default: "add one, such as 'WHERE \(conditions[0])'"
            }
        for statement in statementsOfAllRows(outline) {
            let verb = statement.verb ?? ""
            diagnostics.report(
                .allRows,
                message:
                    "this \(verb.uppercased()) has no WHERE and \(verb)s all rows; \(cure), or write 'WHERE true' if all are "
                    + "meant",
                severity: .error,
                allowed: allowed,
                at: location(statement.tree, statement.main)
            )
        }
    }
}
