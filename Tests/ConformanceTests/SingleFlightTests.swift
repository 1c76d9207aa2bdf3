import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import Synchronization
import TestApp
import TestServers
import Testing

@testable import CachedRoutes

@Suite("Collapsed requests (RFC 9111, 4; RFC 9211, 2.6)")
struct SingleFlightTests {
    private let gate = Gate()
    private var gated: CannedDatabase {
        CannedDatabase { [gate] _, _ in
            await gate.pass()
            return "[1]"
        }
    }

    @Test("Contract 5: 64 clients that miss one key at once make one query", arguments: Backing.allCases)
    func process(backing: Backing) async throws {
        try await Harness.run([route()], on: backing, database: gated) { app async throws in
            let answers = try await concurrently(64, from: [app]) {
                try await poll("all wait") { app.service.waitingRequests == 64 }
                gate.open()
            }
            #expect(app.database.queryCount == 1)
            #expect(answers.allSatisfy { $0.status == 200 && $0.text == "[1]" })
            let collapsed = answers.count { $0.cacheStatus == "CachedRoutes; fwd=uri-miss; stored; collapsed" }
            #expect(collapsed == 63)
        }
    }

    @Test("Contract 2: With coalesce: off each makes its own")
    func off() async throws {
        let off = route(CachePolicy(coalesce: .off))
        try await Harness.run([off], database: gated) { app async throws in
            let answers = try await concurrently(8, from: [app]) {
                await gate.arrivals(8)
                gate.open()
            }
            #expect(app.database.queryCount == 8)
            #expect(answers.allSatisfy { $0.cacheStatus == "CachedRoutes; fwd=uri-miss; stored" })
        }
    }

    @Test(
        "Contract 5: Any clients of 64 may leave, the first one too, and the rest get the answer",
        arguments: [1, 2, 3] as [UInt64]
    )
    func departures(seed: UInt64) async throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func isLeaving() -> Bool {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state & 1 == 0
        }
        try await Harness.run([route()], database: gated) { app async throws in
            let request = "GET /r HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            var connections: [RawConnection] = []
            for number in 1...64 {
                connections.append(try await RawConnection.open(request, port: app.port))
                try await poll("it waits") { app.service.waitingRequests == number }
            }
            var staying: [RawConnection] = []
            for (index, connection) in connections.enumerated() {
                if index == 0 || isLeaving() {
                    try await connection.close()
                } else {
                    staying.append(connection)
                }
            }
            let count = staying.count
            try await poll("they have left") { app.service.waitingRequests == count }
            gate.open()
            for connection in staying { #expect(try await connection.answer.contains(" 200 OK\r\n")) }
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("Contract 5: An answer that may not be shared is not, and nobody waits in line for it")
    func uncacheable() async throws {
        let number = Tally()
        let alone = Gate()
        let gate = gate
        let route = handlerRoute { _ in
            number.add()
            let own = number.value
            // The first one is waited for; the others are all at it together before any of them ends.
            if own == 1 { await gate.pass() } else { await alone.pass() }
            return HandlerResponse(
                bytes: ByteBuffer(string: "\(own)"),
                contentType: "text/plain",
                headerFields: [.setCookie: "id=\(own)"]
            )
        }
        try await Harness.run([route]) { app async throws in
            let answers = try await concurrently(16, from: [app], "/h") {
                try await poll("all wait") { app.service.waitingRequests == 16 }
                gate.open()
                await alone.arrivals(15)
                alone.open()
            }
            #expect(Set(answers.map(\.text)).count == 16)
            for answer in answers { #expect(answer["Set-Cookie"] == "id=\(answer.text)") }
        }
    }

    @Test("Contract 5: With coalesce: fleet three processes make one query")
    func fleet() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet))
        try await Harness.fleet(of: 3, [fleet], database: gated) { apps async throws in
            let answers = try await concurrently(48, from: apps) {
                try await poll("all wait") { apps.allSatisfy { $0.service.waitingRequests == 16 } }
                gate.open()
            }
            #expect(apps[0].database.queryCount == 1)
            #expect(answers.allSatisfy { $0.status == 200 && $0.text == "[1]" })
            let name = try await apps[0].lockName()
            try await poll("the lock is given back") { try await apps[0].redis("EXISTS", name) == "0" }
        }
    }

    @Test("Contract 5: Processes don't wait in line for an answer that can't be stored")
    func unstorableFleet() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet), returns: .one)
        let number = Tally()
        let (first, others) = (gate, Gate())
        let database = CannedDatabase { _, _ in
            number.add()
            if number.value == 1 { await first.pass() } else { await others.pass() }
            return nil
        }
        try await Harness.fleet(of: 4, [fleet], database: database) { apps async throws in
            let answers = try await concurrently(4, from: apps) {
                try await poll("all wait") { apps.allSatisfy { $0.service.waitingRequests == 1 } }
                first.open()
                // The other three are at it together before any of them ends.
                await others.arrivals(3)
                others.open()
            }
            #expect(answers.allSatisfy { $0.status == 404 })
            // Now it is known that there is nothing to wait for.
            #expect(try await apps[0].send().status == 404)
            #expect(apps[0].database.queryCount == 5)
        }
    }

    @Test("5861 3: Processes that give the same stale answer renew it once")
    func renewalInFleet() async throws {
        let isGated = Switch()
        let gate = gate
        let database = CannedDatabase { _, _ in
            guard isGated.isOn else { return "[1]" }
            await gate.pass()
            return "[2]"
        }
        let windows = route(CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(600)))
        try await Harness.fleet(of: 3, [windows], database: database) { apps async throws in
            try await apps[0].stored()
            isGated.turnOn()
            apps[0].clock.advance(by: .seconds(61))
            for _ in 0..<3 {
                for app in apps {
                    #expect(try await app.send().cacheStatus?.hasPrefix("CachedRoutes; hit; ttl=-") == true)
                }
                // Those who did not get the lock ask for it again.
                apps[0].clock.advance(by: .milliseconds(200))
            }
            await gate.arrivals(1)
            gate.open()
            for app in apps { try await poll("the new answer") { try await app.send().text == "[2]" } }
            #expect(database.queryCount == 2)
        }
    }

    @Test("5.2.1.1: A fleet makes an answer anew for a request that refuses the stored one")
    func refusedInFleet() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet), requestDirectives: .honor)
        try await Harness.fleet(of: 2, [fleet], database: CannedDatabase(json: "[1]")) { apps async throws in
            try await apps[0].stored()
            apps[0].clock.advance(by: .seconds(30))
            apps[0].database.answer { _, _ in "[2]" }
            let fresh = try await apps[1].send(.GET, "/r", [("Cache-Control", "max-age=5")])
            #expect(fresh.text == "[2]")
            #expect(fresh.cacheStatus == "CachedRoutes; fwd=request; stored")
        }
    }

    @Test("Contract 2: With coalesce: process each process makes its own")
    func processes() async throws {
        try await Harness.fleet(of: 3, [route()], database: gated) { apps async throws in
            _ = try await concurrently(12, from: apps) {
                await gate.arrivals(3)
                gate.open()
            }
            #expect(apps[0].database.queryCount == 3)
        }
    }

    @Test("Contract 5: The death of the lock's holder costs nobody an answer")
    func deadHolder() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet), timeout: .seconds(2))
        try await Harness.fleet(of: 2, [fleet], database: CannedDatabase(json: "[1]")) { apps async throws in
            let name = try await apps[0].lockName()
            #expect(try await apps[0].redis("SET", name, "dead", "PX", "600000") == "OK")
            let answers = try await concurrently(8, from: apps) {}
            #expect(answers.allSatisfy { $0.status == 200 && $0.text == "[1]" })
            #expect(
                (1...2).contains(apps[0].database.queryCount),
                "one in each process, unless the other's is there by then"
            )
            #expect(try await apps[0].redis("GET", name) == "dead", "who does not own the lock leaves it alone")
            try await apps[1].stored()
        }
    }

    @Test("Contract 5: A holder whose query fails lets the others go on at once")
    func failingHolder() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet))
        let first = Switch()
        let gate = gate
        let database = CannedDatabase { _, _ throws(RouteDatabaseError) in
            guard !first.isOn else { return "[2]" }
            first.turnOn()
            await gate.pass()
            throw RouteDatabaseError(.failed, "once")
        }
        try await Harness.fleet(of: 2, [fleet], database: database) { apps async throws in
            let answers = try await concurrently(2, from: apps) {
                try await poll("both wait") { apps.allSatisfy { $0.service.waitingRequests == 1 } }
                await gate.arrivals(1)
                gate.open()
            }
            #expect(answers.map(\.status).sorted() == [200, 500])
            #expect(apps[0].database.queryCount == 2)
        }
    }

    @Test("Contract 5: Without Redis each process makes its own answer")
    func noRedis() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet))
        try await Harness.fleet(of: 2, [fleet], database: CannedDatabase(json: "[1]")) { apps async throws in
            let redis = apps[0].redis
            try await blocking { redis?.kill() }
            let answers = try await concurrently(2, from: apps) {}
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(apps[0].database.queryCount == 2)
        }
    }

    /// Sends requests at once, to each of the services in turn, and gives their answers.
    private func concurrently(
        _ count: Int,
        from apps: [Harness],
        _ target: String = "/r",
        _ meanwhile: () async throws -> Void
    ) async throws -> [HTTPClient.Response] {
        let requests = (0..<count).map { index in
            let app = apps[index % apps.count]
            return Task { try await app.send(.GET, target) }
        }
        try await meanwhile()
        var answers: [HTTPClient.Response] = []
        for request in requests { answers.append(try await request.value) }
        return answers
    }
}
