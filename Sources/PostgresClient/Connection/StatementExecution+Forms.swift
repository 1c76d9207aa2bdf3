extension StatementExecution.Wrapped {
    /// The statement as a part of another one that converts its columns.
    var outside: StatementExecution.Form {
        let columns = zip(description.columns, marks).map { (name: $0.name, isConverted: $1) }
        return StatementExecution.Form(
            sql: JSONColumnStatementWrapper.wrap(form.sql, columns: columns),
            types: description.parameterOIDs,
            sources: form.sources,
            wrapping: .outside
        )
    }

    /// Returns the form to try after the server has refused another one; `nil` if there is none.
    ///
    /// A statement that writes can't be part of another one if its table has certain rules, such as DO ALSO rules
    /// (SQLSTATE 0A000).
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
    /// Returns the error with the index of the value behind its parameter and the type as which the server read it.
    func located(_ error: PostgresError) -> PostgresError {
        guard error.parameter != nil else {
            var error = error
            // A statement is parsed and executed at once here. Only a position in it distinguishes an error of the
            // statement from one of a value.
            if case .executeUnnamed = command, error.position != nil { error.isFromPreparing = true }
            return error
        }
        return Self.located(error, parameterOIDs: plan?.parameterOIDs ?? [], form)
    }

    /// Returns the error with the index of the value behind its parameter and the type as which the server read it, or
    /// unchanged if it concerns no parameter.
    static func located(_ error: PostgresError, parameterOIDs oids: [UInt32], _ form: Form) -> PostgresError {
        guard let parameter = error.parameter else { return error }
        var located = error
        located.parameterTypeOID = parameter < oids.count ? oids[parameter] : nil
        if let sources = form.sources { located.parameter = parameter < sources.count ? sources[parameter] : nil }
        return located
    }
}
