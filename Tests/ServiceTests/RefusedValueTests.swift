import CachedRoutes
import Foundation
import NIOHTTP1
import RouteModel
import TestApp
import TestServers
import Testing

/// Statements that refuse some of the values that their inputs can have, and statements that refuse all of them.
private struct RefusingTable: RouteSet {
    static let schema = """
        CREATE TYPE mood AS ENUM ('happy', 'sad');
        CREATE DOMAIN positive AS int CHECK (VALUE > 0);
        CREATE FUNCTION is_short(text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS
            $$ BEGIN IF length($1) > 3 THEN RAISE EXCEPTION 'long' USING ERRCODE = 'XX001'; END IF; RETURN true; END $$;
        CREATE DOMAIN short AS text CHECK (is_short(VALUE));
        CREATE TABLE things (id int, mood mood, days daterange, name text, code uuid, ti time DEFAULT '05:00', n positive,
            moods mood[] DEFAULT '{sad}', bounds daterange[]);
        INSERT INTO things VALUES (1, 'sad', '[2024-02-01,2024-03-01)', 'a b', NULL);
        """

    let routes: [RouteDefinition]

    init() {
        func read(_ name: String, _ sql: String, _ inputs: RouteInput...) -> RouteDefinition {
            RouteDefinition(
                RouteDeclaration(
                    name,
                    RouteSignature(
                        namespace: "refusing",
                        fingerprint: "0badcafe",
                        method: .get,
                        path: PathTemplate("/\(name)"),
                        inputs: inputs
                    ),
                    .read(CachePolicy()),
                    returns: .many,
                    location: "Sources/App/routes.yaml:7"
                ),
                .sql(sql, binding: inputs.map(\.name))
            )
        }
        func write(_ name: String, _ sql: String, _ type: InputType) -> RouteDefinition {
            RouteDefinition(
                RouteDeclaration(
                    name,
                    RouteSignature(
                        namespace: "refusing",
                        fingerprint: "0badcafe",
                        method: .post,
                        path: PathTemplate("/\(name)"),
                        inputs: [RouteInput(.body, "x", type)]
                    ),
                    .write(WritePolicy()),
                    returns: .one
                ),
                .sql(sql, binding: ["x"])
            )
        }
        routes = [
            read("mood", "SELECT id FROM things WHERE mood = $1", RouteInput(.query, "mood", .string)),
            read(
                "either",
                "SELECT id FROM things WHERE $1 IS NULL OR mood = $1",
                RouteInput(.query, "mood", .string, optional: true)
            ),
            read(
                "code",
                "SELECT id FROM things WHERE id = $1 AND code = $2",
                RouteInput(.query, "id", .int),
                RouteInput(.query, "code", .string)
            ),
            read("range", "SELECT id FROM things WHERE days = $1", RouteInput(.query, "day", .date)),
            read("within", "SELECT id FROM things WHERE days @> $1", RouteInput(.query, "day", .date)),
            read("divide", "SELECT 10 / $1 AS v", RouteInput(.query, "n", .int)),
            read(
                "search",
                "SELECT id FROM things WHERE to_tsvector('simple', name) @@ to_tsquery('simple', $1)",
                RouteInput(.query, "q", .string)
            ),
            read("pattern", "SELECT id FROM things WHERE name ~ $1", RouteInput(.query, "q", .string)),
            read("missing", "SELECT id FROM things WHERE colour = $1", RouteInput(.query, "q", .string)),
            read("literal", "SELECT id FROM things WHERE id = 'one' AND name = $1", RouteInput(.query, "q", .string)),
            read(
                "header",
                "SELECT id FROM things WHERE mood = $1",
                RouteInput(.header, "mood", .string, from: "X-Mood", optional: true)
            ),
            read("config", "SELECT to_tsvector($1, name) AS v FROM things", RouteInput(.query, "q", .string)),
            read(
                "configuration",
                "SELECT id FROM things WHERE $1::regconfig IS NOT NULL",
                RouteInput(.query, "q", .string)
            ),
            read("class", "SELECT $1::regclass::text AS v", RouteInput(.query, "q", .string)),
            read("type", "SELECT $1::regtype::text AS v", RouteInput(.query, "q", .string)),
            read("procedure", "SELECT $1::regproc::text AS v", RouteInput(.query, "q", .string)),
            read("namespace", "SELECT $1::regnamespace::text AS v", RouteInput(.query, "q", .string)),
            read("short", "SELECT $1::short AS v", RouteInput(.query, "q", .string)),
            read("time", "SELECT id FROM things WHERE ti < $1", RouteInput(.query, "x", .timestamp)),
            read("moods", "SELECT id FROM things WHERE moods @> $1", RouteInput(.query, "x", .int)),
            read("flags", "SELECT id FROM things WHERE moods @> $1", RouteInput(.query, "x", .bool)),
            read("codes", "SELECT id FROM things WHERE moods @> $1", RouteInput(.query, "x", .uuid)),
            read("listed", "SELECT id FROM things WHERE moods @> $1", RouteInput(.query, "x", .list(.string))),
            write("codeAsNumber", "INSERT INTO things (n) VALUES ($1) RETURNING n", .uuid),
            write("dayAsNumber", "INSERT INTO things (n) VALUES ($1) RETURNING n", .date),
            write("timeAsNumber", "INSERT INTO things (n) VALUES ($1) RETURNING n", .timestamp),
            write("listAsNumber", "INSERT INTO things (n) VALUES ($1) RETURNING n", .list(.int)),
            write("textAsNumber", "INSERT INTO things (n) VALUES ($1) RETURNING n", .string),
            write("number", "INSERT INTO things (n) VALUES ($1) RETURNING n", .int),
            write("flagAsMood", "INSERT INTO things (mood) VALUES ($1) RETURNING mood", .bool),
            RouteDefinition(
                RouteDeclaration(
                    "add",
                    RouteSignature(
                        namespace: "refusing",
                        fingerprint: "0badcafe",
                        method: .post,
                        path: "/things",
                        inputs: [RouteInput(.body, "id", .int), RouteInput(.body, "mood", .string, optional: true)]
                    ),
                    .write(WritePolicy()),
                    returns: .one
                ),
                .sql("INSERT INTO things (id, mood) VALUES ($1, $2) RETURNING id", binding: ["id", "mood"])
            ),
        ]
    }
}

@Suite("Values that the database refuses", .serialized)
struct RefusedValueTests {
    private func withThings(_ statements: String, _ log: LogRecorder, _ body: (Int) async throws -> Void) async throws {
        let postgres = try PostgresServer.shared.get()
        let database = "refusing_\(UUID().uuidString.prefix(8).lowercased())"
        try postgres.psql("CREATE DATABASE \(database)")
        try postgres.psql(RefusingTable.schema, database: database)
        try await withApp(
            redis: nil,
            postgres: "postgres://postgres@127.0.0.1:\(postgres.port)/\(database)",
            table: RefusingTable(),
            environment: ["DATABASE_STATEMENTS": statements],
            logger: log.logger,
            body
        )
        try postgres.psql("DROP DATABASE \(database) WITH (FORCE)")
    }

    @Test(
        "are the client's fault where some value would do, and the statement's where none would",
        arguments: ["named", "unnamed"]
    )
    func faults(statements: String) async throws {
        try await withThings(statements, LogRecorder()) { port async throws in
            // The target, the status, and the input that the problem names.
            let expectations: [(target: String, status: Int, input: String?)] = [
                ("/mood?mood=sad", 200, nil), ("/mood?mood=angry", 400, "mood"), ("/mood?mood=sad", 200, nil),
                ("/either", 200, nil), ("/either?mood=happy", 200, nil), ("/either?mood=angry", 400, "mood"),
                ("/code?id=1&code=x", 400, "code"), ("/code?id=8589934592&code=\(UUID())", 200, nil),
                ("/range?day=2024-02-03", 500, nil), ("/within?day=2024-02-03", 200, nil),
                ("/divide?n=5", 200, nil), ("/divide?n=0", 400, nil), ("/divide?n=0", 400, nil),
                ("/divide?n=2", 200, nil),
                ("/search?q=a%26b", 200, nil), ("/search?q=a%20b", 400, nil), ("/search?q=a%20b", 400, nil),
                ("/search?q=a", 200, nil), ("/pattern?q=a", 200, nil), ("/pattern?q=(", 400, nil),
                ("/missing?q=a", 500, nil), ("/literal?q=a", 500, nil),
                // What can't be read is a value's fault, whatever the server calls it.
                ("/config?q=english", 200, nil), ("/config?q=klingon", 400, "q"), ("/config?q=klingon", 400, "q"),
                ("/config?q=simple", 200, nil), ("/configuration?q=klingon", 400, "q"),
                ("/configuration?q=a.b.c.d", 400, "q"), ("/class?q=things", 200, nil), ("/class?q=nope", 400, "q"),
                ("/class?q=no.pe", 400, "q"), ("/type?q=int", 200, nil), ("/type?q=no%20type", 400, "q"),
                ("/type?q=(", 400, "q"), ("/procedure?q=now", 200, nil), ("/procedure?q=nope", 400, "q"),
                ("/procedure?q=abs", 400, "q"), ("/namespace?q=public", 200, nil), ("/namespace?q=nope", 400, "q"),
                ("/short?q=abc", 200, nil), ("/short?q=abcd", 400, "q"), ("/short?q=abcd", 400, "q"),
                ("/time?x=2024-02-29T12:30:00Z", 500, nil), ("/moods?x=5", 500, nil), ("/flags?x=true", 500, nil),
                ("/codes?x=\(UUID())", 500, nil), ("/listed?x=sad", 200, nil), ("/listed?x=angry", 400, "x"),
            ]
            for (target, status, input) in expectations {
                let response = try await HTTPClient.request(.GET, target, port: port)
                #expect(response.status == status, "\(target): \(response.text)")
                #expect(response.text.contains(#""input":"#) == (input != nil), "\(target): \(response.text)")
                if let input { #expect(response.text.contains(#""input":"\#(input)""#), "\(target): \(response.text)") }
                #expect(!response.text.contains("angry"), "nothing of the server's words")
            }
            let written: [(target: String, value: String, status: Int)] = [
                ("/codeAsNumber", "\"\(UUID())\"", 500), ("/dayAsNumber", "\"2024-02-29\"", 500),
                ("/timeAsNumber", "\"2024-02-29T12:30:00Z\"", 500), ("/listAsNumber", "[1]", 500),
                ("/textAsNumber", "\"7\"", 200), ("/textAsNumber", "\"x\"", 400), ("/number", "7", 200),
                ("/number", "-7", 400), ("/flagAsMood", "true", 400),
            ]
            for (target, value, status) in written {
                let response = try await HTTPClient.send(.POST, target, #"{"x":\#(value)}"#, port: port)
                #expect(response.status == status, "\(target) \(value): \(response.text)")
            }
            let header = try await HTTPClient.request(.GET, "/header", port: port, fields: [("X-Mood", "angry")])
            #expect(header.status == 500, "a header never causes a 400")
            let added = try await HTTPClient.send(.POST, "/things", #"{"id":2,"mood":"sad"}"#, port: port)
            #expect(added.status == 200 && added.text == #"{"id":2}"#)
            let wide = try await HTTPClient.send(.POST, "/things", #"{"id":8589934592}"#, port: port)
            #expect(wide.status == 400 && !wide.text.contains(#""input""#), "\(wide.text)")
            let mood = try await HTTPClient.send(.POST, "/things", #"{"id":3,"mood":"angry"}"#, port: port)
            #expect(mood.status == 400 && mood.text.contains(#""input":"mood""#), "\(mood.text)")
        }
    }

    @Test("are logged once in a while, and statements that can't be prepared with their place in the manifest")
    func log() async throws {
        let log = LogRecorder()
        try await withThings("named", log) { port async throws in
            for _ in 0..<5 { _ = try await HTTPClient.request(.GET, "/divide?n=0", port: port) }
            for _ in 0..<5 { _ = try await HTTPClient.request(.GET, "/config?q=klingon", port: port) }
            for _ in 0..<2 { _ = try await HTTPClient.request(.GET, "/missing?q=a", port: port) }
            _ = try await HTTPClient.request(.GET, "/range?day=2024-02-03", port: port)
            for _ in 0..<3 {
                _ = try await HTTPClient.request(.GET, "/header", port: port, fields: [("X-Mood", "angry")])
                _ = try await HTTPClient.send(.POST, "/things", #"{"id":3,"mood":"angry"}"#, port: port)
            }
        }
        let refused = log.lines.filter { $0.hasPrefix("warning The database refused a value") }
        #expect(refused.count == 1, "\(refused)")
        let failed = log.lines.filter { $0.hasPrefix("error ") }
        #expect(failed.count == 3, "\(failed)")
        #expect(log.lines.count { $0.hasPrefix("info The database refused a value") } == 2)
        for line in failed { #expect(line.contains("manifest=Sources/App/routes.yaml:7"), "\(line)") }
        #expect(failed.first?.contains("route=missing") ?? false)
    }
}
