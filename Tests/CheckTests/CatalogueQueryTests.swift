import PostgresClient
import RouteManifest
import TestServers
import Testing

@testable import RouteCheckPostgres

@Suite("Queries about the catalogue")
struct CatalogueQueryTests {
    private static let queries = [
        CatalogueQueries.constraints, CatalogueQueries.types, CatalogueQueries.notNullColumns,
        CatalogueQueries.dependencies(hasBodies: false), CatalogueQueries.dependencies(hasBodies: true),
        CatalogueQueries.writingFunctions, CatalogueQueries.columns, CatalogueQueries.ancestors,
        CatalogueQueries.binaryCasts,
    ]

    @Test("are one statement each and have no inputs", arguments: queries)
    func statements(_ query: String) {
        #expect(SQLInputScanner(query).inputs.isEmpty)
        #expect(!query.contains(";"))
    }

    @Test("can be prepared, whatever the search path of the session")
    func preparation() async throws {
        try await blocking {
            let session = try InspectionSession(url: PostgresServer.shared.get().url)
            for path in ["''", "public", "pg_temp"] {
                try session.transaction { () throws(PostgresError) in
                    try session.run("SET LOCAL search_path = \(path)")
                    try session.run("CREATE TEMPORARY VIEW \(CatalogueQueries.view) AS SELECT 1 AS one")
                    for (number, query) in Self.queries.enumerated() {
                        if query.contains("pg_get_function_sqlbody"), session.serverVersion < 140_000 { continue }
                        try session.run("PREPARE q\(number)_\(path.utf8.count) AS \(query)")
                    }
                }
            }
        }
    }
}
