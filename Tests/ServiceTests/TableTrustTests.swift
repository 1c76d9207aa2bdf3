import CachedRoutes
import CachedRoutesHummingbird
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import PostgresClient
import TestApp
import TestServers
import Testing

/// Routes over tables, as a manifest would give them.
private struct Shop: RouteSet {
    var routes: [RouteDefinition] = []

    init(warm: WarmPolicy? = nil) {
        func signature(_ method: RouteSignature.Method, _ path: PathTemplate, _ inputs: [RouteInput] = [])
            -> RouteSignature
        {
            RouteSignature(namespace: "shop", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
        }
        func read(_ table: String, _ tables: [String]? = nil, sql: String? = nil) -> RouteDefinition {
            RouteDefinition(
                RouteDeclaration(
                    table,
                    signature(.get, PathTemplate("/\(table)")),
                    .read(
                        CachePolicy(
                            ttl: .seconds(600),
                            compress: false,
                            warm: table == "parts" || table == "plain" ? warm : nil,
                            tables: TablePolicy(tables ?? ["tr.\(table)"])
                        )
                    ),
                    returns: .value
                ),
                .sql(sql ?? "SELECT coalesce(sum(v), 0) FROM tr.\(table)")
            )
        }
        let id = RouteInput(.path, "id", .int)
        routes = [
            read("parts"), read("plain"), read("steady"), read("boks", sql: "SELECT 1"), read("view"),
            read("odd", [#"tr."Odd ""Table""#], sql: #"SELECT sum(v) FROM tr."Odd ""Table""#),
            RouteDefinition(
                RouteDeclaration(
                    "user",
                    signature(.get, "/users/{id}", [id]),
                    .read(CachePolicy(ttl: .seconds(600), compress: false, tags: ["user:{id}"])),
                    returns: .value
                ),
                .sql("SELECT v FROM tr.users WHERE id = $1", binding: ["id"])
            ),
            RouteDefinition(
                RouteDeclaration(
                    "count",
                    signature(.post, "/steady/{id}", [id]),
                    .write(WritePolicy()),
                    returns: .value
                ),
                .sql(
                    "UPDATE tr.steady SET v = v + 1 WHERE id = $1 RETURNING (SELECT sum(v) FROM tr.steady) + 1",
                    binding: ["id"]
                )
            ),
        ]
    }

    static let tables = ["tr.parts", "tr.plain", "tr.steady", #"tr."Odd ""Table""#]
    static let schema = """
        DROP SCHEMA IF EXISTS tr CASCADE; CREATE SCHEMA tr;
        CREATE TABLE tr.plain (id int PRIMARY KEY, v int NOT NULL);
        CREATE TABLE tr.child () INHERITS (tr.plain);
        CREATE TABLE tr.parts (id int, v int NOT NULL) PARTITION BY LIST (id);
        CREATE TABLE tr.one PARTITION OF tr.parts FOR VALUES IN (1);
        CREATE TABLE tr.two PARTITION OF tr.parts FOR VALUES IN (2);
        CREATE TABLE tr.loose (id int, v int NOT NULL);
        CREATE TABLE tr.steady (id int, v int NOT NULL); CREATE TABLE tr.books (); CREATE VIEW tr.view AS SELECT 1 AS v;
        CREATE TABLE tr."Odd ""Table" (v int);
        CREATE TABLE tr.users (id int, v text);
        INSERT INTO tr.plain VALUES (1, 1), (2, 1); INSERT INTO tr.child VALUES (3, 1);
        INSERT INTO tr.parts VALUES (1, 1), (2, 1); INSERT INTO tr.loose VALUES (3, 5);
        INSERT INTO tr.steady VALUES (1, 1); INSERT INTO tr."Odd ""Table" VALUES (1);
        INSERT INTO tr.users VALUES (1, 'a'), (2, 'b');
        """
}

@Suite("Tables are believed where their triggers are", .serialized)
struct TableTrustTests {
    private let log = LogRecorder()

    private func withShop(
        _ table: Shop = Shop(),
        hasTriggers: Bool = true,
        listens: Bool = false,
        routes: (RouteDefinition) -> Bool = { _ in true },
        _ body: (Int, PostgresServer) async throws -> Void
    ) async throws {
        let server = try await blocking {
            let server = try PostgresServer()
            try server.psql(Shop.schema)
            if hasTriggers { try server.psql(TableTriggerSQL(tables: Shop.tables).installSQL) }
            return server
        }
        defer { server.stop() }
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        var configuration = CachedRoutesConfiguration()
        configuration.redisCommandTimeout = .seconds(1)
        configuration.databaseURL = server.url
        if listens { configuration.databaseListenURL = server.url }
        configuration.redisURL = redis.url
        let service = try CachedRoutesService(
            configuration: configuration,
            logger: log.logger,
            inspectionInterval: .milliseconds(50)
        ) { $0 }
        var table = table
        table.routes = table.routes.filter(routes)
        let router = Router()
        router.addRoutes(table, on: service)
        router.addHealth(of: service)
        try await withServer(router, service) { port async throws in try await body(port, server) }
    }

    private func get(_ path: String, _ port: Int) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, path, port: port)
    }

    private func isHit(_ path: String, _ port: Int) async throws -> Bool {
        try await get(path, port).cacheStatus?.contains("hit") == true
    }

    private func isUntrusted(_ path: String, _ port: Int) async throws -> Bool {
        try await get(path, port).cacheStatus == "CachedRoutes; fwd=miss; detail=untrusted"
    }

    private func lines(_ level: String, _ words: String) -> [String] {
        log.lines.filter { $0.hasPrefix("\(level) ") && $0.contains(words) }
    }

    @Test("and are made anew for each request until then, which is said once and in /ready")
    func untrusted() async throws {
        try await withShop(hasTriggers: false) { port, server async throws in
            try await poll("the warnings") { lines("warning", "are not stored").count == 6 }
            let ready = try await get("/ready", port)
            #expect(ready.status == 200)
            #expect(
                ready.text
                    == #"{"status":"degraded","untrustedTables":["tr.\"Odd \"\"Table\"","tr.boks","tr.parts","tr.plain","tr.steady","tr.view"]}"#
            )
            for path in ["/plain", "/parts", "/odd", "/boks", "/view"] {
                for _ in 0..<3 { #expect(try await isUntrusted(path, port), "\(path)") }
            }
            #expect(lines("warning", "'tr.plain' are not stored: it has no triggers").count == 1)
            #expect(lines("warning", "run=cached-routes triggers | psql, as the owner of the tables").count == 4)
            #expect(
                lines("warning", "'tr.boks' are not stored: there is no such table; did you mean 'tr.books'?").count
                    == 1
            )
            #expect(lines("warning", "'tr.view' are not stored: it is a view").count == 1)
            // Only the one: its answers are kept from then on, and the others' are not.
            _ = try await blocking { try server.psql(TableTriggerSQL(tables: ["tr.plain"]).installSQL) }
            try await poll("a hit") { try await isHit("/plain", port) }
            #expect(try await isUntrusted("/parts", port))
            #expect(lines("notice", "'tr.plain' are stored again").count == 1)
            _ = try await blocking { try server.psql("UPDATE tr.plain SET v = 10 WHERE id = 1") }
            try await poll("the change") { try await get("/plain", port).text == "12" }
            _ = try await blocking { try server.psql(TableTriggerSQL(tables: Shop.tables).installSQL) }
            for path in ["/plain", "/parts", "/odd"] { try await poll("a hit") { try await isHit(path, port) } }
            _ = try await blocking { try server.psql(#"INSERT INTO tr."Odd ""Table" VALUES (6)"#) }
            try await poll("the change") { try await get("/odd", port).text == "7" }
            #expect(lines("warning", "are not stored").count == 6)
            try await poll("ready") {
                try await get("/ready", port).text == #"{"status":"degraded","untrustedTables":["tr.boks","tr.view"]}"#
            }
        }
    }

    @Test("and changes of their shape are seen, after which the answers are right and kept again")
    func shapes() async throws {
        try await withShop { port, server async throws in
            let changes: [(path: String, sql: String, text: String, isTrusted: Bool)] = [
                ("/parts", "ALTER TABLE tr.parts DETACH PARTITION tr.two", "1", true),
                ("/parts", "ALTER TABLE tr.parts ATTACH PARTITION tr.two FOR VALUES IN (2)", "2", true),
                ("/parts", "ALTER TABLE tr.parts ATTACH PARTITION tr.loose FOR VALUES IN (3)", "7", false),
                ("/parts", "DROP TABLE tr.loose", "2", true),
                ("/parts", "CREATE TABLE tr.four PARTITION OF tr.parts FOR VALUES IN (4)", "2", false),
                ("/parts", "INSERT INTO tr.four VALUES (4, 1)", "3", true), ("/parts", "TRUNCATE tr.four", "2", true),
                ("/parts", "SET session_replication_role = replica; TRUNCATE tr.one", "1", true),
                (
                    "/plain", "CREATE TABLE tr.other () INHERITS (tr.plain); INSERT INTO tr.other VALUES (8, 1)", "4",
                    false
                ),
                ("/plain", "DROP TABLE tr.other", "3", true),
                ("/plain", "ALTER TABLE tr.plain ALTER COLUMN v TYPE bigint USING v + 1", "6", true),
                (
                    "/plain",
                    "ALTER TABLE tr.plain RENAME COLUMN v TO w; ALTER TABLE tr.plain ADD COLUMN v int DEFAULT 5", "15",
                    true
                ),
                (
                    "/plain", "ALTER TABLE tr.plain DISABLE TRIGGER cached_routes_update; UPDATE tr.plain SET v = 6",
                    "18", false
                ),
                (
                    "/plain",
                    "ALTER TABLE tr.plain DISABLE TRIGGER ALL; UPDATE tr.plain SET v = 7; ALTER TABLE tr.plain ENABLE TRIGGER ALL",
                    "21", true
                ),
                ("/plain", "DROP TRIGGER cached_routes_delete ON tr.child; DELETE FROM tr.child", "14", false),
                (
                    "/plain",
                    "ALTER TABLE tr.plain RENAME TO old; CREATE TABLE tr.plain (v int); INSERT INTO tr.plain VALUES (9)",
                    "9", false
                ),
                (
                    "/plain",
                    """
                    CREATE OR REPLACE FUNCTION tr.cached_routes_notify() RETURNS trigger LANGUAGE plpgsql
                    AS 'BEGIN RETURN NULL; END'; UPDATE tr.plain SET v = 10
                    """, "10", false
                ),
            ]
            for change in changes {
                try await poll("hits before \(change.sql)") {
                    let isStored = try await isHit(change.path, port)
                    let isSteady = try await isHit("/steady", port)
                    return isStored && isSteady
                }
                _ = try await blocking { try server.psql(change.sql) }
                try await poll("\(change.text) after \(change.sql)") {
                    try await get(change.path, port).text == change.text
                }
                if change.isTrusted {
                    try await poll("a hit after \(change.sql)") { try await isHit(change.path, port) }
                } else {
                    try await poll("no trust after \(change.sql)") { try await isUntrusted(change.path, port) }
                    if !change.sql.contains("FUNCTION") { #expect(try await isHit("/steady", port), "\(change.sql)") }
                    _ = try await blocking { try server.psql(TableTriggerSQL(tables: Shop.tables).installSQL) }
                }
            }
        }
    }

    @Test("and SQL purges tags and routes, in a service that listens")
    func purgeNotices() async throws {
        try await withShop(listens: true, routes: { $0.name == "user" }) { port, server async throws in
            func text(_ id: Int) async throws -> String { try await get("/users/\(id)", port).text }
            func stored() async throws {
                for id in 1...2 { try await poll("a hit") { try await isHit("/users/\(id)", port) } }
            }
            try await stored()
            _ = try await blocking { try server.psql("UPDATE tr.users SET v = 'c'") }
            for payload in [
                #"{"tags":["user:1"]}"#, #"{"namespace":"shop","tags":[{"tag":"user:{id}","with":{"id":2}}]}"#,
            ] {
                #expect(try await isHit("/users/2", port))
                try await poll("\(payload) is heard") {
                    _ = try await blocking { try server.psql("SELECT pg_notify('cached_routes', '\(payload)')") }
                    return try await text(payload.contains("user:1") ? 1 : 2) == #""c""#
                }
            }
            try await stored()
            // What a user may write.
            _ = try await blocking {
                try server.psql(
                    """
                    CREATE FUNCTION tr.purge_user() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        PERFORM pg_notify('cached_routes', json_build_object('tags', json_build_array('user:' || NEW.id))::text);
                        RETURN NULL;
                    END $$;
                    CREATE TRIGGER purge_user AFTER UPDATE ON tr.users FOR EACH ROW EXECUTE FUNCTION tr.purge_user();
                    UPDATE tr.users SET v = 'd' WHERE id = 1
                    """
                )
            }
            try await poll("the change") { try await text(1) == #""d""# }
            #expect(try await isHit("/users/2", port))
            try await stored()
            _ = try await blocking { try server.psql(#"NOTIFY cached_routes, '{"routes":["user"]}'"#) }
            try await poll("both") { try await !isHit("/users/2", port) }
            for _ in 0..<2 {
                _ = try await blocking { try server.psql(#"NOTIFY cached_routes, '{"tags":"user:1"}'"#) }
            }
            try await poll("a warning") {
                !lines("warning", "A notification can't be used").isEmpty
            }
            #expect(lines("warning", "A notification can't be used").count == 1)
        }
    }

    @Test("and whoever writes in this process reads its own write, though no route says what it purges")
    func ownWrites() async throws {
        try await withShop { port, _ async throws in
            try await poll("a hit") { try await isHit("/steady", port) }
            var hits = 0
            for round in 0..<500 {
                let written = try await HTTPClient.send(.POST, "/steady/1", "", port: port)
                #expect(written.status == 200 && written["Cached-Routes-Purge"] == nil)
                let read = try await get("/steady", port)
                #expect(read.text == written.text, "round \(round)")
                if try await isHit("/steady", port) { hits += 1 }
            }
            // It was kept meanwhile.
            #expect(hits > 0)
        }
    }

    @Test("and answers are warmed once they are, without a warning before that")
    func warming() async throws {
        let shop = Shop(warm: WarmPolicy(every: .seconds(60)))
        try await withShop(shop, hasTriggers: false) { port, server async throws in
            try await poll("the lines") { lines("notice", "is not warmed").count == 2 }
            _ = try await blocking { try server.psql(TableTriggerSQL(tables: ["tr.plain"]).installSQL) }
            try await poll("the answer") { lines("info", "Warmed an answer").contains { $0.contains("route=plain") } }
            #expect(try await isHit("/plain", port))
            #expect(lines("notice", "is not warmed").count == 2)
            #expect(lines("warning", "warmed").isEmpty)
        }
        let before = log.lines.count
        try await withShop(shop) { port, _ async throws in
            for path in ["/parts", "/plain"] { try await poll("a hit") { try await isHit(path, port) } }
            let since = log.lines[before...]
            try await poll("two answers") { log.lines[before...].filter { $0.contains("Warmed an answer") }.count == 2 }
            #expect(!since.contains { $0.contains("could not be warmed") || $0.contains("is not warmed") })
        }
    }
}
