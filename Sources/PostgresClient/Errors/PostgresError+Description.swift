extension PostgresError {
    /// The error on one line, without users' values: the kind with its SQLSTATE, the constraint, the table, the column,
    /// and the message if it can't contain a value.
    public var description: String { text(withValues: false) }

    /// All details on one line, including users' values, for readers who may see stored data.
    public var fullDescription: String { text(withValues: true) }

    /// Indicates that ``fullDescription`` has details that ``description`` leaves out.
    public var hasUntoldValues: Bool {
        !isMessagePlain || detail != nil || (underlying as? PostgresError)?.hasUntoldValues ?? false
    }

    private func text(withValues: Bool) -> String {
        var text = "\(code)"
        let isTold = withValues || isMessagePlain
        if isTold { text += ": \(message)" }
        if withValues, let detail { text += "; detail: \(detail)" }
        if isTold, let hint { text += "; hint: \(hint)" }
        if let refusal { text += "; \(refusal.cure)" }
        if let position { text += "; at character \(position)" }
        if let table { text += "; table: \(table)" }
        if let column { text += "; column: \(column)" }
        if let constraint { text += "; constraint: \(constraint)" }
        if let underlying = underlying as? PostgresError {
            text += "; because of \(underlying.text(withValues: withValues))"
        } else if let underlying {
            text += "; because of \(underlying)"
        }
        return text
    }

    /// Indicates that a server's message can't contain a user's value.
    ///
    /// Functions raise any message under any SQLSTATE (`RAISE … USING ERRCODE`), so messages from inside functions are
    /// never plain. The server's own messages of the classes listed here contain only names of the schema; those of
    /// class 22, and those of class 42 about a value (`to_tsquery`, `nextval`, `::regclass`), quote values.
    ///
    /// - Parameters:
    ///   - sqlState: the SQLSTATE.
    ///   - hasContext: tells that the error comes from inside a function or from reading a value.
    ///   - sourceFunction: the function in the server's source code that raised the error.
    static func isPlainMessage(sqlState: String, hasContext: Bool, sourceFunction: String?) -> Bool {
        guard !hasContext else { return false }
        // Missing permissions and row-level security.
        if sqlState == "42501" { return ["aclcheck_error", "ExecWithCheckOptions"].contains(sourceFunction) }
        // Among others, a cached plan whose columns have changed.
        return ["08", "23", "25", "26", "40", "53", "55", "57", "58"].contains(sqlState.prefix(2))
    }
}
