import CachedRoutes
import NIOHTTP1
import TestApp
import TestServers
import Testing

/// Routes over a table that a migration makes.
private struct LaterTable: RouteSet {
    let routes: [RouteDefinition]

    init(locked: LockedColumns? = nil) {
        func signature(_ path: PathTemplate, _ inputs: [RouteInput] = [], _ method: RouteSignature.Method = .get)
            -> RouteSignature
        {
            RouteSignature(namespace: "later", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
        }
        routes = [
            RouteDefinition(
                RouteDeclaration("one", signature("/one"), .read(nil), returns: .value, location: "routes.yaml:3"),
                .sql("SELECT 1")
            ),
            RouteDefinition(
                RouteDeclaration(
                    "listLater",
                    signature("/later", [RouteInput(.query, "from", .int, default: "0")]),
                    .read(nil),
                    returns: .many,
                    location: "routes.yaml:8"
                ),
                .sql("SELECT id, total FROM check_later WHERE id >= $1 ORDER BY id", binding: ["from"], locked: locked)
            ),
            RouteDefinition(
                RouteDeclaration(
                    "addLater",
                    signature("/later/{id}", [RouteInput(.path, "id", .int)], .post),
                    .write(WritePolicy()),
                    returns: .none,
                    location: "routes.yaml:14"
                ),
                .sql("INSERT INTO check_later VALUES ($1, 0)", binding: ["id"])
            ),
        ]
    }
}

@Suite("Statements that the database can't prepare", .serialized, .timeLimit(.minutes(2)))
struct StartCheckTests {
    private let postgres: PostgresServer
    private let log = LogRecorder()

    init() throws {
        postgres = try PostgresServer.shared.get()
        try postgres.psql("DROP TABLE IF EXISTS check_later")
    }

    private func get(_ path: String, _ port: Int) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, path, port: port)
    }

    private func lines(_ words: String) -> [String] { log.lines.filter { $0.contains(words) } }

    @Test("each have a line with the place of its route, and under fail the migration makes the service ready")
    func faults() async throws {
        try await withApp(
            redis: nil,
            postgres: postgres.url,
            table: LaterTable(),
            environment: ["CACHED_ROUTES_CHECK": "fail"],
            logger: log.logger
        ) { port in
            let faulty = #"{"status":"faulty","routes":["addLater","listLater"]}"#
            try await poll("the faults") { try await get("/ready", port).text == faulty }
            #expect(try await get("/ready", port).status == 503)
            #expect(try await get("/health", port).status == 200)
            #expect(try await get("/one", port).text == "1")
            _ = try await blocking { try postgres.psql("CREATE TABLE check_later (id bigint, total numeric)") }
            // Faulty statements are prepared again every 10 s.
            try await poll("readiness", every: .milliseconds(100)) { try await get("/ready", port).status == 200 }
            #expect(try await get("/later", port).text == "[]")
        }
        let faults = lines("A statement can't be prepared")
        #expect(faults.count == 2)
        for (route, location) in [("listLater", "routes.yaml:8"), ("addLater", "routes.yaml:14")] {
            #expect(
                faults.contains {
                    $0.hasPrefix("error ") && $0.hasSuffix("manifest=\(location) route=\(route)")
                        && $0.contains(#"server(sqlState: "42P01"): relation "check_later" does not exist"#)
                }
            )
        }
        #expect(lines("A statement can be prepared again").count == 2)
    }

    @Test("A lock that the database differs from is told once, with the route's place, and changes no response")
    func lock() async throws {
        _ = try await blocking {
            try postgres.psql(
                "CREATE TABLE check_later (id bigint, total numeric); INSERT INTO check_later VALUES (1, 1.10)"
            )
        }
        let locked = LockedColumns(parameters: ["bigint"], columns: ["id": "bigint", "total": "integer"])
        try await withApp(
            redis: nil,
            postgres: postgres.url,
            table: LaterTable(locked: locked),
            environment: ["CACHED_ROUTES_CHECK": "warn", "DATABASE_LEASE_TIMEOUT": "4s"],
            logger: log.logger
        ) { port in
            try await poll("the comparison") { !lines("differs from the lock").isEmpty }
            #expect(try await get("/ready", port).text == #"{"status":"ok"}"#)
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await get("/later", port).text } }
                for try await text in group { #expect(text == #"[{"id":1,"total":1.10}]"#) }
            }
        }
        #expect(
            lines("differs from the lock") == [
                "warning The database differs from the lock of a route; responses are as the database makes them "
                    + "difference=column total is numeric, not integer manifest=routes.yaml:8 route=listLater"
            ]
        )
        #expect(lines("can't be prepared") == [])
    }

    @Test("Behind a pooler in transaction mode they are found as well")
    func pooler() async throws {
        let bouncer = try await blocking { try PgBouncer(for: postgres, poolSize: 2) }
        defer { bouncer.stop() }
        try await withApp(
            redis: nil,
            postgres: "postgres://postgres@127.0.0.1:\(bouncer.port)/postgres",
            table: LaterTable(),
            environment: ["CACHED_ROUTES_CHECK": "warn", "DATABASE_STATEMENTS": "unnamed"],
            logger: log.logger
        ) { port in
            try await poll("the faults") { lines("A statement can't be prepared").count == 2 }
            #expect(try await get("/one", port).text == "1")
            #expect(try await get("/ready", port).status == 200)
        }
    }
}
