import CachedRoutes
import NIOHTTP1
import PostgresClient
import TestApp
import TestServers
import Testing

/// Routes over tables, as a manifest would give them.
private struct Tables: RouteSet {
    let routes: [RouteDefinition]

    init() {
        func route(_ name: String, _ path: PathTemplate, _ tables: TablePolicy?, _ sql: String) -> RouteDefinition {
            RouteDefinition(
                RouteDeclaration(
                    name,
                    RouteSignature(namespace: "tables", fingerprint: "0badcafe", method: .get, path: path, inputs: []),
                    .read(CachePolicy(ttl: .seconds(600), compress: false, tables: tables)),
                    returns: .value
                ),
                .sql(sql)
            )
        }
        let sum = "SELECT coalesce(sum(version), 0) FROM"
        routes = [
            route("items", "/items", TablePolicy(["st_items"]), "\(sum) st_items"),
            route("events", "/events", TablePolicy(["st_events"]), "\(sum) st_events"),
            route(
                "both",
                "/both",
                TablePolicy(["st_events", "st_items"]),
                "SELECT (\(sum) st_events) + (\(sum) st_items)"
            ),
            route(
                "paced",
                "/paced",
                TablePolicy(["st_items"], minimumInterval: .seconds(3600)),
                "\(sum) st_items"
            ),
            route("plain", "/plain", nil, "\(sum) st_items"),
        ]
    }

    static let schema = """
        DROP TABLE IF EXISTS st_items, st_events;
        CREATE TABLE st_items (id int PRIMARY KEY, version int NOT NULL);
        CREATE TABLE st_events (id int, version int NOT NULL) PARTITION BY LIST (id);
        CREATE TABLE st_events_1 PARTITION OF st_events FOR VALUES IN (1);
        CREATE TABLE st_events_2 PARTITION OF st_events FOR VALUES IN (2);
        INSERT INTO st_items VALUES (1, 1), (2, 1);
        INSERT INTO st_events VALUES (1, 1), (2, 1);
        """
}

@Suite("Answers made from tables", .serialized)
struct TableTests {
    private func get(_ path: String, _ port: Int) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, path, port: port)
    }

    private func stored(_ paths: [String], _ ports: [Int]) async throws {
        for path in paths {
            for port in ports {
                try await poll("\(path) is stored") { try await get(path, port).cacheStatus?.contains("hit") == true }
            }
        }
    }

    private func server() async throws -> PostgresServer {
        try await blocking {
            let server = try PostgresServer()
            try server.psql(Tables.schema)
            try server.psql(TableTriggerSQL(tables: ["st_items", "st_events"]).installSQL)
            return server
        }
    }

    @Test("are made anew in every process when psql has changed a row, and no others", arguments: [true, false])
    func changes(hasRedis: Bool) async throws {
        let server = try await server()
        let redis = hasRedis ? try await blocking { try RedisServer() } : nil
        defer {
            server.stop()
            redis?.stop()
        }
        try await withApp(redis: redis?.url, postgres: server.url, table: Tables()) { one async throws in
            try await withApp(redis: redis?.url, postgres: server.url, table: Tables()) { two async throws in
                let paths = ["/items", "/events", "/both", "/plain"]
                let changes: [(sql: String, purged: Set<String>)] = [
                    ("UPDATE st_items SET version = 2 WHERE id = 1", ["/items", "/both"]),
                    ("UPDATE st_items SET version = 2 WHERE id = 99", []),
                    ("INSERT INTO st_events_1 VALUES (1, 5)", ["/events", "/both"]),
                    ("COPY st_items FROM PROGRAM 'echo 3,3' CSV", ["/items", "/both"]),
                    ("TRUNCATE st_events_2", ["/events", "/both"]),
                    (
                        "BEGIN; DELETE FROM st_items WHERE id = 2; UPDATE st_events SET version = 9; COMMIT",
                        ["/items", "/events", "/both"]
                    ),
                ]
                for change in changes {
                    try await stored(paths, [one, two])
                    var before: [String: String] = [:]
                    for path in paths { before[path] = try await get(path, one).text }
                    _ = try await blocking { try server.psql(change.sql) }
                    for path in paths where change.purged.contains(path) {
                        for port in [one, two] {
                            try await poll("\(path) after \(change.sql)") {
                                try await get(path, port).text != before[path]
                            }
                        }
                    }
                    for path in paths where !change.purged.contains(path) {
                        // In a store that they share, the other process may be late to purge what the last change was about.
                        if hasRedis { try await stored([path], [two]) }
                        let answer = try await get(path, two)
                        #expect(answer.cacheStatus?.contains("hit") == true, "\(path) after \(change.sql)")
                        #expect(answer.text == before[path])
                    }
                }
            }
        }
    }

    @Test("are made anew no more often than their least interval")
    func paced() async throws {
        let server = try await server()
        let redis = try await blocking { try RedisServer() }
        defer {
            server.stop()
            redis.stop()
        }
        try await withApp(redis: redis.url, postgres: server.url, table: Tables()) { port async throws in
            try await stored(["/paced", "/items"], [port])
            _ = try await blocking { try server.psql("UPDATE st_items SET version = 10") }
            try await poll("the first change") { try await get("/paced", port).text == "20" }
            try await stored(["/paced", "/items"], [port])
            _ = try await blocking { try server.psql("UPDATE st_items SET version = 11") }
            // It is heard, and waits.
            try await poll("the second change") { try await get("/items", port).text == "22" }
            #expect(try await get("/paced", port).text == "20")
            let marker = "tables;table;st_items;3600000;changed"
            #expect(try await blocking { try redis.cli(["EXISTS", marker]) } == "1")
        }
    }

    @Test("are not believed while changes are not heard, and are made anew when they are again")
    func unheard() async throws {
        let server = try await server()
        let redis = try await blocking { try RedisServer() }
        defer {
            server.stop()
            redis.stop()
        }
        let listens = """
            application_name = 'cached-routes'
            AND (query = '' OR query LIKE 'LISTEN%' OR query LIKE 'WITH RECURSIVE wanted%')
            """
        try await withApp(redis: redis.url, postgres: server.url, table: Tables()) { port async throws in
            try await stored(["/items", "/plain"], [port])
            // The session goes on and says nothing, as behind a network that swallows everything.
            let pid = try await blocking { try server.psql("SELECT pid FROM pg_stat_activity WHERE \(listens)") }
            let process = try #require(Int32(pid))
            try await blocking { ProcessSignal.stop(process) }
            defer { ProcessSignal.resume(process) }
            _ = try await blocking { try server.psql("UPDATE st_items SET version = 10") }
            try await poll("answers are not believed", every: .milliseconds(50)) {
                try await get("/items", port).text == "20"
            }
            let plain = try await get("/plain", port)
            #expect(plain.text == "2", "what has no tables is as it was: \(plain.cacheStatus ?? "")")
            try await stored(["/items"], [port])
            // A lost session has missed what comes before the next one.
            _ = try await blocking {
                try server.psql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(listens); UPDATE st_items SET version = 11"
                )
            }
            try await poll("the change that was missed") { try await get("/items", port).text == "22" }
        }
    }

    @Test("are not kept behind a pooler in transaction mode, unless there is another way to listen")
    func pooler() async throws {
        let server = try await server()
        defer { server.stop() }
        let log = LogRecorder()
        let environment = ["DATABASE_STATEMENTS": "unnamed"]
        try await withApp(
            redis: nil,
            postgres: server.url,
            table: Tables(),
            environment: environment,
            logger: log.logger
        ) { port async throws in
            for _ in 0..<2 {
                #expect(try await get("/items", port).cacheStatus == "CachedRoutes; fwd=miss; detail=untrusted")
            }
            #expect(log.lines.contains { $0.contains("DATABASE_LISTEN_URL") })
        }
        try await withApp(
            redis: nil,
            postgres: server.url,
            table: Tables(),
            environment: environment.merging(["DATABASE_LISTEN_URL": server.url]) { $1 }
        ) { port async throws in try await stored(["/items"], [port]) }
    }
}
