/// Prepares statements as a connection does for requests: with the same search for the types of parameters, and with the same
/// conversion of columns to JSON.
package struct StatementInspector {
    private let session: InspectionSession
    private var count = 0

    /// Makes an inspector that uses a session.
    package init(_ session: InspectionSession) { self.session = session }

    /// Prepares a statement, which stays prepared under the name in the result.
    ///
    /// - Parameters:
    ///   - sql: the statement with the parameters `$1`, `$2`, ….
    ///   - parameters: the candidates for the type of each parameter.
    ///   - convertsColumns: tells that rows are converted to JSON.
    /// - Throws: the error for which the server can't prepare it with any types, with ``PostgresError/sentByte``, or an error
    ///   that is none of the statement, see ``PostgresError/inspectionScope``.
    package mutating func inspect(
        _ sql: String,
        parameters: [ParameterTypeCandidates],
        convertsColumns: Bool
    ) throws(PostgresError) -> InspectedStatement {
        let occurrences = ParameterOccurrences(sql)
        var search = ParameterTypeSearch(sql: sql, parameters: parameters)
        var next = search.begin()
        while true {
            let name = newName()
            do throws(PostgresError) {
                try session.prepare(name, next)
            } catch {
                guard error.inspectionScope == .statement else { throw error }
                let error = occurrences.located(error, in: next.sql)
                guard search.hasChoice, case .prepare(let other) = try step(search.refused(error)) else { throw error }
                next = other
                continue
            }
            let form = try session.describe(name)
            guard search.hasChoice else { return try inspected(name, next, form, convertsColumns) }
            switch try step(search.described(form.parameterOIDs)) {
            case .chosen(let typed): return try inspected(name, typed, form, convertsColumns)
            case .prepare(let other):
                try session.run("DEALLOCATE \(name)")
                next = other
            }
        }
    }

    /// Forgets a prepared statement.
    package func close(_ statement: InspectedStatement) throws(PostgresError) {
        try session.run("DEALLOCATE \(statement.name)")
    }

    private enum Step {
        case prepare(TypedStatement)
        case chosen(TypedStatement)
    }

    private func step(_ step: ParameterTypeSearch.Step) throws(PostgresError) -> Step {
        switch step {
        case .prepare(let next): .prepare(next)
        case .chosen(let typed): .chosen(typed)
        case .failed(let error): throw error
        }
    }

    private mutating func newName() -> String {
        count += 1
        return "cached_routes_check_\(count)"
    }

    private mutating func inspected(
        _ name: String,
        _ typed: TypedStatement,
        _ form: InspectedStatement.Form,
        _ convertsColumns: Bool
    ) throws(PostgresError) -> InspectedStatement {
        let marks = form.columns.map { convertsColumns && JSONColumnEncoding(typeOID: $0.typeOID) == nil }
        // Columns of one name can't be converted; that is a finding of its own.
        let isDistinct = Set(form.columns.map { Array($0.name.utf8) }).count == form.columns.count
        var refusal: (error: PostgresError, column: Int)?
        if let first = marks.firstIndex(of: true), isDistinct,
            let error = try conversionError(typed, form, marks)
        {
            refusal = (error, first)
        }
        return InspectedStatement(
            name: name,
            typed: typed,
            parameterOIDs: form.parameterOIDs,
            occurrences: ParameterOccurrences(typed.sql).all.map(\.parameter),
            columns: form.columns,
            conversionError: refusal
        )
    }

    /// Returns the error with which the server refuses all forms that convert the marked columns; `nil` if it prepares one.
    private mutating func conversionError(
        _ typed: TypedStatement,
        _ form: InspectedStatement.Form,
        _ marks: [Bool]
    ) throws(PostgresError) -> PostgresError? {
        let columns = zip(form.columns, marks).map { (name: $0.name, isConverted: $1) }
        guard
            let error = try refusal(
                of: JSONColumnStatementWrapper.wrap(typed.sql, columns: columns),
                types: form.parameterOIDs
            )
        else { return nil }
        guard error.sqlState == "0A000",
            let returning = ReturningClause(typed.sql, columns: form.columns.map(\.name))
        else { return error }
        return try refusal(of: returning.converting(marks).sql, types: form.parameterOIDs)
    }

    private mutating func refusal(of sql: String, types: [UInt32]) throws(PostgresError) -> PostgresError? {
        let name = newName()
        do throws(PostgresError) {
            try session.prepare(name, TypedStatement(sql: sql, types: types, sources: nil))
        } catch {
            guard error.inspectionScope == .statement else { throw error }
            return error
        }
        try session.run("DEALLOCATE \(name)")
        return nil
    }
}
