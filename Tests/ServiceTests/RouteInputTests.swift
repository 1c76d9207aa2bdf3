import CachedRoutes
import Foundation
import NIOHTTP1
import RouteModel
import TestApp
import TestServers
import Testing

/// A route whose every input meets a column of its own type, without a cast, as a manifest would give it.
private struct FilterTable: RouteSet {
    static let schema = """
        CREATE TYPE mood AS ENUM ('happy', 'sad');
        CREATE TABLE things (id int, ref uuid, mood mood, price numeric, at timestamptz, day date, name text, ok bool);
        INSERT INTO things VALUES
            (1, '6f1f2c50-8a0e-4f0e-9c3f-0123456789ab', 'happy', 1.10, '2024-02-03 04:05:06.7Z', '2024-02-29', 'a&b', true),
            (2, NULL, 'sad', -0.5, '2024-02-04 00:00:00Z', '2024-03-01', 'ä€😀', false),
            (3, NULL, NULL, 12345678901234567890.5, 'infinity', NULL, '', NULL);
        """

    let routes = [
        RouteDefinition(
            RouteDeclaration(
                "things",
                RouteSignature(
                    namespace: "filters",
                    fingerprint: "0badcafe",
                    method: .get,
                    path: "/things",
                    inputs: [
                        RouteInput(.query, "ids", .list(.int), optional: true),
                        RouteInput(.query, "ref", .uuid, optional: true),
                        RouteInput(.query, "mood", .string, optional: true),
                        RouteInput(.query, "price", .decimal, optional: true),
                        RouteInput(.query, "since", .timestamp, optional: true),
                        RouteInput(.query, "day", .date, optional: true),
                        RouteInput(.query, "name", .string, optional: true),
                        RouteInput(.query, "ok", .bool, optional: true),
                        RouteInput(.query, "limit", .int, default: "10"),
                        RouteInput(.query, "skip", .int32, default: "0"),
                    ]
                ),
                .read(CachePolicy()),
                returns: .many
            ),
            .sql(
                """
                SELECT id FROM things
                WHERE ($1 IS NULL OR id = ANY($1)) AND ($2 IS NULL OR ref = $2) AND ($3 IS NULL OR mood = $3)
                    AND ($4 IS NULL OR price = $4) AND ($5 IS NULL OR at >= $5) AND ($6 IS NULL OR day = $6)
                    AND ($7 IS NULL OR name = $7) AND ($8 IS NULL OR ok = $8)
                ORDER BY id LIMIT $9 OFFSET $10
                """,
                binding: ["ids", "ref", "mood", "price", "since", "day", "name", "ok", "limit", "skip"]
            )
        )
    ]
}

@Suite("Inputs meet columns of their types", .serialized)
struct RouteInputTests {
    @Test("without a cast in the SQL, whether they are given or not")
    func filters() async throws {
        let postgres = try PostgresServer.shared.get()
        let database = "filters_\(UUID().uuidString.prefix(8).lowercased())"
        try postgres.psql("CREATE DATABASE \(database)")
        try postgres.psql(FilterTable.schema, database: database)
        let url = "postgres://postgres@127.0.0.1:\(postgres.port)/\(database)"
        try await withApp(redis: nil, postgres: url, table: FilterTable()) { port in
            let expectations: [(query: String, ids: [Int])] = [
                ("", [1, 2, 3]), ("ids=3&ids=1", [1, 3]), ("ids=9", []),
                ("ref=6F1F2C50-8A0E-4F0E-9C3F-0123456789AB", [1]), ("mood=sad", [2]), ("price=1.1000", [1]),
                ("price=-00.50", [2]), ("price=12345678901234567890.50", [3]), ("price=-0", []),
                ("since=2024-02-03T05:05:06.7%2B01:00", [1, 2, 3]), ("since=2024-02-03T04:05:06.700001Z", [2, 3]),
                ("day=2024-02-29", [1]), ("name=a%26b", [1]), ("name=%C3%A4%E2%82%AC%F0%9F%98%80", [2]),
                ("name=", [3]), ("ok=false", [2]), ("limit=1&skip=1", [2]), ("mood=happy&ids=1&ok=true", [1]),
            ]
            for (query, ids) in expectations {
                let response = try await HTTPClient.request(.GET, "/things?\(query)", port: port)
                let rows = ids.map { #"{"id":\#($0)}"# }.joined(separator: ",")
                #expect(response.text == "[\(rows)]", "\(query)")
            }
            let unknown = try await HTTPClient.request(.GET, "/things?mood=angry", port: port)
            #expect(unknown.status == 400)
            #expect(unknown.text.contains(#""input":"mood""#))
            #expect(!unknown.text.contains("angry"), "nothing of the server's words")
        }
        try postgres.psql("DROP DATABASE \(database) WITH (FORCE)")
    }
}
