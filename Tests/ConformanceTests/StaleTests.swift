import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Stale answers (RFC 9111, 4.2.4 and RFC 5861)")
struct StaleTests {
    private let windows = CachePolicy(
        ttl: .seconds(60),
        staleWhileRevalidate: .seconds(30),
        staleIfError: .seconds(600)
    )

    private static let unavailable: CannedDatabase.Answer = { _, _ throws(RouteDatabaseError) in
        throw RouteDatabaseError(.unavailable, "no server")
    }

    @Test("4.2.4: Without a window no stale answer is given, whatever happens", arguments: Backing.allCases)
    func noWindow(backing: Backing) async throws {
        try await Harness.run([route(CachePolicy(ttl: .seconds(60)))], on: backing) { app async throws in
            try await app.stored()
            app.clock.advance(by: .seconds(61))
            app.database.answer(Self.unavailable)
            let response = try await app.send()
            #expect(response.status == 503)
            #expect(response.cacheStatus == "CachedRoutes; fwd=stale")
        }
    }

    @Test("5861 3: A stale answer is given at once, while one query makes the next", arguments: Backing.allCases)
    func staleWhileRevalidate(backing: Backing) async throws {
        let gate = Gate()
        try await Harness.run([route(windows)], on: backing) { app async throws in
            let fresh = try await app.stored()
            app.clock.advance(by: .milliseconds(60_500))
            app.database.answer { _, _ in
                await gate.pass()
                return "[2]"
            }
            for _ in 0..<5 {
                let stale = try await app.send()
                #expect(stale.text == "[1]")
                #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-1")
                #expect(stale["Age"] == "60")
                #expect(stale["ETag"] == fresh["ETag"])
                #expect(stale["Cache-Control"] == "max-age=60, stale-while-revalidate=30, stale-if-error=600")
            }
            await gate.arrivals(1)
            gate.open()
            try await poll("the new answer") { try await app.send().text == "[2]" }
            #expect(try await app.send().cacheStatus == "CachedRoutes; hit; ttl=60")
            #expect(app.database.queryCount == 2)
        }
    }

    @Test("5861 3: Behind the window the answer is waited for", arguments: Backing.allCases)
    func behindTheWindow(backing: Backing) async throws {
        try await Harness.run([route(CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(30)))], on: backing)
        { app async throws in
            try await app.stored()
            app.database.answer { _, _ in "[2]" }
            app.clock.advance(by: .seconds(90))
            let response = try await app.send()
            #expect(response.text == "[2]")
            #expect(response.cacheStatus == "CachedRoutes; fwd=stale; stored")
        }
    }

    @Test("5861 3: A renewal that finds nothing takes the old answer away", arguments: Backing.allCases)
    func nothing(backing: Backing) async throws {
        try await Harness.run([route(windows, returns: .one)], on: backing) { app async throws in
            try await app.stored()
            app.database.answer { _, _ in nil }
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send().cacheStatus == "CachedRoutes; hit; ttl=-1")
            try await poll("the old answer is gone") { try await app.send().status == 404 }
            #expect(try await app.send().cacheStatus == "CachedRoutes; fwd=uri-miss")
        }
    }

    @Test("Contract 5: A renewal takes the lock of the fleet, and does nothing while somebody else has it")
    func lock() async throws {
        try await Harness.run([route(windows)], on: .redis) { app async throws in
            try await app.stored()
            let name = try await app.lockName()
            #expect(try await app.redis("SET", name, "another", "PX", "600000") == "OK")
            app.clock.advance(by: .seconds(61))
            for _ in 0..<3 {
                #expect(try await app.send().cacheStatus?.hasPrefix("CachedRoutes; hit; ttl=-") == true)
                // The next one asks for the lock again.
                app.clock.advance(by: .milliseconds(200))
            }
            #expect(app.database.queryCount == 1)
            #expect(try await app.redis("DEL", name) == "1")
            app.database.answer { _, _ in "[2]" }
            try await poll("the new answer") {
                app.clock.advance(by: .milliseconds(200))
                return try await app.send().text == "[2]"
            }
            #expect(app.database.queryCount == 2)
            try await poll("the lock is given back") { try await app.redis("EXISTS", name) == "0" }
        }
    }

    @Test(
        "5861 4: A stale answer stands in for one that could not be made, and says why",
        arguments: [
            (RouteDatabaseError.Code.unavailable, "database-away"), (.overloaded, "database-busy"),
            (.failed, "query-failed"),
            (.deadlineExceeded, "deadline-exceeded"),
        ]
    )
    func staleIfError(kind: RouteDatabaseError.Code, detail: String) async throws {
        for backing in Backing.allCases {
            try await Harness.run([route(CachePolicy(staleIfError: .seconds(600)))], on: backing) { app async throws in
                let fresh = try await app.stored()
                app.clock.advance(by: .seconds(90))
                app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(kind, "") }
                let stale = try await app.send()
                #expect(stale.status == 200)
                #expect(stale.text == fresh.text)
                #expect(stale["Age"] == "90")
                #expect(stale["ETag"] == fresh["ETag"])
                #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-30; detail=\(detail)")
            }
        }
    }

    @Test("5861 4: A deadline that passes is an error too")
    func deadline() async throws {
        let policy = CachePolicy(staleIfError: .seconds(600))
        try await Harness.run([route(policy, timeout: .milliseconds(200))]) { app async throws in
            try await app.stored()
            app.clock.advance(by: .seconds(90))
            app.database.answer { _, _ throws(RouteDatabaseError) in
                try? await Task.sleep(for: .seconds(60))
                throw RouteDatabaseError(.cancelled, "")
            }
            let stale = try await app.send()
            #expect(stale.status == 200)
            #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-30; detail=deadline-exceeded")
        }
    }

    @Test("5861 4: What the client did wrong is no error to hide")
    func clientErrors() async throws {
        let policy = CachePolicy(staleIfError: .seconds(600))
        let input = RouteInput(.query, "q", .string, optional: true)
        for kind in [RouteDatabaseError.Code.badValue, .forbidden, .refused, .conflict] {
            try await Harness.run([route(policy, input)]) { app async throws in
                try await app.stored()
                app.clock.advance(by: .seconds(90))
                app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(kind, "") }
                #expect((400..<500).contains(try await app.send().status))
            }
        }
    }

    @Test("5861 4: Behind its window a stale answer hides nothing", arguments: Backing.allCases)
    func behindTheErrorWindow(backing: Backing) async throws {
        try await Harness.run([route(CachePolicy(staleIfError: .seconds(600)))], on: backing) { app async throws in
            try await app.stored()
            app.database.answer(Self.unavailable)
            app.clock.advance(by: .milliseconds(659_999))
            #expect(try await app.send().status == 200)
            app.clock.advance(by: .milliseconds(1))
            #expect(try await app.send().status == 503)
        }
    }

    @Test("Contract 5: A dead database is asked once in a throttle period of 30 s", arguments: Backing.allCases)
    func throttle(backing: Backing) async throws {
        try await Harness.run([route(CachePolicy(ttl: .seconds(60), staleIfError: .seconds(600)))], on: backing) {
            app async throws in
            try await app.stored()
            app.database.answer(Self.unavailable)
            app.clock.advance(by: .seconds(90))
            for _ in 0..<5 {
                #expect(try await app.send().cacheStatus == "CachedRoutes; hit; ttl=-30; detail=database-away")
            }
            #expect(app.database.queryCount == 2)
            app.clock.advance(by: .milliseconds(29_999))
            #expect(try await app.send().status == 200)
            #expect(app.database.queryCount == 2)
            app.clock.advance(by: .milliseconds(1))
            #expect(try await app.send().cacheStatus == "CachedRoutes; hit; ttl=-60; detail=database-away")
            #expect(app.database.queryCount == 3)
            app.database.answer { _, _ in "[2]" }
            app.clock.advance(by: .seconds(30))
            #expect(try await app.send().text == "[2]")
            #expect(app.database.queryCount == 4)
        }
    }

    @Test("Contract 5: The throttle period is the ttl where that is shorter")
    func shortThrottle() async throws {
        try await Harness.run([route(CachePolicy(ttl: .seconds(5), staleIfError: .seconds(600)))]) { app async throws in
            try await app.stored()
            app.database.answer(Self.unavailable)
            app.clock.advance(by: .seconds(10))
            #expect(try await app.send().status == 200)
            #expect(try await app.send().status == 200)
            #expect(app.database.queryCount == 2)
            app.clock.advance(by: .seconds(5))
            #expect(try await app.send().status == 200)
            #expect(app.database.queryCount == 3)
        }
    }

    @Test("Contract 5: A renewal that fails is not tried again for the throttle period", arguments: Backing.allCases)
    func failingRenewal(backing: Backing) async throws {
        try await Harness.run([route(windows)], on: backing) { app async throws in
            try await app.stored()
            app.database.answer(Self.unavailable)
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send().cacheStatus == "CachedRoutes; hit; ttl=-1")
            try await poll("the failure is known") {
                try await app.send().cacheStatus == "CachedRoutes; hit; ttl=-1; detail=database-away"
            }
            #expect(app.database.queryCount == 2)
        }
    }

    @Test("5861 4: A handler's 5xx, returned or thrown, is an error", arguments: [500, 501, 502, 503, 504, 599])
    func handler(status: Int) async throws {
        for isThrown in [false, true] {
            let isBroken = Switch()
            let route = handlerRoute(CachePolicy(staleIfError: .seconds(600))) { _ in
                guard isBroken.isOn else {
                    return HandlerResponse(bytes: ByteBuffer(string: "ok"), contentType: "text/plain")
                }
                if isThrown { throw HandlerError(status: status, "broken") }
                return HandlerResponse(status: status)
            }
            try await Harness.run([route]) { app async throws in
                try await app.stored("/h")
                app.clock.advance(by: .seconds(61))
                isBroken.turnOn()
                for ttl in [1, 31, 61] {
                    for _ in 0..<2 {
                        let stale = try await app.send(.GET, "/h")
                        #expect(stale.status == 200)
                        #expect(stale.text == "ok")
                        #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-\(ttl); detail=handler-failed")
                    }
                    // Past the throttle the handler is asked again, and the old answer has to be there still.
                    app.clock.advance(by: .seconds(30))
                }
            }
        }
    }

    @Test("5861 4: A renewal that a handler refuses for good ends the old answer", arguments: Backing.allCases)
    func refusedRenewal(backing: Backing) async throws {
        let isForbidden = Switch()
        let forbidding = handlerRoute(windows) { _ in
            if isForbidden.isOn { throw HandlerError(status: 403, "Not any more.") }
            return HandlerResponse(bytes: ByteBuffer(string: "ok"), contentType: "text/plain")
        }
        try await Harness.run([forbidding], on: backing) { app async throws in
            try await app.stored("/h")
            isForbidden.turnOn()
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send(.GET, "/h").status == 200)
            try await poll("the refusal is known") { try await app.send(.GET, "/h").status == 403 }
        }
    }

    @Test("5861 4: A handler's 5xx in a renewal leaves the old answer", arguments: Backing.allCases)
    func failingHandlerRenewal(backing: Backing) async throws {
        let isBroken = Switch()
        let asked = Tally()
        let breaking = handlerRoute(windows) { _ in
            asked.add()
            if isBroken.isOn { return HandlerResponse(status: 503) }
            return HandlerResponse(bytes: ByteBuffer(string: "ok"), contentType: "text/plain")
        }
        try await Harness.run([breaking], on: backing) { app async throws in
            try await app.stored("/h")
            isBroken.turnOn()
            app.clock.advance(by: .seconds(61))
            try await poll("the failure is known") {
                try await app.send(.GET, "/h").cacheStatus == "CachedRoutes; hit; ttl=-1; detail=handler-failed"
            }
            app.clock.advance(by: .seconds(60))
            #expect(try await app.send(.GET, "/h").text == "ok")
            #expect(asked.value == 3)
        }
    }

    @Test("Contract 5: Jitter shortens a ttl, and never what clients are told", arguments: [0.0, 0.5, 1.0])
    func jitter(draw: Double) async throws {
        let policy = CachePolicy(ttl: .seconds(100), jitter: 20)
        try await Harness.run([route(policy)], draw: { draw }) { app async throws in
            let hit = try await app.stored()
            #expect(hit.cacheStatus == "CachedRoutes; hit; ttl=\(100 - Int(20 * draw))")
            #expect(hit["Cache-Control"] == "max-age=100")
        }
    }
}
