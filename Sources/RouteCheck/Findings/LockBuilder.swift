import RouteManifest

/// Makes locks from facts.
struct LockBuilder {
    let schema: SchemaFacts

    /// Returns the description of a statement as a lock has it.
    func locked(_ statement: StatementToCheck, _ description: StatementFacts.Description) -> LockedStatement {
        let nullable = NullabilityRules.nullable(statement, description.columns)
        let relations = statement.isRead ? description.relations : nil
        return LockedStatement(
            digest: statement.digest,
            parameters: description.parameters.map(\.name),
            occurrences: description.occurrences,
            columns: zip(description.columns, nullable).map { LockedColumn($0.name, $0.type.name, isNullable: $1) },
            tables: relations?.tables ?? [],
            hasUnknownTables: relations?.hasUnknownTables ?? false
        )
    }

    /// Returns the labels of the enums of a statement.
    func enums(_ description: StatementFacts.Description) -> [String: [String]] {
        var enums: [String: [String]] = [:]
        for type in description.parameters + description.columns.map(\.type) {
            if let labels = type.labels { enums[LockDifference.elementType(type.name)] = labels }
        }
        return enums
    }

    /// Returns the lock of a manifest; `nil` if it has no statements.
    func lock(_ statements: [(statement: StatementToCheck, description: StatementFacts.Description)]) -> RouteLock? {
        guard !statements.isEmpty else { return nil }
        var lock = RouteLock(server: schema.serverName)
        for (statement, description) in statements {
            lock.routes[statement.route, default: []].append(locked(statement, description))
            lock.enums.merge(enums(description)) { first, _ in first }
        }
        return lock
    }
}
