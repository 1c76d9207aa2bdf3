import PostgresClient
import RouteCheck
import RouteCheckPostgres
import RouteManifest
import TestServers
import Testing

@Suite("Thirty faults", .serialized)
struct ThirtyFaultsTests {
    /// The database of these tests, which none of them changes.
    private static let database = Result { try CheckDatabase("check_faults", FaultyRoute.schema) }

    @Test("are thirty findings of one check, each at its place", arguments: StatementStyle.allCases)
    func places(_ style: StatementStyle) async throws {
        let manifest = FaultyManifest(FaultyRoute.all, style)
        try await check(manifest)
    }

    @Test("are found over two manifests and a folder of files")
    func severalManifests() async throws {
        try await check(FaultyManifest(FaultyRoute.all, .file, split: 13))
    }

    private func check(_ manifest: FaultyManifest) async throws {
        let result = try await blocking {
            let set = CheckDatabase.set(manifest.manifests, files: manifest.files)
            return try Self.database.get().check(set, manifests: manifest.manifests.keys.sorted())
        }
        let diagnostics = result.diagnostics
        for route in FaultyRoute.all {
            let place = manifest.places[route.number]
            let found = diagnostics.filter { $0.location == place }
            let isRight =
                found.count == 1 && found[0].message.contains(route.words) && found[0].name == route.name
                && found[0].severity == route.severity
                && route.note.map { note in found[0].notes.contains { $0.message.contains(note) } } ?? true
            let place2 = place.map(\.description) ?? "no place"
            #expect(isRight, "fault \(route.number) at \(place2): \(found)")
        }
        let places = Set(manifest.places.values)
        let others = diagnostics.filter { !places.contains($0.location) }
        #expect(others.isEmpty, "\(others.map(\.description).joined(separator: "\n"))")
        #expect(diagnostics.count == FaultyRoute.all.count)
    }

    @Test("with names are silenced by 'allow'")
    func allowed() async throws {
        let named = FaultyRoute.all.filter { $0.name != nil }
        let manifest = FaultyManifest(named, .block, allowing: true)
        let result = try await blocking { try Self.database.get().check(manifest.manifests["routes.yaml"] ?? "") }
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    }

    @Test("leave nothing behind in the database")
    func nothingLeft() async throws {
        let manifest = FaultyManifest(FaultyRoute.all, .block)
        let left = try await blocking { () -> [[String?]] in
            let session = try InspectionSession(url: Self.database.get().url)
            let set = CheckDatabase.set(manifest.manifests)
            _ = try DatabaseFacts(session).facts(of: set.statements)
            // In the session itself, because its end would remove what is temporary.
            return try session.rows(
                "SELECT pg_my_temp_schema(), (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM audit)"
            )
        }
        #expect(left == [["0", "0", "0"]])
    }

    @Test("has no sequential scans in the small tables of a private server")
    func withoutData() async throws {
        let route = FaultyRoute.all.filter { $0.name == .seqScan }
        let text = FaultyManifest(route, .block).manifests["routes.yaml"] ?? ""
        let result = try await blocking { try Self.database.get().check(text, hasData: false) }
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    }
}
