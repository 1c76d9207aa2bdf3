import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Warming")
struct WarmTests {
    private let days = RouteInput(.query, "days", .int, default: "7")

    private func warmed(_ policy: WarmPolicy, ttl: Duration = .seconds(60)) -> RouteDefinition {
        route(CachePolicy(ttl: ttl, jitter: 0, warm: policy), days)
    }

    @Test("Declared answers are there before anybody asks", arguments: Backing.allCases)
    func atStart(backing: Backing) async throws {
        let policy = WarmPolicy(every: .seconds(3600), with: [[:], ["days": ["30"]]])
        try await Harness.run([warmed(policy)], on: backing) { app async throws in
            try await poll("both are made") { app.database.queryCount == 2 }
            #expect(try await app.stored("/r?days=7").cacheStatus == "CachedRoutes; hit; ttl=60")
            #expect(try await app.stored("/r?days=30").cacheStatus == "CachedRoutes; hit; ttl=60")
            #expect(app.database.queryCount == 2)
            #expect(app.log.lines.count { $0.hasPrefix("info Warmed an answer") && $0.contains("route=route") } == 2)
        }
    }

    @Test("A fleet makes each of them once, and once in a period")
    func fleet() async throws {
        let policy = WarmPolicy(every: .milliseconds(700))
        try await Harness.fleet(of: 3, [warmed(policy)], database: CannedDatabase(json: "[1]")) { apps async throws in
            try await poll("the marker is there") {
                try await apps[0].redis("EXISTS", "conformance:0badcafe:get:/r:days=7;warm") == "1"
            }
            let first = apps[0].database.queryCount
            #expect(first == 1)
            apps[0].clock.advance(by: .seconds(1))
            try await poll("it is made again") { apps[0].database.queryCount > first }
            #expect(apps[0].database.queryCount == 2)
            try await poll("the new answer is in the store") { try await apps[1].send()["Age"] == "0" }
        }
    }

    @Test("Without at-start the first period is waited for")
    func notAtStart() async throws {
        let policy = WarmPolicy(every: .seconds(3600), atStart: false)
        try await Harness.run([warmed(policy)]) { app async throws in
            #expect(try await app.send().cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("A failure is logged and tried again")
    func failure() async throws {
        let policy = WarmPolicy(every: .seconds(3600))
        let database = CannedDatabase { _, _ throws(RouteDatabaseError) in
            throw RouteDatabaseError(.unavailable, "no server")
        }
        try await Harness.run([warmed(policy)], database: database) { app async throws in
            try await poll("it is logged") {
                app.log.lines.contains { $0.hasPrefix("warning An answer could not be warmed") }
            }
            app.database.answer { _, _ in "[2]" }
            try await poll("it is made") { app.log.lines.contains { $0.hasPrefix("info Warmed an answer") } }
            #expect(try await app.send().cacheStatus == "CachedRoutes; hit; ttl=60")
        }
    }

    @Test("No more answers are made at once than the bound")
    func bounded() async throws {
        let running = Mutex((now: 0, most: 0))
        let gate = Gate()
        let database = CannedDatabase { _, _ in
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            await gate.pass()
            running.withLock { $0.now -= 1 }
            return "[1]"
        }
        let policy = WarmPolicy(every: .seconds(3600), with: (1...6).map { ["days": ["\($0)"]] })
        try await Harness.run([warmed(policy)], database: database) { app async throws in
            await gate.arrivals(2)
            gate.open()
            try await poll("all are made") { app.database.queryCount == 6 }
            #expect(running.withLock { $0.most } == 2)
        }
    }

    @Test("A stored answer is made anew before it expires, and given until then")
    func beforeExpiry() async throws {
        // A tenth of the ttl before its end, in real time; the entry's own clock stands still.
        let policy = WarmPolicy(every: .seconds(1))
        try await Harness.run([warmed(policy, ttl: .seconds(1))], on: .redis) { app async throws in
            try await app.stored()
            app.database.answer { _, _ in "[2]" }
            try await poll("the new answer") { try await app.stored().text == "[2]" }
        }
    }
}
