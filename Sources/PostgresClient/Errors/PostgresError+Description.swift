extension PostgresError {
    /// The error on one line, without values of users: its kind with the SQLSTATE, the constraint, the table, the column, and
    /// the message where it can hold no value.
    public var description: String { text(withValues: false) }

    /// Everything known, on one line, values of users included: for eyes that may see what is stored.
    public var fullDescription: String { text(withValues: true) }

    /// Something is known that ``description`` leaves out.
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

    /// Tells whether a server's message can hold no value of a user's.
    ///
    /// Functions raise what they like, under any SQLSTATE (`RAISE … USING ERRCODE`), so that nothing is plain that comes from
    /// within one. Of the server itself, messages of the classes named here have names of the schema in them and nothing else;
    /// those of class 22, and of class 42 where it is about a value (`to_tsquery`, `nextval`, `::regclass`), quote values.
    ///
    /// - Parameters:
    ///   - hasContext: the error came from within a function, or while a value was read.
    ///   - sourceFunction: the function of the server's own source that has found the error.
    static func isPlainMessage(sqlState: String, hasContext: Bool, sourceFunction: String?) -> Bool {
        guard !hasContext else { return false }
        // Permissions and row-level security.
        if sqlState == "42501" { return ["aclcheck_error", "ExecWithCheckOptions"].contains(sourceFunction) }
        // A cached plan whose columns have changed, among others.
        return ["08", "23", "25", "26", "40", "53", "55", "57", "58"].contains(sqlState.prefix(2))
    }
}
