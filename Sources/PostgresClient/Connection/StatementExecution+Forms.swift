extension StatementExecution.Form {
    /// The number of values that a statement with these parameters takes.
    func valueCount(_ parameterOIDs: [UInt32]) -> Int {
        guard let sources else { return parameterOIDs.count }
        return (sources.max() ?? -1) + 1
    }
}

extension StatementExecution.Wrapped {
    /// The statement as a part of one that converts its columns.
    var outside: StatementExecution.Form {
        let columns = zip(description.columns, marks).map { (name: $0.name, isConverted: $1) }
        return StatementExecution.Form(
            sql: JSONColumnStatementWrapper.wrap(form.sql, columns: columns),
            types: description.parameterOIDs,
            sources: form.sources,
            wrapping: .outside
        )
    }

    /// The form to try after the server has refused another one; `nil`: there is none.
    ///
    /// What writes can't be a part of another statement where its table has rules that do more than it (SQLSTATE 0A000).
    func otherForm(than refused: StatementExecution.Form, after error: PostgresError) -> StatementExecution.Form? {
        guard case .outside? = refused.wrapping, error.sqlState == "0A000",
            let returning = ReturningClause(form.sql, columns: description.columns.map(\.name))
        else { return nil }
        let (sql, converted) = returning.converting(marks)
        return StatementExecution.Form(
            sql: sql,
            types: description.parameterOIDs,
            sources: form.sources,
            wrapping: .returning(converted)
        )
    }
}

extension StatementExecution {
    /// An error that names a parameter by its value's index, with the type that it was read as.
    func located(_ error: PostgresError) -> PostgresError {
        guard error.parameter != nil else {
            var error = error
            // Only a place in the statement tells a complaint about it from one about a value, where both come together.
            if case .executeUnnamed = command, error.position != nil { error.isFromPreparing = true }
            return error
        }
        return Self.located(error, parameterOIDs: plan?.parameterOIDs ?? [], form)
    }

    /// An error that names a parameter by its value's index, with the type that it was read as, if it is about one.
    static func located(_ error: PostgresError, parameterOIDs oids: [UInt32], _ form: Form) -> PostgresError {
        guard let parameter = error.parameter else { return error }
        var located = error
        located.parameterTypeOID = parameter < oids.count ? oids[parameter] : nil
        if let sources = form.sources { located.parameter = parameter < sources.count ? sources[parameter] : nil }
        return located
    }
}
