import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import TestServers
import Testing

extension ResponseTests {
    /// Where the answer to `/r` is kept.
    private static let key = "conformance:0badcafe:get:/r:"

    @Test(
        "RFC 9211, 2.2 and 2.5: fwd=uri-miss where there is nothing, stored where the writer takes the answer",
        arguments: Backing.allCases
    )
    func uriMiss(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app async throws in
            #expect(try CacheStatusField(of: try await app.send()) == .forwarded("uri-miss", stored: true))
        }
    }

    @Test("RFC 9211, 2.5: not stored is not said to be stored", arguments: Backing.allCases)
    func notStored(backing: Backing) async throws {
        try await Harness.run([route(CachePolicy(maxBody: 2))], on: backing) { app in
            for _ in 0..<2 {
                let answer = try await app.send()
                #expect(answer.text == "[1]")
                #expect(try CacheStatusField(of: answer) == .forwarded("uri-miss"))
            }
        }
    }

    @Test("RFC 9211, 2.1 and 2.4: hit with the freshness that is left", arguments: Backing.allCases)
    func hit(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            try await app.stored()
            #expect(try CacheStatusField(of: try await app.send()) == .hit(ttl: 60))
            app.clock.advance(by: .milliseconds(17_001))
            #expect(try CacheStatusField(of: try await app.send()) == .hit(ttl: 42))
            app.clock.advance(by: .milliseconds(42_500))
            #expect(try CacheStatusField(of: try await app.send()) == .hit(ttl: 0))
        }
    }

    @Test("RFC 9211, 2.4: ttl is negative on a stale hit", arguments: Backing.allCases)
    func staleHit(backing: Backing) async throws {
        let gate = DatabaseGate()
        try await Harness.run([route(CachePolicy(staleWhileRevalidate: .seconds(30)))], on: backing) { app in
            try await app.stored()
            app.database.answer { _, _ in
                await gate.pass()
                return "[2]"
            }
            app.clock.advance(by: .seconds(60))
            #expect(try CacheStatusField(of: try await app.send()) == .hit(ttl: -1))
            app.clock.advance(by: .milliseconds(11_500))
            #expect(try CacheStatusField(of: try await app.send()) == .hit(ttl: -12))
            gate.open()
            #expect(try await app.fresh().text == "[2]")
        }
    }

    @Test("RFC 9211, 2.8: a stale answer instead of an error says why", arguments: Backing.allCases)
    func staleIfError(backing: Backing) async throws {
        try await Harness.run([route(CachePolicy(staleIfError: .seconds(30)))], on: backing) { app in
            try await app.stored()
            app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
            app.clock.advance(by: .seconds(70))
            let answer = try await app.send()
            #expect(answer.text == "[1]")
            #expect(try CacheStatusField(of: answer) == .hit(ttl: -10, detail: "database-away"))
        }
    }

    @Test("RFC 9211, 2.2: fwd=stale where the answer is too old", arguments: Backing.allCases)
    func stale(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            try await app.stored()
            app.clock.advance(by: .seconds(61))
            #expect(try CacheStatusField(of: try await app.send()) == .forwarded("stale", stored: true))
        }
    }

    @Test("RFC 9211, 2.2: fwd=uri-miss; fwd=stale stand on errors too", arguments: Backing.allCases)
    func failure(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            try await app.stored()
            app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
            app.clock.advance(by: .seconds(61))
            let answer = try await app.send()
            #expect(answer.status == 503)
            #expect(try CacheStatusField(of: answer) == .forwarded("stale"))
        }
    }

    /// What somebody else may have put under an entry's key.
    static let unreadable = [
        ["SET", "garbage"], ["SET", ""], ["SET", "CR1 status=200\n[9]"],
        ["SET", header("stored-at=1700000000000", length: 4)],
        ["SET", header("stored-at=1700000005001", length: 3)],
        ["SET", header("stored-at=1700000000000 new=1", length: 3)],
    ]

    /// Bytes that are wrong in nothing but what `part` and `length` make wrong.
    private static func header(_ part: String, length: Int) -> String {
        var bytes = ByteBuffer(
            string: """
                CR2 sum=0000000000000000 status=200 \(part) ttl=60000 etag=0123456789abcdef0123456789abcdef \
                type=application%2Fjson made-in=0 length=\(length)
                [9]
                """
        )
        EntryCoding.seal(&bytes, key: CacheKey(whole: Array(key.utf8)))
        return String(buffer: bytes)
    }

    @Test("Contract 4: what is no entry is a miss, detail=unreadable, and is replaced", arguments: unreadable)
    func unreadableEntry(command: [String]) async throws {
        try await Harness.run([route()], on: .redis) { app in
            _ = try await app.redis(command[0], Self.key, command[1])
            let miss = try await app.send()
            #expect(miss.text == "[1]")
            #expect(try CacheStatusField(of: miss) == .forwarded("miss", stored: true, detail: "unreadable"))
            #expect(try await app.stored().text == "[1]")
        }
    }

    @Test("Contract 4: another type under the key is a miss, and is replaced")
    func otherType() async throws {
        try await Harness.run([route()], on: .redis) { app async throws in
            _ = try await app.redis("RPUSH", Self.key, "[9]")
            #expect(try await app.send().cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
            #expect(try await app.stored().text == "[1]")
        }
    }

    @Test("Contract 5: an entry that was purged is a miss, detail=purged, and is replaced")
    func purged() async throws {
        try await Harness.run([route(CachePolicy(staleIfError: .seconds(60)))], on: .redis) { app in
            let entry = Self.header("stored-at=1700000000000 token=old%40server", length: 3)
            _ = try await app.redis("SET", Self.key, entry)
            let miss = try await app.send()
            #expect(miss.text == "[1]")
            #expect(try CacheStatusField(of: miss) == .forwarded("miss", stored: true, detail: "purged"))
            #expect(try await app.stored().text == "[1]")
        }
    }

    @Test("Contract 9: an entry that was purged does not stand in for an error either")
    func purgedIsNoRescue() async throws {
        let database = CannedDatabase { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
        try await Harness.run([route(CachePolicy(staleIfError: .seconds(60)))], on: .redis, database: database) { app in
            let entry = Self.header("stored-at=1700000000000 stale-if-error=60000 token=old%40server", length: 3)
            _ = try await app.redis("SET", Self.key, entry)
            let miss = try await app.send()
            #expect(miss.status == 503)
            #expect(try CacheStatusField(of: miss) == .forwarded("miss", detail: "purged"))
        }
    }

    @Test("RFC 9211, 2.2: fwd=bypass; detail=authorization", arguments: Backing.allCases)
    func bypass(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            try await app.stored()
            let answer = try await app.send(.GET, "/r", [("Authorization", "Bearer x")])
            #expect(try CacheStatusField(of: answer) == .forwarded("bypass", detail: "authorization"))
        }
    }

    @Test("RFC 9211, 2.2: fwd=request where the request did not take what was there", arguments: Backing.allCases)
    func request(backing: Backing) async throws {
        try await Harness.run([route(requestDirectives: .honor)], on: backing) { app in
            try await app.stored()
            let anew = try await app.send(.GET, "/r", [("Cache-Control", "no-cache")])
            #expect(try CacheStatusField(of: anew) == .forwarded("request", stored: true))
            let own = try await app.send(.GET, "/r", [("Cache-Control", "no-store")])
            #expect(try CacheStatusField(of: own) == .forwarded("request"))
        }
    }

    @Test("RFC 9211, 2.6: collapsed where somebody else's answer was waited for", arguments: Backing.allCases)
    func collapsed(backing: Backing) async throws {
        let gate = DatabaseGate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "[1]"
        }
        try await Harness.run([route()], on: backing, database: database) { app in
            async let first = app.send()
            async let second = app.send()
            try await poll("both wait") { app.service.waitingRequests == 2 }
            gate.open()
            let statuses = [try CacheStatusField(of: try await first), try CacheStatusField(of: try await second)]
            #expect(statuses.contains(.forwarded("uri-miss", stored: true)))
            #expect(statuses.contains(.forwarded("uri-miss", stored: true, collapsed: true)))
            #expect(database.queryCount == 1)
        }
    }

    /// What may befall a Redis.
    enum Mishap: CaseIterable {
        case crash
        case hang
    }

    @Test("Contract 5: detail=store-away while Redis is, and hits when it is back", arguments: Mishap.allCases)
    func storeAway(mishap: Mishap) async throws {
        try await Harness.run([route(timeout: .seconds(2))], on: .redis) { app in
            let redis = try #require(app.redis)
            try await app.stored()
            switch mishap {
            case .crash: redis.kill()
            case .hang: redis.pause()
            }
            let away = try await app.send()
            #expect(away.status == 200)
            #expect(away.text == "[1]")
            #expect(try CacheStatusField(of: away) == .forwarded("miss", detail: "store-away"))
            switch mishap {
            case .crash: try await blocking { try redis.restart() }
            case .hang: redis.resume()
            }
            try await app.stored()
        }
    }
}
