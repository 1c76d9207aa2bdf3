import CachedRoutes
import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import TestApp
import Testing

@Suite("Answers that say there is nothing, and errors (RFC 9111, 3)")
struct NegativeTests {
    @Test("Contract 5: 404 is not stored by default, and nobody may keep it", arguments: Backing.allCases)
    func notStored(backing: Backing) async throws {
        try await Harness.run([route(returns: .one)], on: backing) { app async throws in
            app.database.answer { _, _ in nil }
            for _ in 0..<3 {
                let response = try await app.send()
                #expect(response.status == 404)
                #expect(response["Content-Type"] == "application/problem+json")
                #expect(response["Cache-Control"] == "no-store")
                #expect(response.cacheStatus == "CachedRoutes; fwd=uri-miss")
            }
            #expect(app.database.queryCount == 3)
            #expect(try await app.entryKeys() == [])
        }
    }

    @Test("Contract 5: With a negative ttl 404 is stored for that long", arguments: Backing.allCases)
    func negativeTTL(backing: Backing) async throws {
        let policy = CachePolicy(staleWhileRevalidate: .seconds(30), negativeTTL: .seconds(10))
        try await Harness.run([route(policy, public: true, returns: .one)], on: backing) { app async throws in
            app.database.answer { _, _ in nil }
            let miss = try await app.send()
            #expect(miss.status == 404)
            #expect(miss.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
            #expect(miss["Cache-Control"] == "public, max-age=10")
            let hit = try await app.stored()
            #expect(hit.status == 404)
            #expect(hit.text == miss.text)
            for name in ["Content-Type", "Content-Length", "Cache-Control", "Date", "Vary"] {
                #expect(hit[name] == miss[name])
            }
            #expect(hit["ETag"] == nil)
            app.clock.advance(by: .milliseconds(9999))
            #expect(try await app.send().cacheStatus == "CachedRoutes; hit; ttl=0")
            app.database.answer { _, _ in "{}" }
            app.clock.advance(by: .milliseconds(1))
            let found = try await app.send()
            #expect(found.status == 200)
            #expect(app.database.queryCount == 2)
        }
    }

    @Test("Contract 5: Jitter shortens the negative ttl too")
    func jitter() async throws {
        let policy = CachePolicy(jitter: 50, negativeTTL: .seconds(10))
        try await Harness.run([route(policy, returns: .one)], draw: { 1 }) { app async throws in
            app.database.answer { _, _ in nil }
            #expect(try await app.stored().cacheStatus == "CachedRoutes; hit; ttl=5")
        }
    }

    @Test("Contract 5: A row that comes replaces the stored 404, and the other way round", arguments: Backing.allCases)
    func replaced(backing: Backing) async throws {
        let policy = CachePolicy(ttl: .seconds(60), negativeTTL: .seconds(10))
        try await Harness.run([route(policy, returns: .one)], on: backing) { app async throws in
            app.database.answer { _, _ in nil }
            #expect(try await app.stored().status == 404)
            app.clock.advance(by: .seconds(10))
            app.database.answer { _, _ in "{}" }
            _ = try await app.send()
            #expect(try await app.stored().status == 200)
            app.clock.advance(by: .seconds(60))
            app.database.answer { _, _ in nil }
            _ = try await app.send()
            #expect(try await app.stored().status == 404)
        }
    }

    @Test("9111 3: An error of the server is never stored", arguments: [500, 501, 502, 503, 504, 599])
    func errors(status: Int) async throws {
        for isThrown in [false, true] {
            let count = Tally()
            let route = handlerRoute { _ in
                count.add()
                if isThrown { throw HandlerError(status: status, "broken") }
                return HandlerResponse(bytes: ByteBuffer(string: "x"), contentType: "text/plain", status: status)
            }
            try await Harness.run([route]) { app async throws in
                for _ in 0..<2 {
                    let response = try await app.send(.GET, "/h")
                    #expect(response.status == status)
                    #expect(response["Cache-Control"] == "no-store")
                    #expect(response.cacheStatus == "CachedRoutes; fwd=uri-miss")
                }
                #expect(count.value == 2)
            }
        }
    }

    @Test(
        "9111 3: The status of an error of the client is not stored either",
        arguments: [400, 401, 403, 409, 429]
    )
    func clientErrors(status: Int) async throws {
        let count = Tally()
        let route = handlerRoute(CachePolicy(negativeTTL: .seconds(60))) { _ in
            count.add()
            return HandlerResponse(status: status)
        }
        try await Harness.run([route]) { app async throws in
            for _ in 0..<2 { #expect(try await app.send(.GET, "/h").status == status) }
            #expect(count.value == 2)
        }
    }
}
