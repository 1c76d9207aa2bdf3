import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

extension ResponseTests {
    /// A route and what its answers say to clients.
    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let route: RouteDefinition
        let value: String?

        init(_ description: String, _ route: RouteDefinition, _ value: String?) {
            testDescription = description
            self.route = route
            self.value = value
        }
    }

    private static let user = RouteInput(.context, "user", .string)
    private static let language = RouteInput(
        .header,
        "lang",
        .string,
        from: "Accept-Language",
        default: "en",
        oneOf: ["en", "de"]
    )

    // MARK: - Cache-Control

    static let cacheControlRules = [
        Rule("its default is the ttl", route(CachePolicy(ttl: .seconds(90))), "max-age=90"),
        Rule("client-ttl is max-age", route(CachePolicy(clientTTL: .seconds(10))), "max-age=10"),
        Rule("client-ttl may be longer than the ttl", route(CachePolicy(clientTTL: .seconds(600))), "max-age=600"),
        Rule("no time at all is no-cache", route(CachePolicy(clientTTL: .zero)), "no-cache"),
        Rule("less than a second is no-cache", route(CachePolicy(clientTTL: .milliseconds(999))), "no-cache"),
        Rule("a ttl of less than a second is no-cache", route(CachePolicy(ttl: .milliseconds(500))), "no-cache"),
        Rule("public is said", route(public: true), "public, max-age=60"),
        Rule("somebody's own is private and no-cache", route(CachePolicy(), user), "private, no-cache"),
        Rule(
            "somebody's own may have a client-ttl",
            route(CachePolicy(clientTTL: .seconds(10)), user),
            "private, max-age=10"
        ),
        Rule("somebody's own is never public", route(public: true, user), "private, no-cache"),
        Rule(
            "stale windows stand beside a positive max-age",
            route(CachePolicy(staleWhileRevalidate: .seconds(30), staleIfError: .seconds(600))),
            "max-age=60, stale-while-revalidate=30, stale-if-error=600"
        ),
        Rule(
            "stale windows stand beside nothing else",
            route(
                CachePolicy(staleWhileRevalidate: .seconds(30), staleIfError: .seconds(600), clientTTL: .zero)
            ),
            "no-cache"
        ),
        Rule(
            "jitter is not the client's business",
            route(CachePolicy(ttl: .seconds(100), jitter: 50)),
            "max-age=100"
        ),
    ]

    @Test("Contract 5, Cache-Control (RFC 9111, 5.2.2; RFC 5861)", arguments: Backing.allCases, cacheControlRules)
    func cacheControl(backing: Backing, rule: Rule) async throws {
        try await Harness.run([rule.route], on: backing, draw: { 1 }, context: { _ in ["user": "a"] }) { app in
            #expect(try await app.send()["Cache-Control"] == rule.value, "miss")
            #expect(try await app.stored()["Cache-Control"] == rule.value, "hit")
            let unmodified = try await app.send(.GET, "/r", [("If-None-Match", "*")])
            #expect(unmodified.status == 304)
            #expect(unmodified["Cache-Control"] == rule.value, "304")
        }
    }

    @Test("RFC 9111, 4.2: max-age stays what it is beside Age")
    func maxAgeBesideAge() async throws {
        try await Harness.run([route()]) { app in
            try await app.stored()
            app.clock.advance(by: .seconds(20))
            let hit = try await app.send()
            #expect(hit["Age"] == "20")
            #expect(hit["Cache-Control"] == "max-age=60")
        }
    }

    @Test("Contract 5, Cache-Control: what there is not may be kept for negative-ttl, and never stale")
    func negative() async throws {
        let cache = CachePolicy(
            staleWhileRevalidate: .seconds(30),
            staleIfError: .seconds(30),
            negativeTTL: .seconds(10)
        )
        try await Harness.run([route(cache, returns: .one)], database: CannedDatabase { _, _ in nil }) { app in
            for answer in [try await app.send(), try await app.stored()] {
                #expect(answer.status == 404)
                #expect(answer["Cache-Control"] == "max-age=10")
            }
        }
    }

    @Test("RFC 9111, 5.2.2.5: errors are kept by nobody")
    func errors() async throws {
        let database = CannedDatabase { _, values throws(RouteDatabaseError) in
            switch values.text(at: 0) {
            case "500": throw RouteDatabaseError(.failed, "")
            case "503": throw RouteDatabaseError(.unavailable, "")
            case "504": throw RouteDatabaseError(.deadlineExceeded, "")
            default: return nil
            }
        }
        let routes = [
            route(public: true, returns: .one, RouteInput(.query, "n", .int)),
            route(path: "/own", RouteInput(.context, "user", .string)),
        ]
        try await Harness.run(routes, database: database) { app in
            for (target, status) in [
                ("/r?n=500", 500), ("/r?n=503", 503), ("/r?n=504", 504), ("/r?n=404", 404), ("/r?n=x", 400),
                ("/own", 401),
            ] {
                let answer = try await app.send(.GET, target)
                #expect(answer.status == status)
                #expect(answer["Cache-Control"] == "no-store", "\(target)")
            }
            #expect(try await app.send(.DELETE).status == 405)
            #expect(try await app.send(.DELETE)["Cache-Control"] == "no-store")
        }
    }

    // MARK: - Vary

    static let varyRules = [
        Rule("the coding is chosen by the request", route(), "Accept-Encoding"),
        Rule("nothing depends on the request's fields", route(CachePolicy(compress: false)), nil),
        Rule(
            "header inputs",
            route(CachePolicy(compress: false), language, RouteInput(.header, "trace", .string, from: "X-Trace")),
            "Accept-Language, X-Trace"
        ),
        Rule("header inputs and the coding", route(CachePolicy(), language), "Accept-Language, Accept-Encoding"),
        Rule(
            "context inputs come from the request's credentials",
            route(CachePolicy(compress: false), user),
            "Authorization, Cookie"
        ),
        Rule(
            "context inputs and the coding",
            route(CachePolicy(), user, language),
            "Accept-Language, Authorization, Cookie, Accept-Encoding"
        ),
        Rule(
            "no field twice",
            route(CachePolicy(), RouteInput(.header, "coding", .string, from: "accept-encoding")),
            "accept-encoding"
        ),
    ]

    @Test("RFC 9110, 12.5.5: Vary names what was looked at, on 200, 304, 404 and HEAD alike", arguments: varyRules)
    func vary(rule: Rule) async throws {
        try await Harness.run([rule.route], context: { _ in ["user": "a"] }) { app async throws in
            let unmodified = [("If-None-Match", "*")]
            #expect(try await app.send(.GET, "/r", unmodified)["Vary"] == rule.value, "304 on a miss")
            #expect(try await app.stored()["Vary"] == rule.value, "hit")
            #expect(try await app.send(.GET, "/r", unmodified)["Vary"] == rule.value, "304 on a hit")
            #expect(try await app.send(.HEAD)["Vary"] == rule.value, "HEAD")
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send()["Vary"] == rule.value, "miss")
        }
    }

    @Test("RFC 9110, 12.5.5: Vary stands on a 404, whether it may be kept or not", arguments: [nil, 10])
    func varyOfNegative(seconds: Int?) async throws {
        let cache = CachePolicy(negativeTTL: seconds.map { .seconds($0) })
        let database = CannedDatabase { _, _ in nil }
        try await Harness.run([route(cache, returns: .one, Self.language)], database: database) { app in
            for _ in 0..<2 {
                let answer = try await app.send()
                #expect(answer.status == 404)
                #expect(answer["Vary"] == "Accept-Language, Accept-Encoding")
            }
        }
    }
}
