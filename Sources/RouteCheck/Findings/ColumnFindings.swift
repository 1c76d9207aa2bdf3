import RouteManifest
import RouteModel

/// Columns that do not make the response that the route declares.
enum ColumnFindings {
    static func check(
        _ statement: StatementToCheck,
        _ columns: [ColumnFact],
        _ findings: inout Findings
    ) {
        if !statement.isKnownFaulty { checkShape(statement, columns, &findings) }
        checkNotNull(statement, columns, &findings)
    }

    private static func checkShape(
        _ statement: StatementToCheck,
        _ columns: [ColumnFact],
        _ findings: inout Findings
    ) {
        let returns = statement.returns
        let place = statement.returnsLocation ?? statement.statement.start
        switch returns.kind {
        case .none:
            guard statement.isRead, !columns.isEmpty else { return }
            findings.report(
                .noEffect,
                "this statement has columns, and 'returns: none' sends none",
                of: statement,
                at: place
            )
        case .value, .one, .many:
            guard !columns.isEmpty else {
                let cure = statement.isRead ? "write 'returns: none'" : "write 'returns: none', or add RETURNING"
                findings.error(
                    "'returns: \(returns.rawValue)' needs columns, and this statement returns none; \(cure)",
                    at: place
                )
                return
            }
            guard returns == .value else { return checkNames(statement, columns, &findings) }
            guard columns.count > 1 else { return }
            findings.error(
                "'returns: value' is for one column, and this statement has \(columns.count); select one alone, or write "
                    + "'returns: one'",
                at: place
            )
        }
    }

    private static func checkNames(
        _ statement: StatementToCheck,
        _ columns: [ColumnFact],
        _ findings: inout Findings
    ) {
        // Bytes, because the server distinguishes names that Unicode considers equal.
        var first: [[UInt8]: Int] = [:]
        var reported: Set<[UInt8]> = []
        for (index, column) in columns.enumerated() {
            let name = Array(column.name.utf8)
            guard let earlier = first[name] else {
                first[name] = index
                continue
            }
            guard reported.insert(name).inserted else { continue }
            let message =
                column.name == "?column?"
                ? "this column has no name, and neither has an earlier one; name them with AS"
                : "two columns are called '\(column.name)'; give one another name with AS"
            let isPlaced = statement.columnPlaces.indices.contains(index)
            let note = Diagnostic.Note("the first one is here", at: statement.location(ofColumn: earlier))
            findings.error(message, at: statement.location(ofColumn: index), notes: isPlaced ? [note] : [])
        }
    }

    private static func checkNotNull(
        _ statement: StatementToCheck,
        _ columns: [ColumnFact],
        _ findings: inout Findings
    ) {
        let mayAddNull = NullabilityRules.mayAddNull(statement.statement.sql)
        for name in statement.notNull {
            guard let column = columns.first(where: { $0.name == name.text }) else {
                let close = MisspellingSuggestion.text(for: name.text, among: columns.map(\.name))
                findings.error("'not-null' names '\(name.text)', which is no column\(close)", at: name.location)
                continue
            }
            guard column.isNotNullColumn, !mayAddNull else { continue }
            findings.report(
                .nullClaim,
                "'\(name.text)' is never NULL anyway; leave it out",
                of: statement,
                at: name.location
            )
        }
    }
}
