import CachedRoutes
import NIOHTTP1
import TestApp
import TestServers
import Testing

/// Routes over one table, near or not, as a manifest would give them.
private struct NearTable: RouteSet {
    let routes: [RouteDefinition]

    init() {
        let id = RouteInput(.path, "id", .int)
        func signature(_ method: RouteSignature.Method, _ path: PathTemplate, _ inputs: [RouteInput]) -> RouteSignature
        {
            RouteSignature(namespace: "near", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
        }
        func read(_ name: String, _ path: PathTemplate, _ near: CachePolicy.Near) -> RouteDefinition {
            RouteDefinition(
                RouteDeclaration(
                    name,
                    signature(.get, path, [id]),
                    .read(CachePolicy(ttl: .seconds(600), tags: ["item:{id}"], near: near)),
                    returns: .one
                ),
                .sql("SELECT id, version FROM nt_items WHERE id = $1", binding: ["id"])
            )
        }
        routes = [
            read("near", "/near/{id}", .life),
            read("far", "/far/{id}", .off),
            RouteDefinition(
                RouteDeclaration(
                    "write",
                    signature(.put, "/items/{id}", [id]),
                    .write(WritePolicy(invalidates: ["item:{id}"])),
                    returns: .one
                ),
                .sql("UPDATE nt_items SET version = version + 1 WHERE id = $1 RETURNING version", binding: ["id"])
            ),
        ]
    }
}

@Suite("The near cache of a service", .serialized)
struct NearTests {
    private func get(_ path: String, _ port: Int) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, path, port: port)
    }

    private func write(_ id: Int, _ port: Int) async throws -> String {
        try await HTTPClient.request(.PUT, "/items/\(id)", port: port).text
    }

    /// How often entries and tokens were asked for in Redis.
    private func reads(_ redis: RedisServer) async throws -> Int {
        let stats = try await blocking { try redis.cli(["INFO", "commandstats"]) }
        let line = stats.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_mget:calls=") } ?? ""
        return Int(line.dropFirst("cmdstat_mget:calls=".count).prefix { $0 != "," }) ?? 0
    }

    /// Asks until the answer comes from this process's own memory.
    private func near(_ path: String, _ port: Int, _ redis: RedisServer) async throws {
        try await poll("\(path) is near") {
            let before = try await reads(redis)
            let isHit = try await get(path, port).cacheStatus?.contains("hit") ?? false
            return try await reads(redis) == before && isHit
        }
    }

    private func withApps(_ body: (RedisServer, Int, Int) async throws -> Void) async throws {
        let postgres = try PostgresServer.shared.get()
        let redis = try await blocking {
            try postgres.psql(
                "DROP TABLE IF EXISTS nt_items; CREATE TABLE nt_items (id int PRIMARY KEY, version int NOT NULL); INSERT INTO nt_items SELECT i, 1 FROM generate_series(1, 9) i"
            )
            return try RedisServer()
        }
        defer { redis.stop() }
        try await withApp(redis: redis.url, postgres: postgres.url, table: NearTable()) { one async throws in
            try await withApp(redis: redis.url, postgres: postgres.url, table: NearTable()) { two async throws in
                try await body(redis, one, two)
            }
        }
    }

    @Test("answers hits without asking Redis, and forgets what is purged: here at once, elsewhere when it is told")
    func purges() async throws {
        try await withApps { redis, one, two async throws in
            for port in [one, two] { try await near("/near/1", port, redis) }
            let before = try await reads(redis)
            for _ in 0..<50 {
                let hit = try await get("/near/1", one)
                #expect(hit.cacheStatus?.contains("hit") == true)
                #expect(hit.text == #"{"id":1,"version":1}"#)
            }
            #expect(try await reads(redis) == before)
            for _ in 0..<3 { _ = try await get("/far/1", one) }
            #expect(try await reads(redis) > before)
            for round in 2..<12 {
                let version = try await write(1, one)
                #expect(version.contains("\(round)"))
                #expect(try await get("/near/1", one).text.contains("\"version\":\(round)"), "round \(round)")
                try await poll("the other process") {
                    try await get("/near/1", two).text.contains("\"version\":\(round)")
                }
                for port in [one, two] { try await near("/near/1", port, redis) }
            }
        }
    }

    @Test("is not believed while Redis hangs, and is empty when a connection is lost")
    func faults() async throws {
        try await withApps { redis, one, two async throws in
            try await near("/near/1", one, redis)
            try await near("/near/2", one, redis)
            try await blocking { redis.pause() }
            try await poll("nothing is believed") {
                try await get("/near/1", one).cacheStatus?.contains("store-away") == true
            }
            try await blocking { redis.resume() }
            try await near("/near/1", one, redis)
            for kind in ["normal", "pubsub"] {
                _ = try await blocking { try redis.cli(["CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"]) }
                // Nobody says so: the connections are gone.
                let version = try await write(1, two)
                try await poll("the new version after the loss of \(kind)") {
                    try await get("/near/1", one).text.contains("\"version\":\(version.filter(\.isNumber))}")
                }
                try await near("/near/1", one, redis)
            }
        }
    }
}
