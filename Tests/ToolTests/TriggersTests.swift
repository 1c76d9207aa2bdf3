import ArgumentParser
import PostgresClient
import Testing

@testable import cached_routes

@Suite("cached-routes triggers")
struct TriggersTests {
    @Test("prints the SQL for the manifests' tables, or what removes it")
    func sql() async throws {
        try await PurgeTests.withManifest { file async throws in
            let triggers = TableTriggers(tables: ["audit.events", "users"])
            #expect(try Triggers.parse(["--manifest", file]).sql() == triggers.installSQL)
            #expect(try Triggers.parse(["--manifest", file, "--remove"]).sql() == triggers.removeSQL)
        }
    }
}
