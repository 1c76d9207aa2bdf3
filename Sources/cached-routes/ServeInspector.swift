import PostgresClient
import RouteCheck
import RouteCheckPostgres
import RouteManifest
import RouteServing

/// Asks a database about statements whose entries in a lock are missing or outdated, as `check --write` does.
struct ServeInspector: Sendable {
    /// A libpq connection string; `nil` for libpq's environment.
    let url: String?
    /// Tells that the tables have the rows of real ones.
    var hasData = true

    /// The word of the database.
    struct Answer<Value: Sendable>: Sendable {
        var value: Value
        /// The reason why the database can't be asked; `nil` if it could be.
        var failure: String?
    }

    /// Returns what the database says, by the paths of manifests. Statements that it refuses are left out. It blocks.
    func describe(_ statements: [ManifestReading.Statement]) -> Answer<[String: LockPatch]> {
        ask(else: [:]) { session in
            var patches: [String: LockPatch] = [:]
            for (manifest, result) in try check(statements, session) {
                guard let lock = result.locks.first.flatMap({ $0 }) else { continue }
                patches[manifest] = LockPatch(
                    server: lock.server,
                    enums: lock.enums,
                    routes: lock.routes.compactMapValues(\.first)
                )
            }
            return patches
        }
    }

    /// Returns the findings of the database about statements, by their places. It blocks.
    func check(_ statements: [ManifestReading.Statement]) -> Answer<[Diagnostic]> {
        ask(else: []) { session in
            try check(statements, session).flatMap(\.result.diagnostics).sorted { $0.location < $1.location }
        }
    }

    private func ask<Value>(else none: Value, _ body: (InspectionSession) throws -> Value) -> Answer<Value> {
        do {
            return Answer(value: try body(InspectionSession(url: url)))
        } catch let error as PostgresError {
            return Answer(value: none, failure: error.fullDescription)
        } catch {
            return Answer(value: none, failure: "\(error)")
        }
    }

    /// Checks the statements of each manifest.
    private func check(
        _ statements: [ManifestReading.Statement],
        _ session: InspectionSession
    ) throws -> [(manifest: String, result: RouteCheck.Result)] {
        try Dictionary(grouping: statements, by: \.manifest).map { manifest, own in
            let statements = own.map { one in
                var statement = one.statement
                statement.manifest = 0
                return statement
            }
            let (facts, schema) = try DatabaseFacts(session).facts(of: statements)
            let result = RouteCheck.check(
                diagnostics: [],
                statements: statements,
                manifests: [manifest],
                facts: facts,
                schema: schema,
                hasData: hasData
            )
            return (manifest, result)
        }
    }
}
