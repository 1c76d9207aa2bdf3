import ArgumentParser
import CachedRoutes
import CachedRoutesRedis
import CachedRoutesTesting
import Foundation
import Fuzzing
import HTTPTypes
import NIOCore
import RouteDocuments
import RouteManifest
import RouteModel
import RouteServing
import TestApp
import TestServers
import Testing

@testable import CachedRoutesCore
@testable import cached_routes

/// The routes that are inspected.
private let manifest = """
    version: 1
    namespace: shop
    defaults: { public: true }
    routes:
      listUsers:
        get: /users
        query: { limit: { type: int, default: 20, min: 1, max: 100 } }
        sql: SELECT 1 AS a LIMIT :limit
        cache: { ttl: 60s, stale-while-revalidate: 30s, stale-if-error: 10m, tags: [ users ], jitter: 0% }
      getUser:
        get: /users/{id}
        path: { id: int }
        sql: SELECT 1 AS a WHERE :id = 1
        returns: one
        cache: { ttl: 5m, negative-ttl: 10s, tags: [ users, "user:{id}" ], compress: false, jitter: 0% }
      long:
        get: /long/{id}
        path: { id: int }
        sql: SELECT 2 AS b WHERE :id = 1
        returns: one
        cache: { ttl: 2m, tags: [ users ], jitter: 0% }
      honor:
        get: /honor
        sql: SELECT 1 AS a
        returns: one
        request-directives: honor
        cache: { ttl: 2m, jitter: 0% }
      mine: { get: /mine, sql: SELECT 1 AS a, returns: one, public: false, cache: { jitter: 0% } }
      never: { get: /never, sql: SELECT 1 AS a, returns: one, cache: off }
      addUser: { post: /users, sql: INSERT INTO users DEFAULT VALUES, returns: none, invalidates: [ users ] }

    """

/// A row; none for the id 0; one of more than a kilobyte where a column is called b.
private let rows: CannedDatabase.Answer = { statement, values in
    if statement.sql.contains(" AS b") { return #"{"b":"\#(String(repeating: "abc ", count: 500))"}"# }
    return values.count > 0 && values.text(at: 0) == "0" ? nil : #"{"a":1}"#
}

private let gzip = [("Accept-Encoding", "gzip")]

private func withService(
    _ arguments: [String] = [],
    _ body: (ServiceOnRedis) async throws -> Void
) async throws {
    let redis = try await blocking { try RedisServer(arguments: arguments) }
    defer { redis.stop() }
    try await withManifest(manifest) { file in
        try await ServiceOnRedis.run(file, on: redis, json: rows) { try await body($0) }
    }
}

@Suite("cached-routes inspect", .timeLimit(.minutes(3)))
struct InspectCommandTests {
    @Test("A stored response is a hit, and all that is said of it is true")
    func hit() async throws {
        try await withService { service in
            try await service.store("/users?limit=7")
            service.clock.advance(by: .seconds(20))
            let text = try await service.text("/users?limit=07&x=y")
            #expect(
                text.hasPrefix("GET /users?limit=07&x=y\n  route     listUsers  (\(service.file):5)\n  key       shop:")
            )
            #expect(text.contains(":get:/users:limit=7\n"))
            #expect(
                text.contains(", 20 s ago, ETag \""),
                "\(text)"
            )
            #expect(text.contains("  as gzip   nothing\n"))
            #expect(text.contains("  fresh     for 40 s, of 1m 0s\n"))
            #expect(text.contains("  versions  route listUsers  "))
            #expect(text.contains("            tag users        "))
            #expect(text.hasSuffix("  same\n  verdict   HIT\n"), "\(text)")
            #expect(try await service.get("/users?limit=7").cacheStatus == "CachedRoutes; hit; ttl=40")
        }
    }

    @Test("A stale response is given within its window, and behind it only if a new one can't be made")
    func stale() async throws {
        try await withService { service in
            try await service.store("/users")
            service.clock.advance(by: .seconds(61))
            #expect(try await service.verdict("/users") == .stale(isRevalidated: true))
            #expect(try await service.text("/users").contains("verdict   HIT, stale since 1 s; made anew meanwhile\n"))
            #expect(try await service.get("/users").cacheStatus == "CachedRoutes; hit; ttl=-1")
            try await service.settle("/users")
            service.clock.advance(by: .seconds(91))
            #expect(try await service.verdict("/users") == .tooStale)
            let text = try await service.text("/users")
            #expect(
                text.contains("verdict   MISS: stale since 31 s; given only if a new response can't be made\n"),
                "\(text)"
            )
            #expect(
                text.contains("fresh     no longer, since 31 s · stale-while-revalidate 30 s · stale-if-error 10m 0s\n")
            )
            service.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "gone")
            }
            #expect(
                try await service.get("/users").cacheStatus?.hasPrefix("CachedRoutes; hit; ttl=-31; detail=") ?? false
            )
            service.database.answer(rows)
            service.clock.advance(by: .seconds(600))
            #expect(try await service.text("/users").contains("verdict   MISS: stale since 10m 31s\n"))
            #expect(try await service.get("/users").cacheStatus == "CachedRoutes; fwd=stale; stored")
        }
    }

    @Test("A purged response is told by the tag version that was purged")
    func purged() async throws {
        try await withService { service in
            try await service.store("/users/7")
            _ = await service.service.purge(tags: [try #require(CacheTag(text: "user:7"))])
            let text = try await service.text("/users/7")
            #expect(text.contains("  versions  route getUser  "), "\(text)")
            #expect(text.contains("            tag user:7     absent now, "), "\(text)")
            #expect(text.hasSuffix("  verdict   MISS: purged after it was made: tag user:7\n"), "\(text)")
            let inspection = try #require(try await service.inspect("/users/7"))
            #expect(inspection.judgement.versions.map(\.state) == [.same, .same, .absent])
            #expect(try await service.get("/users/7").cacheStatus == "CachedRoutes; fwd=miss; stored; detail=purged")
            try await service.settle("/users/7")

            _ = await service.service.purge(tags: [try #require(CacheTag(text: "users"))])
            // The tag has another version now.
            try await service.store("/users")
            let other = try #require(try await service.inspect("/users/7"))
            #expect(other.judgement.verdict == .purged)
            #expect(other.judgement.versions.map(\.state) == [.same, .changed, .same])
            #expect(try await service.text("/users/7").hasSuffix("MISS: purged after it was made: tag users\n"))
        }
    }

    @Test("After a restart of Redis nothing from before is used, unless services are told to")
    func restarted() async throws {
        let arguments = ["--appendonly", "yes", "--appendfsync", "always"]
        try await withService(arguments) { service in
            try await service.store("/users")
            try await blocking { try service.redis.restart() }
            let inspection = try #require(try await service.inspect("/users"))
            #expect(inspection.judgement.verdict == .purged)
            #expect(inspection.judgement.versions.map(\.state) == [.otherServer, .otherServer])
            #expect(
                try await service.text("/users")
                    .hasSuffix("  verdict   MISS: made with another Redis, or before this one was restarted\n")
            )
            try await poll("Redis is back") { try await service.get("/users").cacheStatus?.contains("purged") ?? false }
            let kept = ["CACHE_AFTER_RESTART": "keep"]
            #expect(try await service.inspect("/users", environment: kept)?.judgement.verdict == .purged)
        }
        let redis = try await blocking { try RedisServer(arguments: arguments) }
        defer { redis.stop() }
        try await withManifest(manifest) { file in
            try await ServiceOnRedis.run(file, on: redis, binding: .none, json: rows) { service in
                _ = try await service.get("/users")
                let kept = ["CACHE_AFTER_RESTART": "keep"]
                try await poll("it is stored") {
                    try await service.inspect("/users", environment: kept)?.judgement.verdict == .hit
                }
                #expect(
                    try await service.text("/users").hasSuffix(
                        "MISS: made by a service with CACHE_AFTER_RESTART=keep; set it for this command, too\n"
                    )
                )
                try await blocking { try redis.restart() }
                #expect(try await service.inspect("/users", environment: kept)?.judgement.verdict == .hit)
                try await poll("Redis is back") {
                    try await service.get("/users").cacheStatus?.contains("hit") ?? false
                }
            }
        }
    }

    @Test("A response that is there in the other form only is a hit")
    func otherForm() async throws {
        try await withService { service in
            try await service.store("/long/1", gzip)
            try await service.store("/long/1")
            let key = try #require(try await service.inspect("/long/1")?.forms.first?.key)
            try await poll("both forms are stored") { try await service.cli("EXISTS", "\(key)", "\(key);gzip") == "2" }
            #expect(try await service.text("/long/1", gzip).contains("  not coded 200 application/json, "))
            try await service.cli("DEL", "\(key)")
            let inspection = try #require(try await service.inspect("/long/1"))
            #expect(inspection.judgement.verdict == .hit && inspection.judgement.isConverted)
            #expect(try await service.text("/long/1").hasSuffix("  verdict   HIT, made from the other form\n"))
            #expect(try await service.get("/long/1").cacheStatus == "CachedRoutes; hit; ttl=120")
        }
    }

    @Test("Nothing, bytes of others, and responses that the route would not store are misses")
    func misses() async throws {
        try await withService { service in
            #expect(try await service.text("/users").hasSuffix("  verdict   MISS: nothing is stored\n"))
            #expect(try await service.get("/users").cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
            try await service.settle("/users")
            let key = try #require(try await service.inspect("/users")?.forms.first?.key)

            try await service.cli("APPEND", "\(key)", "x")
            #expect(try await service.verdict("/users") == .unreadable)
            #expect(try await service.text("/users").contains("  stored    bytes that are no response of this version"))
            #expect(try await service.get("/users").cacheStatus == "CachedRoutes; fwd=miss; stored; detail=unreadable")
            try await service.settle("/users")

            try await service.cli("DEL", "\(key)")
            try await service.cli("LPUSH", "\(key)", "x")
            #expect(try await service.verdict("/users") == .absent)
            #expect(
                try await service.text("/users").contains("  stored    a list, which no service reads or has stored\n")
            )
            #expect(try await service.get("/users").cacheStatus?.hasPrefix("CachedRoutes; fwd=uri-miss") ?? false)
            try await service.settle("/users")

            // The key has no part of these settings.
            let small = manifest.replacing("ttl: 60s, ", with: "ttl: 60s, max-body: 4B, ")
            try await withManifest(small) { file in
                let verdict = try await service.verdict("/users", manifest: file)
                #expect(verdict == .rejected(.length))
                try await ServiceOnRedis.run(file, on: service.redis, clock: service.clock, json: rows) { other in
                    let text = try await other.text("/users")
                    let violation = EntryPolicyViolation.length.rawValue
                    #expect(text.hasSuffix("MISS: the route stores no such response: \(violation)\n"))
                    let status = try await other.get("/users").cacheStatus
                    #expect(status?.hasPrefix("CachedRoutes; fwd=miss") ?? false)
                }
            }
        }
    }

    @Test("Where no response is looked up, the reason is told")
    func bypass() async throws {
        try await withService { service in
            let token = [("Authorization", "Bearer x")]
            for (target, fields, verdict, status) in [
                ("/never", [], .bypass(.uncached), "CachedRoutes; fwd=bypass"),
                ("/mine", token, .bypass(.authorization), "CachedRoutes; fwd=bypass; detail=authorization"),
                ("/honor", [("Cache-Control", "no-store")], .bypass(.noStore), "CachedRoutes; fwd=request"),
            ] as [(String, [(String, String)], StoredResponseJudgement.Verdict, String)] {
                #expect(try await service.verdict(target, fields) == verdict)
                #expect(try await service.get(target, fields).cacheStatus == status)
            }
            try await service.store("/mine")
            #expect(try await service.text("/mine", token).hasSuffix("not 'public: true'; nothing is looked up\n"))
            try await service.store("/honor")
            let noCache = [("Cache-Control", "no-cache")]
            #expect(try await service.verdict("/honor", noCache) == .notAccepted)
            #expect(
                try await service.get("/honor", noCache).cacheStatus?.hasPrefix("CachedRoutes; fwd=request") ?? false
            )
            let onlyStored = [("Cache-Control", "only-if-cached")]
            #expect(try await service.text("/honor", onlyStored).hasSuffix("  verdict   HIT\n"))
            _ = try await service.service.purge(route: "honor")
            #expect(
                try await service.text("/honor", onlyStored).hasSuffix(
                    "; a 504, because the request's Cache-Control says only-if-cached\n"
                )
            )
            #expect(try await service.get("/honor", onlyStored).status == 504)
            let write = try InspectCommand.parse([
                "/users", "--method", "POST", "--manifest", service.file, "--redis", service.redis.url,
            ])
            #expect(
                try await write.inspections(environment: [:], clock: .system).first?.inspection?.judgement.verdict
                    == .bypass(.write)
            )
        }
    }

    @Test("Tables of a lock that is out of date are not known, and no verdict is made of them")
    func outdatedLock() async throws {
        func text(_ column: Int) -> String {
            "version: 1\nnamespace: n\nroutes: { r: { get: /r, sql: SELECT \(column) AS x FROM t LIMIT 1, cache: { tables: auto } } }\n"
        }
        try await withManifest(text(1)) { file in
            let set = try ManifestFileOptions.targets(of: [file], lockUse: .ignored)[0].set
            var lock = RouteLock(server: "PostgreSQL 15")
            lock.routes["r"] = [
                LockedStatement(
                    digest: try #require(set.statements.first).digest,
                    columns: [LockedColumn("x", "integer")],
                    tables: ["t"]
                )
            ]
            try Data(RouteLockWriter.text(lock).utf8).write(to: URL(filePath: LockText.file(of: file)))
            func explained() throws -> String { try ExplainCommand.parse(["/r", "--manifest", file]).outcome().text }
            #expect(try explained().contains("table t\n"))
            try Data(text(2).utf8).write(to: URL(filePath: file))
            #expect(try explained().contains("tables: auto, unknown without a lock that fits\n"))
            #expect(try !explained().contains("table t"))
            let inspect = try InspectCommand.parse(["/r", "--manifest", file, "--redis", "redis://127.0.0.1:1"])
            let error = await #expect(throws: ValidationError.self) { try await inspect.outcome(environment: [:]) }
            #expect(error?.message.contains("the tables of route 'r' are not known") ?? false)
            var warnings: [Diagnostic] = []
            _ = try ManifestRoutes([file]) { warnings.append($0) }
            #expect(warnings.count == 1 && warnings[0].message.contains("is out of date for route 'r'"))
        }
    }

    @Test("Nothing is changed in Redis")
    func readsOnly() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await withManifest(manifest) { file in
            let command = try InspectCommand.parse(["/users", "/long/1", "--manifest", file, "--redis", redis.url])
            let key = try #require(try command.options.requests().first?.explanation?.lookupKey)
            _ = try await blocking { try redis.cli(["SET", "\(key)", "x"]) }
            _ = try await blocking { try redis.cli(["CONFIG", "RESETSTAT"]) }
            let outcome = try await command.outcome(environment: [:])
            #expect(
                outcome.status == 0 && outcome.text.contains("unreadable") && outcome.text.contains("nothing is stored")
            )
            let statistics = try await blocking { try redis.cli(["INFO", "commandstats"]) }
            let commands = statistics.split(separator: "\n").compactMap { $0.firstMatch(of: /cmdstat_([a-z|]+):/)?.1 }
            #expect(
                Set(commands).isSubset(of: [
                    "mget", "pttl", "type", "info", "ping", "client|setname", "config|resetstat",
                ])
            )
            #expect(try await blocking { try redis.cli(["GET", "\(key)"]) } == "x")
        }
    }

    @Test("Without a Redis the status says so")
    func failures() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await withManifest(manifest) { file in
            func outcome(_ arguments: String..., environment: [String: String] = [:]) async throws -> (
                text: String, status: Int32
            ) {
                try await InspectCommand.parse(arguments + ["--manifest", file]).outcome(environment: environment)
            }
            await #expect(throws: ValidationError.self) { try await outcome("/users") }
            await #expect(throws: ValidationError.self) { try await outcome("/users", "--redis", "http://x") }
            let environment = ["REDIS_URL": redis.url]
            #expect(try await outcome("/users", environment: environment).status == 0)
            let mixed = try await outcome("/gone", "/users?limit=0", "/users", environment: environment)
            #expect(mixed.status == 1 && mixed.text.contains("no route has this path"))
            #expect(
                mixed.text.contains("  refused   400 Bad Request\n")
                    && mixed.text.hasSuffix("MISS: nothing is stored\n")
            )
            _ = try await blocking { try redis.cli(["ACL", "SETUSER", "default", "-mget"]) }
            #expect(try await outcome("/users", environment: environment).status == 69)
            _ = try await blocking { try redis.cli(["ACL", "SETUSER", "default", "+mget", "-info"]) }
            #expect(
                try await outcome("/users", environment: environment).text.contains(
                    "  server    Redis does not tell its run_id"
                )
            )
            redis.kill()
            let away = try await outcome("/users", environment: environment)
            #expect(away.status == 69 && away.text.hasPrefix("error: Redis can't be asked: "))
        }
    }
}
