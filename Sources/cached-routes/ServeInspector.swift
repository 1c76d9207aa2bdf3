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

    /// Returns what the database says, by the paths of manifests. Statements that it refuses are left out, and all if it can't
    /// be asked. It blocks.
    func describe(_ statements: [ManifestReading.Statement]) -> [String: LockPatch] {
        guard let session = try? InspectionSession(url: url) else { return [:] }
        var patches: [String: LockPatch] = [:]
        for (manifest, result) in check(statements, session) {
            guard let lock = result.locks.first.flatMap({ $0 }) else { continue }
            patches[manifest] = LockPatch(
                server: lock.server,
                enums: lock.enums,
                routes: lock.routes.compactMapValues(\.first)
            )
        }
        return patches
    }

    /// Returns the findings of the database about statements, by their places; none if it can't be asked. It blocks.
    func check(_ statements: [ManifestReading.Statement]) -> [Diagnostic] {
        guard let session = try? InspectionSession(url: url) else { return [] }
        return check(statements, session).flatMap(\.result.diagnostics).sorted { $0.location < $1.location }
    }

    /// Checks the statements of each manifest as far as the database can be asked.
    private func check(
        _ statements: [ManifestReading.Statement],
        _ session: InspectionSession
    ) -> [(manifest: String, result: RouteCheck.Result)] {
        Dictionary(grouping: statements, by: \.manifest).compactMap { manifest, own in
            let statements = own.map { one in
                var statement = one.statement
                statement.manifest = 0
                return statement
            }
            guard let (facts, schema) = try? DatabaseFacts(session).facts(of: statements) else { return nil }
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
