import PostgresClient
import RouteCheck
import RouteManifest

/// The tables that manifests name, and those that plans scan.
extension DatabaseFacts {
    /// Adds the faults of the tables under `tables`.
    func addTableFaults(
        _ statements: [StatementToCheck],
        _ facts: [StatementFacts],
        _ handlerTables: [HandlerTables],
        to schema: inout SchemaFacts
    ) throws(PostgresError) {
        var names = Set(statements.compactMap(\.tables).flatMap(\.keys)).union(handlerTables.flatMap(\.places.keys))
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

    /// Adds the columns, numbers of rows and ancestors of tables.
    ///
    /// The names of types are those of plans in this session, whose `search_path` decides about schemas in front of them.
    func addColumns(_ tables: Set<QualifiedName>, to schema: inout SchemaFacts) throws(PostgresError) {
        guard !tables.isEmpty else { return }
        let list = Array(tables)
        var parameters = PostgresParameters()
        parameters.appendArray(list.map(\.schema.utf8))
        parameters.appendArray(list.map(\.name.utf8))
        for row in try session.rows(CatalogueQueries.columns, parameters) {
            guard let space = row[0], let name = row[1], let column = row[3], let type = row[4] else { continue }
            let table = QualifiedName(space, name)
            schema.columns[table, default: [:]][column] = SchemaFacts.Column(type: type, isIndexed: row[5] == "t")
            schema.rowCounts[table] = row[2].flatMap(Double.init)
        }
        for row in try session.rows(CatalogueQueries.ancestors, parameters) {
            guard let space = row[0], let name = row[1], let above = row[2], let ancestor = row[3] else { continue }
            schema.ancestors[QualifiedName(space, name), default: []].append(QualifiedName(above, ancestor))
        }
        for row in try session.rows(CatalogueQueries.binaryCasts) {
            guard let from = row[0], let to = row[1] else { continue }
            schema.binaryCasts.insert(SchemaFacts.Cast(from: from, to: to))
            schema.binaryCasts.insert(SchemaFacts.Cast(from: "\(from)[]", to: "\(to)[]"))
        }
    }
}
