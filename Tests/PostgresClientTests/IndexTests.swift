import CachedRoutes
import PostgresClient
import RouteModel
import TestServers
import Testing

@testable import CachedRoutesPostgres

/// The plans that declared types lead to: an index that is lost shows as a sequential scan.
@Suite struct IndexTests {
    static let table = """
        DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(7);
            IF to_regclass('indexed') IS NOT NULL THEN RETURN; END IF;
            CREATE TYPE indexed_mood AS ENUM ('happy', 'sad', 'rare');
            CREATE DOMAIN indexed_number AS int;
            CREATE TABLE indexed AS SELECT n AS id, (n % 30000)::int2 AS small, n::int8 AS big, n::numeric AS price,
                n::float8 AS ratio, n::float4 AS weight, n::indexed_number AS number, n::text AS name, n::text::char(8) AS fixed,
                '2000-01-01'::date + n AS day, '2000-01-01Z'::timestamptz + n * interval '1 hour' AS at,
                '2000-01-01'::timestamp + n * interval '1 hour' AS local, md5(n::text)::uuid AS code,
                CASE n % 1000 WHEN 0 THEN 'rare' ELSE 'sad' END::indexed_mood AS mood,
                jsonb_build_object('n', n) AS body
            FROM generate_series(1, 20000) AS n;
            CREATE INDEX ON indexed (id); CREATE INDEX ON indexed (small); CREATE INDEX ON indexed (big);
            CREATE INDEX ON indexed (price); CREATE INDEX ON indexed (ratio); CREATE INDEX ON indexed (weight);
            CREATE INDEX ON indexed (number); CREATE INDEX ON indexed (name); CREATE INDEX ON indexed (fixed);
            CREATE INDEX ON indexed (day); CREATE INDEX ON indexed (at); CREATE INDEX ON indexed (local);
            CREATE INDEX ON indexed (code); CREATE INDEX ON indexed (mood); CREATE INDEX ON indexed USING gin (body);
            ANALYZE indexed;
        END $$
        """

    static let kept: [(condition: String, type: InputType, value: String)] = [
        ("id = $1", .int, "7"), ("small = $1", .int, "7"), ("big = $1", .int, "7"), ("number = $1", .int, "7"),
        ("price = $1", .int, "7"), ("ratio = $1", .int, "7"), ("id = $1", .int32, "7"), ("big = $1", .int32, "7"),
        ("id < $1", .int, "7"), ("id BETWEEN $1 AND $1", .int, "7"),
        ("price = $1", .double, "7.5"), ("price < $1", .double, "7.5"), ("ratio = $1", .double, "7.5"),
        ("price = $1", .decimal, "7.5"), ("price < $1", .decimal, "7.5"), ("ratio < $1", .decimal, "7.5"),
        ("day = $1", .date, "2000-01-08"), ("at < $1", .date, "2000-01-02"), ("local < $1", .date, "2000-01-02"),
        ("at < $1", .timestamp, "2000-01-02T00:00:00Z"), ("local < $1", .timestamp, "2000-01-02T00:00:00Z"),
        ("day < $1", .timestamp, "2000-01-08T00:00:00Z"), ("code = $1", .uuid, "8f14e45f-ceea-467f-ab36-2b15a3b3d8f4"),
        ("code = $1", .string, "8f14e45f-ceea-467f-ab36-2b15a3b3d8f4"), ("name = $1", .string, "7"),
        ("fixed = $1", .string, "7"), ("mood = $1", .string, "rare"), ("body @> $1", .json, #"{"n":7}"#),
        ("id = ANY($1)", .list(.int), #"{"7","8"}"#), ("name = ANY($1)", .list(.string), #"{"7"}"#),
        ("mood = ANY($1)", .list(.string), #"{"rare"}"#), ("price = ANY($1)", .list(.double), #"{"7.5"}"#),
        ("small = ANY($1)", .list(.int), #"{"7","99999"}"#), ("day = ANY($1)", .list(.date), #"{"2000-01-08"}"#),
    ]

    /// What the declared type means is worth more than the index, and the manual says so.
    static let lost: [(condition: String, type: InputType, value: String)] = [
        ("id < $1", .decimal, "7.5"), ("id < $1", .double, "7.5"), ("big < $1", .decimal, "7.5"),
    ]

    @Test("Declared types keep the indexes of the columns that they are compared with")
    func indexes() async throws {
        let url = try PostgresServer.shared.get().url
        try Oracle(url).value(Self.table)
        try await withClient(url) { client async throws in
            func plan(_ condition: String, _ type: InputType, _ value: String) async throws -> String {
                let statement = PostgresStatement(
                    sql: "EXPLAIN (COSTS OFF) SELECT id FROM indexed WHERE \(condition)",
                    parameters: [ParameterTypeCandidates(type)],
                    shape: .many
                )
                return try await client.answer(statement, [value]) ?? ""
            }
            for (condition, type, value) in Self.kept {
                let plan = try await plan(condition, type, value)
                #expect(plan.contains("Index"), "\(type): \(condition): \(plan)")
            }
            for (condition, type, value) in Self.lost {
                let plan = try await plan(condition, type, value)
                #expect(plan.contains("Seq Scan"), "\(type): \(condition): \(plan)")
            }
            // `real` holds 0.1 less exactly than a double does.
            let weight = PostgresStatement(
                sql: "SELECT 0.1::real = $1 AS same",
                parameters: [ParameterTypeCandidates(.double)],
                shape: .value
            )
            #expect(try await client.answer(weight, ["0.1"]) == "false")
        }
    }
}
