import CachedRoutesPostgres
package import PostgresClient
package import RouteCheck
package import RouteManifest
import RouteModel
import SQLSyntax

/// Asks a database about statements.
package struct DatabaseFacts {
    private let session: InspectionSession
    private let isComplete: Bool

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
    private struct Prepared {
        let index: Int
        let statement: StatementToCheck
        let inspected: InspectedStatement
    }

    /// Returns what the database says about each statement, and about its schema.
    ///
    /// - Throws: the error of a connection, or an error of the server that is none of a statement.
    package func facts(
        of statements: [StatementToCheck]
    ) throws(PostgresError) -> (statements: [StatementFacts], schema: SchemaFacts) {
        var facts = statements.map { _ in StatementFacts(.unreachable) }
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
                guard let refusal = Self.refusal(error) else { throw error }
                facts[index].outcome = .refused(refusal)
            }
        }
        let types = try types(prepared)
        let notNull = try notNullColumns(prepared)
        let writing = try writingFunctions(prepared)
        var schema = SchemaFacts(serverVersion: session.serverVersionText)
        var tables: Set<QualifiedName> = []
        for one in prepared {
            var description = description(of: one, types, notNull)
            if one.statement.isRead, isComplete { try addDependencies(of: one, types, writing, to: &description) }
            if isComplete {
                try addPlans(of: one, to: &description)
                for node in description.plan + description.indexedPlan {
                    if let table = node.table { tables.insert(table) }
                }
            }
            facts[one.index].outcome = .described(description)
            try inspector.close(one.inspected)
        }
        if isComplete {
            try addTableFaults(statements, facts, to: &schema)
            try addColumns(tables, to: &schema)
            if statements.contains(where: { !$0.errors.isEmpty }) {
                schema.constraints = Set(
                    try session.rows(CatalogueQueries.constraints).compactMap(\.first).compactMap { $0 }
                )
            }
        }
        return (facts, schema)
    }

    /// Returns the server's error about a statement; `nil` for one that is none of the statement: of the connection, of
    /// resources, of locks, of an administrator.
    private static func refusal(_ error: PostgresError) -> StatementFacts.ServerError? {
        guard let state = error.sqlState, !["08", "40", "53", "55", "57", "58"].contains(state.prefix(2)) else {
            return nil
        }
        return StatementFacts.ServerError(error, state)
    }

    // MARK: - Types

    private func types(_ prepared: [Prepared]) throws(PostgresError) -> [UInt32: Row] {
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
        var types: [UInt32: Row] = [:]
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
            types[oid] = Row(
                fact: TypeFact(name: name, oid: oid, baseOID: base, labels: labels),
                readAs: row[3].flatMap(UInt32.init) ?? base
            )
        }
        return types
    }

    /// A type, and that as which its values are read.
    private struct Row {
        let fact: TypeFact
        let readAs: UInt32
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
        _ types: [UInt32: Row],
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
                fact.mayBeRead = one.statement.types[source].mayBeRead(as: types[oid]?.readAs ?? oid)
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

    // MARK: - What a statement reads and calls

    /// The names in front of parentheses in a statement.
    private static func calledWords(_ sql: String) -> Set<String> {
        let lexer = SQLLexer(sql)
        let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
        return Set(
            tree.tokens.indices.compactMap { index in
                tree.isPunctuation(index + 1, "(") ? SQLCatalogName(tree, index)?.text : nil
            }
        )
    }

    private func writingFunctions(_ prepared: [Prepared]) throws(PostgresError) -> Set<String> {
        let words = prepared.filter(\.statement.isRead).reduce(into: Set<String>()) { words, one in
            words.formUnion(Self.calledWords(one.statement.statement.sql))
        }
        guard !words.isEmpty else { return [] }
        var parameters = PostgresParameters()
        parameters.appendArray(words.map(\.utf8))
        return Set(
            try session.rows(CatalogueQueries.writingFunctions, parameters).compactMap(\.first).compactMap { $0 }
        )
    }

    private func addDependencies(
        of one: Prepared,
        _ types: [UInt32: Row],
        _ writing: Set<String>,
        to description: inout StatementFacts.Description
    ) throws(PostgresError) {
        let words = Self.calledWords(one.statement.statement.sql)
        for name in words.intersection(writing).sorted() {
            description.functions.append(FunctionFact(name, isBuiltIn: true, mentions: [name]))
        }
        let opaque = words.intersection(CatalogueQueries.opaqueFunctions).sorted()
        var relations = RelationFacts(opaque.map { .init(.function, $0, mentions: [$0]) })
        defer { description.relations = relations }
        let sql = Self.withoutParameters(one.inspected.typed.sql) { number in
            one.inspected.parameterOIDs.indices.contains(number)
                ? types[one.inspected.parameterOIDs[number]]?.fact.name : nil
        }
        let rows: [[String?]]
        do throws(PostgresError) {
            rows = try session.transaction { () throws(PostgresError) in
                try session.run(
                    "CREATE TEMPORARY VIEW \(CatalogueQueries.view) AS SELECT 1 AS one FROM (\n\(sql)\n) AS q"
                )
                return try session.rows(CatalogueQueries.dependencies(hasBodies: session.serverVersion >= 140_000))
            }
        } catch {
            guard let state = error.sqlState else { throw error }
            relations.error = StatementFacts.ServerError(error, state)
            return
        }
        Self.add(rows, to: &relations, functions: &description.functions)
    }

    /// Adds the rows of ``CatalogueQueries/dependencies(hasBodies:)``.
    private static func add(_ rows: [[String?]], to relations: inout RelationFacts, functions: inout [FunctionFact]) {
        for row in rows {
            guard let kind = row[0], let schema = row[1], let name = row[2], let mention = row[6] else { continue }
            func addRelation(_ kind: RelationFacts.Relation.Kind, _ name: String) {
                if let index = relations.all.firstIndex(where: { $0.kind == kind && $0.name == name }) {
                    relations.all[index].mentions.append(mention)
                } else {
                    relations.all.append(.init(kind, name, mentions: [mention]))
                }
            }
            switch kind {
            case "r", "p":
                let parts = schema == "public" ? [name] : [schema, name]
                addRelation(.table, parts.map(SQLIdentifierSyntax.spelled).joined(separator: "."))
            case "m": addRelation(.materializedView, name)
            case "f": addRelation(.foreignTable, name)
            default:
                if row[3] == "t" { addRelation(.function, name) }
                guard row[4] == "t", !functions.contains(where: { $0.name == name && !$0.isBuiltIn }) else { continue }
                functions.append(FunctionFact(name, body: row[5] ?? "", mentions: [mention]))
            }
        }
    }

    /// A statement with a NULL of the same type in place of each parameter, as a view needs it.
    static func withoutParameters(_ sql: String, type: (Int) -> String?) -> String {
        let lexer = SQLLexer(sql)
        var text: [UInt8] = []
        var copied = 0
        for token in lexer.tokens where token.kind == .parameter {
            guard let number = Int(lexer.text(of: token).dropFirst()), let type = type(number - 1) else { continue }
            text += lexer.bytes[copied..<token.range.lowerBound]
            text += "(NULL::\(type))".utf8
            copied = token.range.upperBound
        }
        return String(decoding: text + lexer.bytes[copied...], as: UTF8.self)
    }

    // MARK: - Plans

    /// Asks for the plans that a prepared statement has whatever the values.
    ///
    /// Planning may evaluate functions that are IMMUTABLE or STABLE, so it is READ ONLY.
    private func addPlans(of one: Prepared, to description: inout StatementFacts.Description) throws(PostgresError) {
        let nulls = Array(repeating: "NULL", count: one.inspected.parameterOIDs.count).joined(separator: ", ")
        let sql = "EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE \(one.inspected.name)\(nulls.isEmpty ? "" : "(\(nulls))")"
        description.plan = try plan(sql, "")
        // A plan is kept as long as nothing changes, and the settings are no such change.
        try session.run("DISCARD PLANS")
        description.indexedPlan = try plan(sql, "; SET LOCAL enable_seqscan = off")
    }

    private func plan(_ sql: String, _ settings: String) throws(PostgresError) -> [PlanNode] {
        let beginning = "BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan\(settings)"
        do throws(PostgresError) {
            let rows = try session.transaction(beginning) { () throws(PostgresError) in try session.rows(sql) }
            return rows.first?.first?.map(PlanReader.nodes) ?? []
        } catch {
            // A statement without a plan, such as SHOW, has nothing to find.
            guard error.sqlState != nil else { throw error }
            return []
        }
    }

    // MARK: - The schema

    private func addTableFaults(
        _ statements: [StatementToCheck],
        _ facts: [StatementFacts],
        to schema: inout SchemaFacts
    ) throws(PostgresError) {
        var names = Set(statements.compactMap(\.tables).flatMap(\.keys))
        for (statement, facts) in zip(statements, facts) where statement.isAutomatic {
            if case .described(let description) = facts.outcome { names.formUnion(description.relations?.tables ?? []) }
        }
        guard !names.isEmpty else { return }
        for report in try session.reports(ofTables: names.sorted()) {
            guard let fault = report.fault else { continue }
            let isTable: Bool
            switch fault {
            case .missing, .notATable, .part: isTable = false
            default: isTable = true
            }
            schema.tableFaults[report.name] = SchemaFacts.TableFault(
                fault.description,
                isMendedByTriggers: fault.isMendedByTriggers,
                isTable: isTable
            )
        }
    }

    private func addColumns(_ tables: Set<QualifiedName>, to schema: inout SchemaFacts) throws(PostgresError) {
        guard !tables.isEmpty else { return }
        let list = Array(tables)
        var parameters = PostgresParameters()
        parameters.appendArray(list.map(\.schema.utf8))
        parameters.appendArray(list.map(\.name.utf8))
        let (columns, casts) = try session.transaction(CatalogueQueries.beginning) { () throws(PostgresError) in
            (try session.rows(CatalogueQueries.columns, parameters), try session.rows(CatalogueQueries.binaryCasts))
        }
        for row in columns {
            guard let space = row[0], let name = row[1], let column = row[3], let type = row[4] else { continue }
            let table = QualifiedName(space, name)
            schema.columns[table, default: [:]][column] = SchemaFacts.Column(type: type, isIndexed: row[5] == "t")
            schema.rowCounts[table] = row[2].flatMap(Double.init)
        }
        for row in casts {
            guard let from = row[0], let to = row[1] else { continue }
            schema.binaryCasts.insert(SchemaFacts.Cast(from: from, to: to))
            schema.binaryCasts.insert(SchemaFacts.Cast(from: "\(from)[]", to: "\(to)[]"))
        }
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
