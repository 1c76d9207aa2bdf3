import CachedRoutes
import CachedRoutesTesting
import NIOCore
import TestApp
import Testing

@Suite("Responses (RFC 9111, 4 and 5)")
struct ResponseTests {
    @Test("5.1: Age is the time since the answer was made, and Date stays", arguments: Backing.allCases)
    func age(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app async throws in
            let miss = try await app.send()
            #expect(miss["Age"] == nil)
            #expect(miss["Date"] == "Tue, 14 Nov 2023 22:13:20 GMT")
            #expect(try await app.stored()["Age"] == "0")
            app.clock.advance(by: .milliseconds(12_900))
            let hit = try await app.send()
            #expect(hit["Age"] == "12")
            #expect(hit["Date"] == miss["Date"])
            #expect(hit.cacheStatus == "CachedRoutes; hit; ttl=47")
        }
    }
}
