package import RouteManifest

/// Judges the statements of manifests by what a database says about them.
package enum RouteCheck {
    /// The question of a check.
    package enum Purpose: Sendable {
        /// The statements and what the manifest says of them are right for this database.
        case check
        /// Besides, the locks say what the database says.
        ///
        /// - Parameter locks: the lock of each manifest.
        case locked([StoredLock])
        /// The statements of the locks, which are deployed, work on this database as they do now.
        ///
        /// - Parameter locks: the lock of each manifest.
        case next([StoredLock])
    }

    /// The result of a check.
    package struct Result: Sendable {
        /// The findings by file, line and column, with those of the build.
        package var findings: [Finding]
        /// The lock of each manifest; `nil` for one without statements. It is complete only without errors.
        package var locks: [RouteLock?]

        /// The diagnostics of the findings.
        package var diagnostics: [Diagnostic] { findings.map(\.diagnostic) }
        /// Indicates an error.
        package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
    }

    /// Checks the manifests of a target.
    ///
    /// - Parameters:
    ///   - diagnostics: the diagnostics of the build.
    ///   - statements: the statements.
    ///   - handlerTables: the tables of handlers.
    ///   - manifests: the files of the manifests, in the order of ``StatementToCheck/manifest``.
    ///   - facts: for each statement what the database said.
    ///   - schema: what it said about its schema.
    ///   - purpose: the question.
    ///   - hasData: tells that the tables have the rows of real ones.
    package static func check(
        diagnostics: [Diagnostic],
        statements: [StatementToCheck],
        handlerTables: [HandlerTables] = [],
        manifests: [String],
        facts: [StatementFacts],
        schema: SchemaFacts,
        purpose: Purpose = .check,
        hasData: Bool = true
    ) -> Result {
        var findings = Findings()
        let builder = LockBuilder(schema: schema)
        var described = [[(statement: StatementToCheck, description: StatementFacts.Description)]](
            repeating: [],
            count: manifests.count
        )
        let isNext: Bool
        if case .next = purpose { isNext = true } else { isNext = false }
        for diagnostic in diagnostics where !isNext || diagnostic.severity == .error {
            findings.add(Finding(diagnostic))
        }
        for (statement, facts) in zip(statements, facts) {
            let description: StatementFacts.Description?
            if case .described(let found) = facts.outcome { description = found } else { description = nil }
            if case .unreachable(let error) = facts.outcome {
                ServerErrorFindings.check(unanswered: error, of: statement, &findings)
            }
            if !isNext { check(statement, facts.outcome, schema, hasData: hasData, &findings) }
            if let description { described[statement.manifest].append((statement, description)) }
            let lockFile = LockText.file(
                of: manifests[statement.manifest].split(separator: "/").last.map(String.init) ?? ""
            )
            func lockFindings(_ locks: [StoredLock]) -> LockFindings {
                LockFindings(statement, locks[statement.manifest], lockFile: lockFile)
            }
            switch purpose {
            case .check: break
            case .locked(let locks):
                if let description { lockFindings(locks).check(description, builder, &findings) }
            case .next(let locks): lockFindings(locks).checkNext(facts.outcome, builder, &findings)
            }
        }
        if !isNext { for tables in handlerTables { TableFindings.check(tables, schema, &findings) } }
        // Of what the build has found already, the database's words would be a repetition.
        let faulty = Set(diagnostics.filter { $0.severity == .error }.map(\.location))
        findings.remove { $0.diagnostic.name == .mayWrite && faulty.contains($0.diagnostic.location) }
        // A route with an error may have no statement, and still be the one that an entry is for.
        if case .locked(let locks) = purpose, !diagnostics.contains(where: { $0.severity == .error }) {
            reportUnused(locks, statements, &findings)
        }
        return Result(findings: findings.sorted, locks: described.map { builder.lock($0) })
    }

    private static func check(
        _ statement: StatementToCheck,
        _ outcome: StatementFacts.Outcome,
        _ schema: SchemaFacts,
        hasData: Bool,
        _ findings: inout Findings
    ) {
        ConstraintFindings.check(statement, schema, &findings)
        switch outcome {
        case .refused(let error): ServerErrorFindings.check(error, of: statement, &findings)
        case .unreachable: break
        case .described(let description):
            ParameterFindings.check(statement, description, &findings)
            ParameterFindings.checkLabels(statement, description, &findings)
            ColumnFindings.check(statement, description.columns, &findings)
            if let error = description.conversionError { ServerErrorFindings.check(error, of: statement, &findings) }
            WriteFindings.check(statement, description, &findings)
            TableFindings.check(statement, description, schema, &findings)
            PlanFindings(statement, description, schema).check(hasData: hasData, &findings)
        }
    }

    /// Reports entries of locks for routes that have no statement.
    private static func reportUnused(
        _ locks: [StoredLock],
        _ statements: [StatementToCheck],
        _ findings: inout Findings
    ) {
        for (index, lock) in locks.enumerated() {
            guard case .read(let document) = lock else { continue }
            let routes = Set(statements.filter { $0.manifest == index }.map(\.route))
            for (route, place) in document.routes.sorted(by: { $0.key < $1.key }) where !routes.contains(route) {
                findings.add(
                    Finding(
                        Diagnostic(
                            .error,
                            "\(document.fileName) has an entry for '\(route)', which is no route with SQL; run cached-routes check --write",
                            at: place
                        )
                    )
                )
            }
        }
    }
}
