import PostgresClient
import RouteCheck
import RouteCheckPostgres
import RouteManifest
import TestServers

/// A database of the server that all tests share, for statements to be checked on.
struct CheckDatabase {
    let url: String

    /// Makes a database with a schema.
    ///
    /// - Parameters:
    ///   - name: a name that no other test uses.
    ///   - schema: SQL.
    init(_ name: String, _ schema: String) throws {
        let server = try PostgresServer.shared.get()
        _ = try server.psql("DROP DATABASE IF EXISTS \(name)")
        _ = try server.psql("CREATE DATABASE \(name)")
        _ = try server.psql(schema, database: name)
        url = "postgres://postgres@127.0.0.1:\(server.port)/\(name)"
    }

    /// What is found in manifests.
    func check(
        _ set: ManifestSet,
        manifests: [String] = ["routes.yaml"],
        purpose: RouteCheck.Purpose = .check,
        hasData: Bool = true
    ) throws -> RouteCheck.Result {
        let session = try InspectionSession(url: url)
        let (facts, schema) = try DatabaseFacts(session).facts(of: set.statements, handlerTables: set.handlerTables)
        return RouteCheck.check(
            diagnostics: set.diagnostics,
            statements: set.statements,
            handlerTables: set.handlerTables,
            manifests: manifests,
            facts: facts,
            schema: schema,
            purpose: purpose,
            hasData: hasData
        )
    }

    /// What is found in a manifest called `routes.yaml`.
    func check(_ text: String, files: [String: String] = [:], hasData: Bool = true) throws -> RouteCheck.Result {
        try check(Self.set(["routes.yaml": text], files: files), hasData: hasData)
    }

    /// Manifests of one target, without locks.
    static func set(_ manifests: [String: String], files: [String: String] = [:]) -> ManifestSet {
        let sources = manifests.sorted { $0.key < $1.key }.map { file, text in
            ManifestSet.Source(file: file, text: text, typeName: file == "routes.yaml" ? "Routes" : "OtherRoutes")
        }
        return ManifestSet(sources, lockUse: .ignored) { path, _ throws(SQLFileError) in
            guard let text = files[path] else { throw .notFound }
            return text
        }
    }
}
