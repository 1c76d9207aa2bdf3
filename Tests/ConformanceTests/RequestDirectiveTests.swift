import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@Suite("Directives of requests (RFC 9111, 5.2.1)")
struct RequestDirectiveTests {
    static let windows = CachePolicy(staleIfError: .seconds(600))

    /// Runs `body` when `/r` is kept as `[1]` and has had this age; the database says `[2]` by then.
    private static func kept(
        _ cache: CachePolicy = CachePolicy(),
        on backing: Backing = .memory,
        directives: RouteDeclaration.RequestDirectives = .honor,
        age: Duration = .zero,
        _ body: (Harness) async throws -> Void
    ) async throws {
        try await Harness.run([route(cache, requestDirectives: directives)], on: backing) { app in
            try await app.stored()
            app.clock.advance(by: age)
            app.database.answer(json: "[2]")
            try await body(app)
        }
    }

    private static func ask(_ control: String, _ app: Harness) async throws -> HTTPClient.Response {
        try await app.send(.GET, "/r", [("Cache-Control", control)])
    }

    private static func status(_ control: String, _ app: Harness) async throws -> CacheStatusField {
        try CacheStatusField(of: try await ask(control, app))
    }

    // MARK: - no-cache and no-store

    @Test("5.2.1.4: no-cache has the answer made anew, and kept", arguments: Backing.allCases)
    func noCache(backing: Backing) async throws {
        try await Self.kept(on: backing) { app in
            let anew = try await Self.ask("no-cache", app)
            #expect(anew.text == "[2]")
            #expect(anew["Age"] == nil)
            #expect(try CacheStatusField(of: anew) == .forwarded("request", stored: true))
            try await poll("it is kept") { try await app.send().text == "[2]" }
            #expect(app.database.queryCount == 2)
        }
    }

    @Test("5.2.1.4: no-cache does not take an answer that somebody else has asked for before")
    func noCacheIsAlone() async throws {
        let gate = DatabaseGate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "[1]"
        }
        try await Harness.run([route(requestDirectives: .honor)], database: database) { app in
            async let plain = app.send()
            try await poll("the first one asks") { database.queryCount == 1 }
            database.answer(json: "[2]")
            let anew = try await Self.ask("no-cache", app)
            #expect(anew.text == "[2]")
            #expect(try CacheStatusField(of: anew) == .forwarded("uri-miss", stored: true))
            gate.open()
            #expect(try await plain.text == "[1]")
            #expect(database.queryCount == 2)
        }
    }

    @Test("5.2.1.5: no-store reads nothing from the store", arguments: Backing.allCases)
    func noStoreReadsNothing(backing: Backing) async throws {
        try await Self.kept(on: backing) { app in
            let own = try await Self.ask("no-store", app)
            #expect(own.text == "[2]")
            #expect(try CacheStatusField(of: own) == .forwarded("request"))
            #expect(try await app.send().text == "[1]")
            #expect(try CacheStatusField(of: try await app.send()) == .hit(ttl: 60))
        }
    }

    @Test("5.2.1.5: no-store puts nothing there", arguments: Backing.allCases)
    func noStoreWritesNothing(backing: Backing) async throws {
        try await Harness.run([route(requestDirectives: .honor)], on: backing) { app async throws in
            for _ in 0..<2 {
                #expect(try CacheStatusField(of: try await Self.ask("no-store", app)) == .forwarded("request"))
            }
            #expect(app.database.queryCount == 2)
            if backing == .redis { #expect(try await app.redis("DBSIZE") == "0") }
            #expect(try CacheStatusField(of: try await app.send()) == .forwarded("uri-miss", stored: true))
        }
    }

    @Test("5.2.1.5: the answer to no-store is nobody else's")
    func noStoreIsAlone() async throws {
        let gate = DatabaseGate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "[1]"
        }
        try await Harness.run([route(requestDirectives: .honor)], database: database) { app in
            async let own = Self.ask("no-store", app)
            try await poll("the first one asks") { database.queryCount == 1 }
            database.answer(json: "[2]")
            let plain = try await app.send()
            #expect(plain.text == "[2]")
            #expect(try CacheStatusField(of: plain) == .forwarded("uri-miss", stored: true))
            gate.open()
            #expect(try await own.text == "[1]")
            #expect(try await app.stored().text == "[2]")
        }
    }

    // MARK: - max-age, min-fresh and max-stale

    @Test("5.2.1.1: max-age is the greatest age taken", arguments: Backing.allCases)
    func maxAge(backing: Backing) async throws {
        try await Self.kept(on: backing, age: .seconds(10)) { app in
            #expect(try await Self.status("max-age=11", app) == .hit(ttl: 50))
            #expect(try await Self.status("max-age=10", app) == .hit(ttl: 50))
            let anew = try await Self.ask("max-age=9", app)
            #expect(anew.text == "[2]")
            #expect(try CacheStatusField(of: anew) == .forwarded("request", stored: true))
        }
    }

    @Test("5.2.1.1: max-age takes nothing stale without max-stale")
    func maxAgeOfStale() async throws {
        let cache = CachePolicy(staleWhileRevalidate: .seconds(600))
        try await Self.kept(cache, age: .seconds(70)) { app in
            let anew = try await Self.ask("max-age=1000", app)
            #expect(anew.text == "[2]")
            #expect(try CacheStatusField(of: anew) == .forwarded("stale", stored: true))
        }
        try await Self.kept(cache, age: .seconds(70)) { app async throws in
            #expect(try await Self.status("max-age=1000, max-stale", app) == .hit(ttl: -10))
        }
        try await Self.kept(cache, age: .seconds(70)) { app async throws in
            #expect(try await Self.status("max-age=69, max-stale", app) == .forwarded("stale", stored: true))
        }
    }

    @Test("5.2.1.3: min-fresh is the least freshness taken", arguments: Backing.allCases)
    func minFresh(backing: Backing) async throws {
        try await Self.kept(on: backing, age: .seconds(10)) { app in
            #expect(try await Self.status("min-fresh=49", app) == .hit(ttl: 50))
            #expect(try await Self.status("min-fresh=50", app) == .hit(ttl: 50))
            let anew = try await Self.ask("min-fresh=51", app)
            #expect(anew.text == "[2]")
            #expect(try CacheStatusField(of: anew) == .forwarded("request", stored: true))
        }
    }

    @Test("5.2.1.2: max-stale takes a stale answer, as stale as it says", arguments: Backing.allCases)
    func maxStale(backing: Backing) async throws {
        try await Self.kept(Self.windows, on: backing, age: .seconds(70)) { app in
            #expect(try await Self.status("max-stale", app) == .hit(ttl: -10))
            #expect(try await Self.status("max-stale=10", app) == .hit(ttl: -10))
            #expect(try await Self.ask("max-stale=11", app).text == "[1]")
            let anew = try await Self.ask("max-stale=9", app)
            #expect(anew.text == "[2]")
            #expect(try CacheStatusField(of: anew) == .forwarded("stale", stored: true))
        }
    }

    @Test("5.2.1.2, Contract 5: max-stale gets nothing beyond the declared windows", arguments: Backing.allCases)
    func maxStaleWithoutWindow(backing: Backing) async throws {
        try await Self.kept(on: backing, age: .seconds(61)) { app async throws in
            #expect(try await Self.status("max-stale", app) == .forwarded("stale", stored: true))
        }
        try await Self.kept(CachePolicy(staleIfError: .seconds(10)), on: backing, age: .seconds(70)) { app in
            let status = try await Self.status("max-stale=1000", app)
            // The store may have let it go by then.
            #expect([.forwarded("stale", stored: true), .forwarded("uri-miss", stored: true)].contains(status))
        }
    }

    @Test("RFC 5861, 4: a stale answer stands in for an error only where the directives allow it")
    func staleIfError() async throws {
        try await Self.kept(Self.windows, age: .seconds(70)) { app async throws in
            app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
            for control in ["no-cache", "no-store", "max-age=60", "min-fresh=0", "max-stale=9"] {
                #expect(try await Self.ask(control, app).status == 503, "\(control)")
            }
            #expect(try await Self.ask("max-stale=10", app).text == "[1]")
            #expect(try await app.send().text == "[1]")
        }
    }

    // MARK: - only-if-cached

    @Test("5.2.1.7: only-if-cached is 504 where nothing is kept, and asks nobody", arguments: Backing.allCases)
    func onlyIfCached(backing: Backing) async throws {
        try await Harness.run([route(requestDirectives: .honor)], on: backing) { app in
            let refused = try await Self.ask("only-if-cached", app)
            #expect(refused.status == 504)
            #expect(refused["Content-Type"] == "application/problem+json")
            #expect(refused["Cache-Control"] == "no-store")
            #expect(try CacheStatusField(of: refused).forward == nil)
            #expect(app.database.queryCount == 0)
            try await app.stored()
            #expect(try await Self.ask("only-if-cached", app).text == "[1]")
            app.clock.advance(by: .seconds(61))
            #expect(try await Self.ask("only-if-cached", app).status == 504)
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("5.2.1.7: only-if-cached is 504 where another directive refuses what is kept")
    func onlyIfCachedWithOthers() async throws {
        try await Self.kept(Self.windows, age: .seconds(70)) { app async throws in
            for control in ["max-age=60", "no-cache", "no-store", "min-fresh=1", "max-stale=9"] {
                #expect(try await Self.ask("\(control), only-if-cached", app).status == 504, "\(control)")
            }
            #expect(try await Self.ask("only-if-cached, max-stale=10", app).text == "[1]")
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("5.2.1.7: only-if-cached asks nobody with Authorization either")
    func onlyIfCachedWithAuthorization() async throws {
        try await Self.kept { app async throws in
            let fields = [("Authorization", "Bearer x"), ("Cache-Control", "only-if-cached")]
            #expect(try await app.send(.GET, "/r", fields).status == 504)
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("RFC 9110, 9.3.2: HEAD is obeyed as GET is")
    func head() async throws {
        try await Self.kept { app in
            let anew = try await app.send(.HEAD, "/r", [("Cache-Control", "no-cache")])
            #expect(try CacheStatusField(of: anew) == .forwarded("request", stored: true))
            #expect(app.database.queryCount == 2)
        }
    }

    // MARK: - The field

    @Test(
        "5.2: any case, anywhere in the list, quoted or not",
        arguments: [
            "NO-CACHE", "No-Cache", "x, no-cache", "no-cache,x", "x=1 ,\tno-cache ", ",, no-cache",
            "x=\"a, b\", no-cache",
            "x=\"a\\\", b\", no-cache", "max-age=1000, no-cache", "max-age=3", "MAX-AGE=3", "max-age=\"3\"",
            "max-age=1000, max-age=3", "max-age=3, max-age=1000", "max-age=0000003", "min-fresh=\"57\"",
            "min-fresh=99999999999999999999", "no-cache=\"x\"", "=, no-cache", "x y, no-cache", "\", no-cache",
        ]
    )
    func written(control: String) async throws {
        try await Self.kept(age: .seconds(4)) { app async throws in
            #expect(try await Self.status(control, app) == .forwarded("request", stored: true))
        }
    }

    @Test(
        "5.2.3: what is unknown, malformed or only quoted is ignored",
        arguments: [
            "", ",", "unknown", "unknown=1", "no-cache-please", "no_cache", "x=\"no-cache\"", "x=\"a, no-cache, b\"",
            "x=\"\\\", no-cache\"", "x=no-cache", "no-cache x", "no cache", "max-age", "max-age=", "max-age=x",
            "max-age=-1", "max-age=1.5", "max-age= 1", "max-age =1", "min-fresh", "min-fresh=x", "stale-if-error=1",
            "s-maxage=1", "public", "private", "must-revalidate", "max-age=99999999999999999999", "max-stale=x",
            "min-fresh=56",
        ]
    )
    func ignored(control: String) async throws {
        try await Self.kept(age: .seconds(4)) { app async throws in
            #expect(try await Self.status(control, app) == .hit(ttl: 56))
        }
    }

    @Test("RFC 9110, 5.3: several lines are one list")
    func severalLines() async throws {
        try await Self.kept { app in
            let fields = [("Cache-Control", "max-age=1000"), ("cache-control", "no-cache"), ("Cache-Control", "x")]
            let anew = try await app.send(.GET, "/r", fields)
            #expect(try CacheStatusField(of: anew) == .forwarded("request", stored: true))
        }
    }

    @Test("5.4: Pragma: no-cache stands in for an absent Cache-Control, and only for that")
    func pragma() async throws {
        try await Self.kept { app in
            let both = try await app.send(.GET, "/r", [("Pragma", "no-cache"), ("Cache-Control", "max-age=1000")])
            #expect(both.text == "[1]")
            #expect(try await app.send(.GET, "/r", [("Pragma", "no-cache"), ("Cache-Control", "")]).text == "[1]")
            #expect(try await app.send(.GET, "/r", [("Pragma", "x")]).text == "[1]")
            #expect(try await app.send(.GET, "/r", [("Pragma", "x, No-Cache")]).text == "[2]")
        }
    }

    // MARK: - By default

    @Test("Contract 5: by default nobody is obeyed", arguments: Backing.allCases)
    func byDefault(backing: Backing) async throws {
        try await Self.kept(on: backing, directives: .ignore, age: .seconds(4)) { app async throws in
            for control in ["no-cache", "no-store", "max-age=0", "min-fresh=60", "only-if-cached, no-cache"] {
                #expect(try await Self.status(control, app) == .hit(ttl: 56), "\(control)")
            }
            #expect(try await app.send(.GET, "/r", [("Pragma", "no-cache")]).text == "[1]")
            #expect(app.database.queryCount == 1)
        }
        try await Harness.run([route(Self.windows)], on: backing) { app in
            #expect(try await Self.status("no-store", app) == .forwarded("uri-miss", stored: true))
            try await app.stored()
            app.clock.advance(by: .seconds(61))
            #expect(try await Self.status("max-stale", app) == .forwarded("stale", stored: true))
        }
        try await Harness.run([route()], on: backing) { app async throws in
            #expect(try await Self.ask("only-if-cached", app).status == 200)
        }
    }
}
