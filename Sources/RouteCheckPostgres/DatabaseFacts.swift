import CachedRoutesPostgres
package import PostgresClient
package import RouteCheck
package import RouteManifest
import RouteModel

/// Asks a database about statements.
package struct DatabaseFacts {
    let session: InspectionSession
    let isComplete: Bool

    /// Makes the questions of a session.
    ///
    /// - Parameters:
    ///   - session: the session.
    ///   - isComplete: tells that tables, plans, triggers and constraints are asked for, and not the types alone.
    package init(_ session: InspectionSession, isComplete: Bool = true) {
        self.session = session
        self.isComplete = isComplete
    }

    /// A statement that was prepared.
    struct Prepared {
        let index: Int
        let statement: StatementToCheck
        let inspected: InspectedStatement
        /// The statement as the manifest's generator sends it, before parameters get types of their own.
        var sql: String { statement.statement.sql }
    }

    /// A type of the catalogue.
    struct CatalogueType {
        let fact: TypeFact
        /// The type that decides how a parameter's value is read, see ``CatalogueQueries/types``.
        let valueOID: UInt32
    }

    /// Returns what the database says about each statement, and about its schema.
    ///
    /// - Parameters:
    ///   - statements: the statements.
    ///   - handlerTables: the tables of handlers, whose triggers are asked for.
    /// - Throws: an error that is none of a statement, see ``PostgresError/inspectionScope``.
    package func facts(
        of statements: [StatementToCheck],
        handlerTables: [HandlerTables] = []
    ) throws(PostgresError) -> (statements: [StatementFacts], schema: SchemaFacts) {
        var outcomes: [Int: StatementFacts.Outcome] = [:]
        var prepared: [Prepared] = []
        var inspector = StatementInspector(session)
        for (index, statement) in statements.enumerated() {
            do throws(PostgresError) {
                let inspected = try inspector.inspect(
                    statement.statement.sql,
                    parameters: statement.types.map { ParameterTypeCandidates($0) },
                    convertsColumns: statement.returns != .none
                )
                prepared.append(Prepared(index: index, statement: statement, inspected: inspected))
            } catch {
                outcomes[index] = try Self.outcome(of: error)
            }
        }
        let types = try types(prepared)
        let notNull = try notNullColumns(prepared)
        var writing = WritingFunctions()
        if isComplete { try findWritingFunctions(in: prepared.filter(\.statement.isRead).map(\.sql), &writing) }
        var schema = SchemaFacts(serverVersion: session.serverVersionText)
        var tables: Set<QualifiedName> = []
        for one in prepared {
            var description = description(of: one, types, notNull)
            do throws(PostgresError) {
                if isComplete && one.statement.isRead || one.statement.isAutomatic {
                    try addDependencies(of: one, types, &writing, to: &description)
                }
                try addPlans(of: one, to: &description)
                tables.formUnion((description.plan + description.indexedPlan).compactMap(\.table))
                outcomes[one.index] = .described(description)
            } catch {
                outcomes[one.index] = try Self.outcome(of: error)
            }
            try inspector.close(one.inspected)
        }
        let facts = statements.indices.compactMap { outcomes[$0] }.map(StatementFacts.init)
        if isComplete {
            try addTableFaults(statements, facts, handlerTables, to: &schema)
            try addColumns(tables, to: &schema)
            if statements.contains(where: { !$0.errors.isEmpty }) {
                schema.constraints = Set(
                    try session.rows(CatalogueQueries.constraints).compactMap(\.first).compactMap { $0 }
                )
            }
        }
        return (facts, schema)
    }

    /// Returns what an error says about a statement.
    ///
    /// - Throws: the error if it is none of a statement.
    private static func outcome(of error: PostgresError) throws(PostgresError) -> StatementFacts.Outcome {
        let answer = StatementFacts.ServerError(error, error.sqlState ?? "")
        switch error.inspectionScope {
        case .statement: return .refused(answer)
        case .answer: return .unreachable(answer)
        case .session: throw error
        }
    }

    // MARK: - Types

    private func types(_ prepared: [Prepared]) throws(PostgresError) -> [UInt32: CatalogueType] {
        var oids: Set<UInt32> = []
        for one in prepared {
            oids.formUnion(one.inspected.parameterOIDs)
            oids.formUnion(one.inspected.columns.map(\.typeOID))
        }
        guard !oids.isEmpty else { return [:] }
        var parameters = PostgresParameters()
        parameters.appendArray(oids.sorted().map { "\($0)".utf8 })
        let rows = try session.transaction(CatalogueQueries.beginning) { () throws(PostgresError) in
            try session.rows(CatalogueQueries.types, parameters)
        }
        var types: [UInt32: CatalogueType] = [:]
        for row in rows {
            guard let oid = row[0].flatMap(UInt32.init), let base = row[1].flatMap(UInt32.init), let name = row[2]
            else {
                continue
            }
            let labels = row[4].flatMap { text in
                (try? JSONValue(Array(text.utf8))).map { value in
                    value.elements.map { String(decoding: $0.text, as: UTF8.self) }
                }
            }
            types[oid] = CatalogueType(
                fact: TypeFact(name: name, oid: oid, baseOID: base, labels: labels),
                valueOID: row[3].flatMap(UInt32.init) ?? base
            )
        }
        return types
    }

    private struct ColumnID: Hashable {
        let table: UInt32
        let number: Int
    }

    private func notNullColumns(_ prepared: [Prepared]) throws(PostgresError) -> Set<ColumnID> {
        var wanted: Set<ColumnID> = []
        for column in prepared.flatMap(\.inspected.columns) where column.table != 0 && column.number > 0 {
            wanted.insert(ColumnID(table: column.table, number: column.number))
        }
        guard !wanted.isEmpty else { return [] }
        let list = Array(wanted)
        var parameters = PostgresParameters()
        parameters.appendArray(list.map { "\($0.table)".utf8 })
        parameters.appendArray(list.map { "\($0.number)".utf8 })
        let rows = try session.rows(CatalogueQueries.notNullColumns, parameters)
        return Set(
            rows.compactMap { row in
                guard let table = row[0].flatMap(UInt32.init), let number = row[1].flatMap({ Int($0) }) else {
                    return nil
                }
                return ColumnID(table: table, number: number)
            }
        )
    }

    private func description(
        of one: Prepared,
        _ types: [UInt32: CatalogueType],
        _ notNull: Set<ColumnID>
    ) -> StatementFacts.Description {
        func type(_ oid: UInt32) -> TypeFact {
            types[oid]?.fact ?? TypeFact(name: "oid \(oid)", oid: oid, baseOID: oid)
        }
        let inspected = one.inspected
        let parameters = inspected.parameterOIDs.enumerated().map { index, oid in
            var fact = type(oid)
            let source = inspected.typed.sources.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? index
            if one.statement.types.indices.contains(source) {
                fact.mayBeRead = one.statement.types[source].mayBeRead(as: types[oid]?.valueOID ?? oid)
            }
            return fact
        }
        var description = StatementFacts.Description(
            parameters: parameters,
            occurrences: inspected.typed.sources == nil ? nil : inspected.occurrences,
            columns: inspected.columns.map { column in
                ColumnFact(
                    name: column.name,
                    type: type(column.typeOID),
                    isNotNullColumn: notNull.contains(ColumnID(table: column.table, number: column.number))
                )
            }
        )
        if let (error, column) = inspected.conversionError {
            description.conversionError = .init(.init(error, error.sqlState ?? ""), column: column)
        }
        return description
    }
}

extension StatementFacts.ServerError {
    /// The server's words in an error.
    init(_ error: PostgresError, _ state: String) {
        self.init(
            state: state,
            message: error.message,
            detail: error.detail,
            hint: error.hint,
            sentByte: error.sentByte
        )
    }
}
