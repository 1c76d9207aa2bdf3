import RouteManifest

/// Tables of `tables`: their triggers, and those that the statement reads besides.
enum TableFindings {
    static func check(
        _ statement: StatementToCheck,
        _ description: StatementFacts.Description,
        _ schema: SchemaFacts,
        _ findings: inout Findings
    ) {
        guard statement.isRead else { return }
        var places: [String: Location] = statement.tables ?? [:]
        if statement.isAutomatic, let place = statement.tablesLocation {
            for table in description.relations?.tables ?? [] { places[table] = place }
        }
        checkFaults(of: places, schema, allowed: statement.allowed, &findings)
        guard let relations = description.relations, let tablesPlace = statement.tablesLocation else { return }
        if statement.isAutomatic {
            return checkAutomatic(relations, at: tablesPlace, statement, &findings)
        }
        guard statement.tables?.isEmpty == false else { return }
        if let error = relations.error {
            findings.report(.unknownTables, text(about: error), of: statement, at: tablesPlace)
            return
        }
        let words = StatementWords(statement.statement)
        for relation in relations.all {
            let place = words.location(ofAny: relation.mentions) ?? tablesPlace
            switch relation.kind {
            case .table:
                guard places[relation.name] == nil else { continue }
                findings.report(
                    .undeclaredTable,
                    "this statement reads '\(relation.name)', which 'tables' does not name: changes of it purge nothing; add "
                        + "it, or write 'tables: auto'",
                    of: statement,
                    at: place
                )
            case .function, .materializedView, .foreignTable, .sequence:
                findings.report(
                    .unknownTables,
                    "\(text(about: relation)): name its tables under 'tables', or purge a tag",
                    of: statement,
                    at: place
                )
            }
        }
    }

    /// Reports the faults of a handler's tables.
    static func check(_ tables: HandlerTables, _ schema: SchemaFacts, _ findings: inout Findings) {
        checkFaults(of: tables.places, schema, allowed: tables.allowed, &findings)
    }

    private static func checkFaults(
        of places: [String: Location],
        _ schema: SchemaFacts,
        allowed: Set<DiagnosticName>,
        _ findings: inout Findings
    ) {
        for (table, place) in places.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            guard let fault = schema.tableFaults[table] else { continue }
            checkFault(fault, of: table, at: place, allowed: allowed, &findings)
        }
    }

    /// Reports that the tables of `tables: auto` are not all known, as the build does by the lock.
    private static func checkAutomatic(
        _ relations: RelationFacts,
        at tablesPlace: Location,
        _ statement: StatementToCheck,
        _ findings: inout Findings
    ) {
        guard let fault = AutomaticTablesFault(tables: relations.tables, hasUnknownTables: relations.hasUnknownTables)
        else { return }
        let words = StatementWords(statement.statement)
        var notes = relations.unknown.map { relation in
            Diagnostic.Note(
                text(about: relation),
                at: words.location(ofAny: relation.mentions) ?? statement.statement.start
            )
        }
        if let error = relations.error { notes.append(.init(text(about: error), at: statement.statement.start)) }
        let message = fault.message(for: statement.route)
        if let name = fault.name {
            findings.report(name, message, severity: .error, of: statement, at: tablesPlace, notes: notes)
        } else {
            findings.error(message, at: tablesPlace, notes: notes)
        }
    }

    private static func text(about error: StatementFacts.ServerError) -> String {
        "what this statement reads can't be known: \(error.message) [\(error.state)]"
    }

    private static func text(about relation: RelationFacts.Relation) -> String {
        let name =
            relation.kind == .function
            ? "\(relation.name)()" : "the \(relation.kind.rawValue) '\(relation.name)'"
        return "what \(name) reads can't be known"
    }

    private static func checkFault(
        _ fault: SchemaFacts.TableFault,
        of table: String,
        at place: Location,
        allowed: Set<DiagnosticName>,
        _ findings: inout Findings
    ) {
        guard fault.isTable else {
            findings.error("changes of '\(table)' can't be announced: \(fault.reason)", at: place)
            return
        }
        let cure = fault.isMendedByTriggers ? "; run cached-routes triggers" : ""
        findings.report(
            .noTriggers,
            "changes of table '\(table)' are not announced: \(fault.reason)\(cure)",
            allowed: allowed,
            at: place
        )
    }
}
