import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Invalidation (Contract 9)")
struct InvalidationTests {
    private let row = VersionedRow()
    private let windows = CachePolicy(
        ttl: .seconds(60),
        staleWhileRevalidate: .seconds(600),
        staleIfError: .seconds(600),
        tags: ["users", "user:{id}"]
    )

    // MARK: - What is purged

    @Test("A purge of a tag drops what carries it, and nothing else", arguments: Backing.allCases)
    func tags(backing: Backing) async throws {
        try await Harness.run(TaggedRoutes.all, on: backing, database: row.database) { app async throws in
            let targets = ["/t/1", "/t/2", "/l?ids=1&ids=3", "/l?ids=2", "/l", "/p"]
            func purged() async throws -> [String] {
                var purged: [String] = []
                for target in targets {
                    let status = try await app.send(.GET, target).cacheStatus
                    if status == "CachedRoutes; fwd=miss; stored; detail=purged" {
                        purged.append(target)
                    } else {
                        #expect(status?.hasPrefix("CachedRoutes; hit") == true, "\(target): \(status ?? "")")
                    }
                    try await app.stored(target)
                }
                return purged
            }
            for target in targets { try await app.stored(target) }
            #expect(await app.service.purge(tags: ["user:\(1)"]) == .done)
            #expect(try await purged() == ["/t/1", "/l?ids=1&ids=3"])
            #expect(await app.service.purge(tags: ["user:2", "user:3"]) == .done)
            #expect(try await purged() == ["/t/2", "/l?ids=1&ids=3", "/l?ids=2"])
            await app.service.purge(tags: ["users"])
            #expect(try await purged() == ["/t/1", "/t/2"])
            await app.service.purge(tags: ["nobody", "user:\(4)"])
            #expect(try await purged() == [])
            try await app.service.purge(route: "listUsers")
            #expect(try await purged() == ["/l?ids=1&ids=3", "/l?ids=2", "/l"])
            await app.service.purgeAll()
            #expect(try await purged() == targets)
            await #expect(throws: PurgeError.unknownRoute("putUser")) { try await app.service.purge(route: "putUser") }
        }
    }

    @Test("A value in a tag stands as it does in keys", arguments: Backing.allCases)
    func encoding(backing: Backing) async throws {
        try await Harness.run(TaggedRoutes.all, on: backing, database: row.database) { app async throws in
            for target in ["/t/a%3Ab", "/t/a", "/t/%C3%BC"] { try await app.stored(target) }
            await app.service.purge(tags: ["user:\("a:b")"])
            #expect(try await app.send(.GET, "/t/a%3Ab").cacheStatus?.contains("detail=purged") == true)
            #expect(try await app.send(.GET, "/t/a").cacheStatus?.contains("hit") == true)
            await app.service.purge(tags: ["user:\("ü")"])
            #expect(try await app.send(.GET, "/t/%C3%BC").cacheStatus?.contains("detail=purged") == true)
            #expect(CacheTag(text: "user:a b") == nil)
            #expect(CacheTag(text: "") == nil)
            #expect(CacheTag(text: "user:a%3Ab") == "user:\("a:b")")
        }
    }

    @Test("A purge is one UNLINK, and leaves nothing behind")
    func unlink() async throws {
        try await Harness.run(TaggedRoutes.all, on: .redis, database: row.database) { app async throws in
            for target in ["/t/1", "/l?ids=1"] { try await app.stored(target) }
            _ = try await app.redis("CONFIG", "RESETSTAT")
            let before = try await app.redis("DBSIZE")
            await app.service.purge(tags: ["nobody", "user:\(7)"])
            #expect(try await app.redis("DBSIZE") == before)
            await app.service.purge(tags: ["users", "user:\(1)"])
            let commands = try await app.redis("INFO", "commandstats").split(whereSeparator: \.isNewline)
                .compactMap { $0.hasPrefix("cmdstat_") ? $0.split(separator: ":")[0].dropFirst(8) : nil }
                .filter { !["dbsize", "config|resetstat", "info"].contains($0) }
            #expect(commands == ["unlink"])
            #expect(try await app.redis("INFO", "commandstats").contains("cmdstat_unlink:calls=2,"))
            #expect(try await app.redis("KEYS", "shop;tag;*") == "")
        }
    }

    @Test("A purge works while Redis answers OOM to writes, and answers are served meanwhile")
    func outOfMemory() async throws {
        try await Harness.run(TaggedRoutes.all, on: .redis, database: row.database) { app async throws in
            try await app.stored("/t/1")
            try await app.stored("/t/2")
            _ = try await app.redis("CONFIG", "SET", "maxmemory", "1")
            #expect(try await app.send(.GET, "/t/1").cacheStatus == "CachedRoutes; hit; ttl=60")
            row.change()
            #expect(await app.service.purge(tags: ["user:\(1)"]) == .done)
            let answer = try await app.send(.GET, "/t/1")
            #expect(answer.text == "2")
            #expect(answer.cacheStatus == "CachedRoutes; fwd=miss; detail=purged")
            #expect(try await app.send(.GET, "/t/2").text == "1")
            _ = try await app.redis("CONFIG", "SET", "maxmemory", "0")
            #expect(try await app.stored("/t/1").text == "2")
        }
    }

    // MARK: - The race

    @Test("What was read before a purge and is stored after it is never given again", arguments: Backing.allCases)
    func lateFill(backing: Backing) async throws {
        try await Harness.run(TaggedRoutes.all, on: backing, database: row.database) { app async throws in
            let gate = row.hold()
            async let late = app.send(.GET, "/t/1")
            await gate.arrivals(1)
            row.release()
            #expect(try await app.send(.PUT, "/t/1").text == "2")
            // Who asks now does not wait for the one that read before.
            #expect(try await app.send(.GET, "/t/1").text == "2")
            gate.open()
            #expect(try await late.text == "1")
            #expect(try await app.stored("/t/1").text == "2")
        }
    }

    @Test("Nor is it when it is made to renew a stale answer", arguments: Backing.allCases)
    func lateRenewal(backing: Backing) async throws {
        let routes = [TaggedRoutes.get(windows), TaggedRoutes.put]
        try await Harness.run(routes, on: backing, database: row.database) { app async throws in
            try await app.stored("/t/1")
            app.clock.advance(by: .seconds(61))
            let gate = row.hold()
            #expect(try await app.send(.GET, "/t/1").cacheStatus == "CachedRoutes; hit; ttl=-1")
            await gate.arrivals(1)
            row.release()
            #expect(try await app.send(.PUT, "/t/1").text == "2")
            gate.open()
            #expect(try await app.stored("/t/1").text == "2")
        }
    }

    @Test("A purged answer is none that stands in for a failure, or is given while it is renewed")
    func noWindow() async throws {
        let routes = [TaggedRoutes.get(windows), TaggedRoutes.put]
        try await Harness.run(routes, on: .memory, database: row.database) { app async throws in
            try await app.stored("/t/1")
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send(.PUT, "/t/1").text == "2")
            app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "no server")
            }
            let answer = try await app.send(.GET, "/t/1")
            #expect(answer.status == 503)
            #expect(answer.cacheStatus == "CachedRoutes; fwd=miss; detail=purged")
        }
    }

    @Test("In a fleet, who asks after a write does not wait for another process that read before")
    func fleet() async throws {
        let routes = [TaggedRoutes.get(CachePolicy(coalesce: .fleet, tags: ["user:{id}"])), TaggedRoutes.put]
        try await Harness.fleet(of: 2, routes, database: row.database) { apps async throws in
            let gate = row.hold()
            async let late = apps[0].send(.GET, "/t/1")
            await gate.arrivals(1)
            row.release()
            #expect(try await apps[1].send(.PUT, "/t/1").text == "2")
            for app in apps { #expect(try await app.send(.GET, "/t/1").text == "2") }
            gate.open()
            #expect(try await late.text == "1")
            for app in apps { #expect(try await app.stored("/t/1").text == "2") }
        }
    }

    @Test("A write purges before it is answered, also when its outcome is not known")
    func outcomeUnknown() async throws {
        try await Harness.run(TaggedRoutes.all, on: .redis, database: row.database) { app async throws in
            try await app.stored("/t/1")
            try await app.stored("/t/2")
            app.database.answer { query, _ throws(RouteDatabaseError) in
                if query.access.isWrite { throw RouteDatabaseError(.outcomeUnknown, "") }
                return "2"
            }
            let answer = try await app.send(.PUT, "/t/1")
            #expect(answer.status == 504)
            #expect(answer["Cached-Routes-Purge"] == nil)
            #expect(try await app.send(.GET, "/t/1").text == "2")
            #expect(try await app.send(.GET, "/t/2").text == "1")
        }
    }

    // MARK: - Tokens

    @Test("Tokens live twice as long as entries, and are given more time by those who store under them")
    func life() async throws {
        let longest = CachePolicy(ttl: .seconds(3600), tags: ["users"])
        try await Harness.run([TaggedRoutes.get(longest)], on: .redis, database: row.database) { app async throws in
            try await app.stored("/t/1")
            let whole = 2 * (3600 + 10)
            let token = "shop;tag;users"
            #expect((whole - 60...whole).contains(Int(try await app.redis("TTL", token)) ?? 0))
            _ = try await app.redis("EXPIRE", token, "5000")
            // Nothing is written to it again so soon.
            try await app.stored("/t/2")
            #expect(Int(try await app.redis("TTL", token)) ?? 0 <= 5000)
            app.clock.advance(by: .seconds(1806))
            try await app.stored("/t/3")
            #expect((whole - 60...whole).contains(Int(try await app.redis("TTL", token)) ?? 0))
        }
    }

    @Test("A token that has gone by itself matches nothing")
    func expiredToken() async throws {
        try await Harness.run([TaggedRoutes.get()], on: .redis, database: row.database) { app async throws in
            try await app.stored("/t/1")
            _ = try await app.redis("DEL", "shop;tag;users")
            #expect(try await app.send(.GET, "/t/1").cacheStatus == "CachedRoutes; fwd=miss; stored; detail=purged")
            try await app.stored("/t/1")
        }
    }

    @Test("A restart from a snapshot brings no purged answer back; kept, where the environment says so")
    func restart() async throws {
        for afterRestart in CachedRoutesConfiguration.AfterRestart.allCases {
            let row = VersionedRow()
            let redis = try await blocking { try RedisServer() }
            defer { redis.stop() }
            try await Harness.run(
                TaggedRoutes.all,
                redis: redis,
                database: row.database,
                clock: ManualClock(),
                configure: { $0.afterRestart = afterRestart }
            ) { app async throws in
                try await app.stored("/t/1")
                #expect(try await app.redis("SAVE") == "OK")
                #expect(try await app.send(.PUT, "/t/1").text == "2")
                #expect(try await app.stored("/t/1").text == "2")
                try await blocking { try redis.restart() }
                try await poll("the connections of all event loops are back") {
                    for _ in 0..<2 * System.coreCount {
                        if try await app.send(.GET, "/p").cacheStatus?.contains("store-away") ?? true { return false }
                    }
                    return true
                }
                // The old entry and the old token are both there again.
                #expect(try await app.redis("EXISTS", "shop;tag;user:1") == "1")
                let answer = try await app.send(.GET, "/t/1")
                switch afterRestart.kind {
                case .discard:
                    #expect(answer.text == "2")
                    #expect(answer.cacheStatus == "CachedRoutes; fwd=miss; stored; detail=purged")
                    #expect(try await app.stored("/t/1").text == "2")
                case .keep: #expect(answer.text == "1")
                }
            }
        }
    }

    @Test("A user who may not call INFO gets a warning, and answers that are not stored")
    func noInfo() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        _ = try await blocking { try redis.cli(["ACL", "SETUSER", "default", "-info"]) }
        try await Harness.run(TaggedRoutes.all, redis: redis, database: row.database, clock: ManualClock()) {
            app async throws in
            for _ in 0..<2 {
                let status = try await app.send(.GET, "/t/1").cacheStatus
                #expect(status == "CachedRoutes; fwd=uri-miss; detail=store-refused")
            }
            #expect(app.log.lines.filter { $0.contains("CACHE_AFTER_RESTART=keep") }.count == 1)
            #expect(String(buffer: await app.service.readiness().body).contains("run_id is not known"))
        }
        try await Harness.run(
            TaggedRoutes.all,
            redis: redis,
            database: row.database,
            clock: ManualClock(),
            configure: { $0.afterRestart = .keep }
        ) { app async throws in try await app.stored("/t/1") }
    }

    // MARK: - Recovery

    /// Runs a service that gives up a Redis that does not answer soon.
    private func run(over redis: RedisServer, _ body: (Harness) async throws -> Void) async throws {
        try await Harness.run(
            TaggedRoutes.all,
            redis: redis,
            database: row.database,
            clock: ManualClock(),
            configure: {
                $0.redisCommandTimeout = .milliseconds(200)
                // A purge that Redis never hears of is tried for so long when the service stops.
                $0.drainTimeout = .milliseconds(500)
            },
            body
        )
    }

    @Test("A purge that does not reach Redis is queued, believed in here at once, and sent when Redis is back")
    func queued() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await run(over: redis) { app async throws in
            try await app.stored("/t/1")
            try await app.stored("/t/2")
            try await app.stored("/p")
            // Redis goes on, and refuses what this user sends.
            _ = try await app.redis("ACL", "SETUSER", "default", "-unlink", "-del")
            let write = try await app.send(.PUT, "/t/1")
            #expect(write.status == 200)
            #expect(write["Cached-Routes-Purge"] == "queued")
            #expect(app.service.engine.purger.waitingCount == 1)
            for _ in 0..<2 {
                let answer = try await app.send(.GET, "/t/1")
                #expect(answer.text == "2")
                #expect(answer.cacheStatus == "CachedRoutes; fwd=miss; detail=untrusted")
            }
            #expect(try await app.send(.GET, "/t/2").cacheStatus == "CachedRoutes; hit; ttl=60")
            #expect(try await app.send(.GET, "/p").cacheStatus == "CachedRoutes; hit; ttl=60")
            // The newest for each tag.
            #expect(try await app.send(.PUT, "/t/1")["Cached-Routes-Purge"] == "queued")
            #expect(app.service.engine.purger.waitingCount == 1)
            _ = try await app.redis("ACL", "SETUSER", "default", "+unlink", "+del")
            try await poll("the queue is empty") { app.service.engine.purger.waitingCount == 0 }
            let answer = try await app.send(.GET, "/t/1")
            #expect(answer.text == "3")
            #expect(answer.cacheStatus == "CachedRoutes; fwd=miss; stored; detail=purged")
            #expect(try await app.stored("/t/1").text == "3")
            #expect(try await app.send(.PUT, "/t/1")["Cached-Routes-Purge"] == nil)
        }
    }

    @Test("Purges that wait are sent at shutdown")
    func shutdown() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await run(over: redis) { app async throws in
            try await app.stored("/t/1")
            try await blocking { redis.pause() }
            #expect(try await app.send(.PUT, "/t/1")["Cached-Routes-Purge"] == "queued")
            try await blocking { redis.resume() }
        }
        #expect(try await blocking { try redis.cli(["EXISTS", "shop;tag;user:1"]) } == "0")
    }

    @Test("Without Redis nobody gets what was read before a write that was answered before he asked")
    func noRedis() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await run(over: redis) { app async throws in
            try await blocking { redis.kill() }
            let gate = row.hold()
            async let early = app.send(.GET, "/t/1")
            await gate.arrivals(1)
            row.release()
            #expect(try await app.send(.PUT, "/t/1")["Cached-Routes-Purge"] == "queued")
            // It would wait for the early one for ever if it had joined it.
            #expect(try await app.send(.GET, "/t/1").text == "2")
            gate.open()
            #expect(try await early.text == "1")
        }
    }

    // MARK: - Clients

    @Test("Clients may keep what has tags, but have to ask, unless the manifest says how long")
    func clients() async throws {
        let routes = [
            TaggedRoutes.get(CachePolicy(tags: ["users"])), TaggedRoutes.plain,
        ]
        try await Harness.run(routes, database: row.database) { app async throws in
            #expect(try await app.send(.GET, "/t/1")["Cache-Control"] == "no-cache")
            #expect(try await app.send(.GET, "/p")["Cache-Control"] == "max-age=60")
        }
        let told = TaggedRoutes.get(CachePolicy(clientTTL: .seconds(7), tags: ["users"]))
        try await Harness.run([told], database: row.database) { app async throws in
            #expect(try await app.send(.GET, "/t/1")["Cache-Control"] == "max-age=7")
        }
    }
}
