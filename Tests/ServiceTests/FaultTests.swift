import Foundation
import NIOCore
import NIOHTTP1
import TestApp
import TestServers
import Testing

/// What a request may answer while something is away: the right body, or a problem that says so.
private func isTruthful(_ response: HTTPClient.Response, limit: Int, skip: Int) -> Bool {
    switch response.status {
    case 200:
        let rows = (1...limit).map { #"{"id":\#(skip + $0),"name":"user\#(skip + $0)"}"# }
        return response.text == "[" + rows.joined(separator: ",") + "]"
    case 503: return response["Retry-After"] != nil && response["Content-Type"] == "application/problem+json"
    case 504: return response["Content-Type"] == "application/problem+json"
    default: return false
    }
}

@Suite("With a server away", .serialized)
struct FaultTests {
    private func get(_ skip: Int, _ port: Int) async throws -> HTTPClient.Response {
        let response = try await HTTPClient.request(.GET, "/api/v1/users?limit=3&skip=\(skip)", port: port)
        #expect(isTruthful(response, limit: 3, skip: skip), "\(response.status) \(response.text)")
        return response
    }

    @Test("Redis killed: answers come from PostgreSQL, and hits come back without a restart")
    func redisKilled() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withApp(redis: redis.url, postgres: try PostgresServer.shared.get().url) { port in
            try await poll("a hit") { try await get(1, port).cacheStatus?.contains("hit") == true }
            redis.kill()
            for skip in 0..<20 {
                let response = try await get(skip, port)
                #expect(response.status == 200)
                #expect(response.cacheStatus == "CachedRoutes; fwd=miss; detail=store-away")
            }
            try redis.restart()
            try await poll("a hit after the restart") { try await get(1, port).cacheStatus?.contains("hit") == true }
        }
    }

    @Test("Redis paused: answers come from PostgreSQL, and hits come back when it goes on")
    func redisPaused() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withApp(
            redis: redis.url,
            postgres: try PostgresServer.shared.get().url,
            environment: ["REDIS_COMMAND_TIMEOUT": "100ms"]
        ) { port in
            try await poll("a hit") { try await get(1, port).cacheStatus?.contains("hit") == true }
            redis.pause()
            for skip in 0..<20 {
                let response = try await get(skip, port)
                #expect(response.status == 200)
                #expect(response.cacheStatus == "CachedRoutes; fwd=miss; detail=store-away")
            }
            redis.resume()
            try await poll("a hit after the pause") { try await get(1, port).cacheStatus?.contains("hit") == true }
        }
    }

    @Test("Redis out of memory: answers come from PostgreSQL, what is stored is still served")
    func redisOutOfMemory() async throws {
        let redis = try RedisServer(arguments: ["--maxmemory-policy", "noeviction"])
        defer { redis.stop() }
        try await withApp(redis: redis.url, postgres: try PostgresServer.shared.get().url) { port in
            try await poll("a hit") { try await get(1, port).cacheStatus?.contains("hit") == true }
            #expect(try redis.cli("CONFIG", "SET", "maxmemory", "1") == "OK")
            for skip in 2..<12 { #expect(try await get(skip, port).status == 200) }
            #expect(try redis.cli("DBSIZE") == "2", "the answer and its token")
            #expect(try await get(1, port).cacheStatus?.contains("hit") == true)
            #expect(try redis.cli("CONFIG", "SET", "maxmemory", "0") == "OK")
            try await poll("storing again") { try await get(2, port).cacheStatus?.contains("hit") == true }
        }
    }

    @Test("garbage under an entry's key: a miss that replaces it")
    func garbage() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withApp(redis: redis.url, postgres: try PostgresServer.shared.get().url) { port in
            let key = "test:0badcafe:get:/api/v1/users:limit=3&skip=5"
            let cut = "return redis.call('SET', KEYS[1], string.sub(redis.call('GET', KEYS[1]), 1, -2))"
            for garbage in [
                ["SET", key, "garbage"], ["SET", key, "CR2"], ["LPUSH", key, "x"], ["EVAL", cut, "1", key],
            ] {
                try await poll("a hit before \(garbage)") {
                    try await get(5, port).cacheStatus?.contains("hit") == true
                }
                // Another type is no answer to MGET: as if there was nothing.
                let isOtherType = garbage[0] == "LPUSH"
                if isOtherType { _ = try redis.cli("DEL", key) }
                _ = try redis.cli(garbage)
                let response = try await get(5, port)
                #expect(response.status == 200)
                let reason = isOtherType ? "fwd=uri-miss; stored" : "fwd=miss; stored; detail=unreadable"
                #expect(response.cacheStatus == "CachedRoutes; \(reason)", "\(garbage)")
            }
            try await poll("a hit at the end") { try await get(5, port).cacheStatus?.contains("hit") == true }
        }
    }

    @Test("PostgreSQL killed: misses are 503, hits are served, and misses are answered again without a restart")
    func postgresKilled() async throws {
        let redis = try RedisServer()
        let postgres = try PostgresServer()
        defer {
            redis.stop()
            postgres.stop()
        }
        try await withApp(redis: redis.url, postgres: postgres.url) { port in
            try await poll("a hit") { try await get(1, port).cacheStatus?.contains("hit") == true }
            postgres.kill()
            for skip in 2..<12 { #expect(try await get(skip, port).status == 503) }
            #expect(try await get(1, port).cacheStatus?.contains("hit") == true)
            #expect(try await HTTPClient.request(.GET, "/ready", port: port).status == 503)
            #expect(try await HTTPClient.request(.GET, "/health", port: port).status == 200)
            try postgres.restart()
            try await poll("an answer after the restart") { try await get(2, port).status == 200 }
        }
    }

    @Test("PostgreSQL paused: a miss ends at its route's deadline, hits are served, and it recovers")
    func postgresPaused() async throws {
        let redis = try RedisServer()
        let postgres = try PostgresServer()
        defer {
            redis.stop()
            postgres.stop()
        }
        try await withApp(redis: redis.url, postgres: postgres.url, table: TestTable(timeout: .seconds(1))) {
            port in
            try await poll("a hit") { try await get(1, port).cacheStatus?.contains("hit") == true }
            postgres.pause()
            for skip in 2..<5 { #expect([503, 504].contains(try await get(skip, port).status)) }
            #expect(try await get(1, port).cacheStatus?.contains("hit") == true)
            postgres.resume()
            try await poll("an answer after the pause") { try await get(2, port).status == 200 }
        }
    }

    @Test("a statement over its deadline is 504 and is cancelled on the server")
    func slowStatement() async throws {
        let postgres = try PostgresServer()
        defer { postgres.stop() }
        try await withApp(redis: nil, postgres: postgres.url, table: TestTable(timeout: .milliseconds(300))) { port in
            let response = try await HTTPClient.request(.GET, "/api/v1/slow?seconds=60", port: port)
            #expect(response.status == 504)
            try await poll("the end of the statement") {
                let running = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE query LIKE '%pg_sleep($1)%' AND state = 'active' AND pid <> pg_backend_pid()
                    """
                return try postgres.psql(running).trimmingCharacters(in: .whitespacesAndNewlines) == "0"
            }
            #expect(try await get(1, port).status == 200)
        }
    }

    @Test("started without Redis: answers come from PostgreSQL until Redis is there")
    func startedWithoutRedis() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        redis.kill()
        try await withApp(redis: redis.url, postgres: try PostgresServer.shared.get().url) { port in
            for skip in 0..<5 { #expect(try await get(skip, port).status == 200) }
            try redis.restart()
            try await poll("a hit") { try await get(1, port).cacheStatus?.contains("hit") == true }
        }
    }

    @Test("started without PostgreSQL: misses are 503 until PostgreSQL is there")
    func startedWithoutPostgres() async throws {
        let postgres = try PostgresServer(isStarted: false)
        defer { postgres.stop() }
        try await withApp(redis: nil, postgres: postgres.url) { port in
            for skip in 0..<5 { #expect(try await get(skip, port).status == 503) }
            try postgres.start()
            try await poll("an answer") { try await get(1, port).status == 200 }
        }
    }

    @Test("64 concurrent cold requests make one query, with Redis and without")
    func coldStampede() async throws {
        let postgres = try PostgresServer(settings: ["shared_preload_libraries": "pg_stat_statements"])
        let redis = try RedisServer()
        defer {
            redis.stop()
            postgres.stop()
        }
        _ = try postgres.psql("CREATE EXTENSION pg_stat_statements")
        for url in [redis.url, nil] {
            _ = try postgres.psql("SELECT pg_stat_statements_reset()")
            try await withApp(redis: url, postgres: postgres.url, table: TestTable(timeout: .seconds(20))) { port in
                let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<64 {
                        group.addTask {
                            try await HTTPClient.request(.GET, "/api/v1/users?limit=20000", port: port).text
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(bodies.count == 64)
                #expect(Set(bodies).count == 1)
                #expect(bodies[0].hasSuffix(#"{"id":20000,"name":"user20000"}]"#))
            }
            let calls = try postgres.psql(
                "SELECT sum(calls) FROM pg_stat_statements WHERE query LIKE '%generate_series%'"
            )
            #expect(calls.trimmingCharacters(in: .whitespacesAndNewlines) == "1")
        }
    }
}
