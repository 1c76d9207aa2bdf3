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
import TestApp
import TestServers
import Testing

@testable import CachedRoutesCore
@testable import cached_routes

@Suite("cached-routes explain")
struct ExplainCommandTests {
    private static let manifest = """
        version: 1
        namespace: shop
        base-path: /api/v1
        routes:
          listUsers:
            get: /users
            query:
              limit: { type: int, default: 20, min: 1, max: 100 }
              skip: { type: int, default: 0, min: 0 }
              name: { type: string, optional: true }
              ids: { type: "[int]", optional: true }
            sql: SELECT 1 AS a WHERE :name = 'a' AND 1 = ANY (:ids) LIMIT :limit OFFSET :skip
            public: true
            cache: { ttl: 60s, stale-while-revalidate: 30s, stale-if-error: 10m, tags: [ users ] }
          getUser:
            get: /users/{id}
            path: { id: int }
            header: { language: { type: string, from: Accept-Language, one-of: [ en, de ], default: en } }
            context: { tenant: string }
            sql: SELECT 1 AS a WHERE :id = 1 AND :tenant = :language
            returns: one
            cache: { ttl: 5m, negative-ttl: 10s, tags: [ "user:{id}" ], tables: [ users ] }
          mine: { get: /mine, sql: SELECT 1 AS a, returns: one }
          now: { get: /now, sql: SELECT now() AS now, returns: value, cache: off }
          usage: { get: /usage, handler: swift }
          addUser:
            post: /users
            body: { name: { type: string, min-length: 1 }, bio: { type: string, optional: true, nullable: true } }
            sql: INSERT INTO users (name, bio) VALUES (:name, :bio)
            returns: none
            invalidates: [ users ]

        """

    /// What is printed for arguments, with digits in place of those of fingerprints.
    private static func explain(_ arguments: String...) async throws -> (text: String, status: Int32) {
        try await withManifest(manifest) { file in
            let (text, status) = try ExplainCommand.parse(arguments + ["--manifest", file]).outcome()
            let stable = text.replacing(/shop:[0-9a-f]{8}:/, with: "shop:00000000:")
            return (stable.replacing(file, with: "routes.yaml"), status)
        }
    }

    @Test("names the route, the inputs, what is ignored, the key, the versions and the times")
    func explanation() async throws {
        let (text, status) = try await Self.explain(
            "/api/v1/users?limit=01&skip=0&utm_source=x&utm_source=y&ids=2&ids=01",
            "http://localhost:8080/api//v1/users?ids=2&ids=1&limit=1#top"
        )
        #expect(status == 0)
        #expect(
            text == """
                GET /api/v1/users?limit=01&skip=0&utm_source=x&utm_source=y&ids=2&ids=01
                  route     listUsers  (routes.yaml:5)
                  inputs    limit = 1 (sent as 01) · skip = 0 (also its default) · name absent · ids = [2, 1] (sent as [2, 01])
                  ignored   utm_source
                  key       shop:00000000:get:/api/v1/users:ids=2&ids=1&limit=1&skip=0
                  versions  route listUsers · tag users
                  fresh     1m less up to 10 % · stale-while-revalidate 30s · stale-if-error 10m
                GET http://localhost:8080/api//v1/users?ids=2&ids=1&limit=1#top
                  route     listUsers  (routes.yaml:5)
                  inputs    limit = 1 · skip = 0 (default) · name absent · ids = [2, 1]
                  key       shop:00000000:get:/api/v1/users:ids=2&ids=1&limit=1&skip=0
                  versions  route listUsers · tag users
                  fresh     1m less up to 10 % · stale-while-revalidate 30s · stale-if-error 10m
                The two share one response: the keys are equal.

                """,
            "\(text)"
        )
    }

    @Test("quotes texts so that people can read them, and terminals only show them")
    func quotes() {
        #expect(ExplanationText.printable("a/b") == "a/b")
        #expect(ExplanationText.printable("é 😀") == #""é 😀""#)
        #expect(ExplanationText.printable("") == #""""#)
        #expect(ExplanationText.printable("\u{1B}[2J\u{9B}\u{202E}\n\"") == #""\u001b[2J\u009b\u202e\n\"""#)
    }

    @Test("tells why requests share no response")
    func sharing() async throws {
        func last(_ arguments: String...) async throws -> String {
            let text = try await withManifest(Self.manifest) { file in
                try ExplainCommand.parse(arguments + ["--manifest", file]).outcome().text
            }
            return text.split(separator: "\n").last.map(String.init) ?? ""
        }
        #expect(
            try await last("/api/v1/users?limit=1&name=a%20b", "/api/v1/users?skip=3")
                == #"The two share no response: limit is 1 and 20; skip is 0 and 3; name is "a b" and absent."#
        )
        #expect(
            try await last("/api/v1/users", "/api/v1/usage")
                == "The two share no response: the routes are listUsers and usage."
        )
        #expect(
            try await last("/api/v1/users", "/api/v1/now")
                == "The two share no response: one is not stored, because the route has 'cache: off'."
        )
        #expect(
            try await last("/api/v1/mine", "/api/v1/mine", "--header", "Authorization: Bearer x")
                == "The two share no response: neither is stored, because the request has Authorization, and the route is not "
                + "'public: true'."
        )
        #expect(
            try await last("/api/v1/users", "/api/v1/users?limit=20", "/api/v1/users?limit=2")
                == "The first and number 3 share no response: limit is 20 and 2."
        )
    }

    @Test("has headers, context inputs and the form")
    func fields() async throws {
        let (text, status) = try await Self.explain(
            "/api/v1/users/007",
            "--header",
            "Accept-Language: fr;q=0.9, de",
            "--header",
            "accept-encoding: br, gzip",
            "--context",
            "tenant=a=b"
        )
        #expect(status == 0)
        #expect(
            text.contains(#"inputs    id = 7 (sent as 007) · language = de (sent as "fr;q=0.9, de") · tenant = a=b"#),
            "\(text)"
        )
        #expect(text.contains("key       shop:00000000:get:/api/v1/users/7::language=de&tenant=a%3Db\n"))
        #expect(text.contains("form      gzip, under the key with ';gzip' behind it\n"))
        #expect(text.contains("versions  route getUser · tag user:7 · table users\n"))
        #expect(text.hasSuffix("fresh     5m less up to 10 % · 404 for 10s\n"), "\(text)")
        let other = try await Self.explain(
            "/api/v1/users/7",
            "--header",
            "Accept-Language: fr",
            "--context",
            "tenant=a"
        )
        #expect(other.text.contains("language = en (default, in place of fr)"), "\(other.text)")
        let handler = try await Self.explain("/api/v1/usage")
        #expect(handler.text.hasSuffix("  made by   the app's method 'usage'\n"))
    }

    @Test("has of a write what it purges")
    func write() async throws {
        let (text, status) = try await Self.explain("/api/v1/users?x", "--body", #"{"name":"A","bio":null}"#)
        #expect(status == 0)
        #expect(
            text == """
                POST /api/v1/users?x
                  route     addUser  (routes.yaml:26)
                  inputs    name = A · bio = null
                  ignored   x
                  purges    tag users · route listUsers

                """,
            "\(text)"
        )
        let refused = try await Self.explain("/api/v1/users", "--method", "post", "--body", #"{"name":""}"#)
        #expect(refused.status == 1 && refused.text.contains("  refused   400 Bad Request\n"), "\(refused.text)")
        let condition = try await Self.explain("/api/v1/users", "--body", #"{"name":"A"}"#, "--header", "If-Match: *")
        #expect(condition.status == 1 && condition.text.contains("  refused   412 Precondition Failed\n"))
    }

    @Test("has the problem document of a refusal")
    func refusals() async throws {
        let (text, status) = try await Self.explain("/api/v1/users?limit=0&skip=x", "/api/v1/users/7")
        #expect(status == 1)
        let lines = text.split(separator: "\n")
        #expect(lines[2] == "  refused   400 Bad Request")
        #expect(
            lines[3].hasPrefix(#"            {"type":"about:blank","title":"Bad Request","status":400,"detail":"#),
            "\(text)"
        )
        #expect(lines[3].contains(#""input":"limit""#) && lines[3].contains(#""input":"skip""#))
        #expect(text.contains("  refused   401 Unauthorized\n"))
    }

    @Test("has near misses where there is no route")
    func noRoute() async throws {
        let (text, status) = try await Self.explain(
            "/api/v1/user?limit=1",
            "/users",
            "/v2/api/v1/now",
            "/api/v1/users/7/x",
            "/",
            "/health",
            "http://x"
        )
        #expect(status == 1)
        #expect(
            text == """
                GET /api/v1/user?limit=1
                  no route  no route has this path
                            near: GET /api/v1/users (listUsers): the path has 'user' for 'users'
                            near: POST /api/v1/users (addUser): the path has 'user' for 'users'
                GET /users
                  no route  no route has this path
                            near: GET /api/v1/users (listUsers): the path lacks '/api/v1' before it
                            near: POST /api/v1/users (addUser): the path lacks '/api/v1' before it
                GET /v2/api/v1/now
                  no route  no route has this path
                            near: GET /api/v1/now (now): the path has '/v2' before it; a prefix of the app's router is not known here
                GET /api/v1/users/7/x
                  no route  no route has this path
                GET /
                  no route  no route has this path
                GET /health
                  no route  the server itself answers this path, and no route of a manifest
                GET http://x
                  no route  no route has this path

                """,
            "\(text)"
        )
        let method = try await Self.explain("/api/v1/users", "--method", "DELETE")
        #expect(
            method.text.contains("  no route  the path has routes for other methods: GET, HEAD, OPTIONS, POST\n"),
            "\(method.text)"
        )
    }

    @Test(
        "refuses options that make no request",
        arguments: [
            [], ["users"], ["/users", "--header", "x"], ["/users", "--header", "a b: x"], ["/users", "--context", "x"],
            ["/users", "--context", "=x"], ["/users", "--method", "G T"],
        ]
    )
    func options(_ arguments: [String]) { #expect(throws: (any Error).self) { try ExplainCommand.parse(arguments) } }
}

@Suite("Explained keys and services", .timeLimit(.minutes(5)))
struct ExplainedKeysTests {
    private static let manifest = """
        version: 1
        namespace: shop
        defaults: { cache: { compress: false } }
        routes:
          find:
            get: /find/{shop}/{id}
            path: { shop: string, id: int }
            query:
              limit: { type: int, default: 20, min: 1, max: 100 }
              q: { type: string, optional: true, max-length: 9 }
              ids: { type: "[int]", optional: true }
              names: { type: "[string]", default: [ a ] }
              price: { type: decimal, optional: true }
              open: { type: bool, default: false }
              since: { type: timestamp, optional: true }
            header: { language: { type: string, from: Accept-Language, one-of: [ en, de ], default: en } }
            context: { tenant: { type: string, max-length: 5 } }
            sql: SELECT 1 AS a WHERE :shop = :q AND :id = ANY (:ids) AND :q = ANY (:names) AND :price = 1 AND :open AND :since < now() AND :language = :tenant LIMIT :limit
            returns: one
          strict:
            get: /strict
            query: { day: { type: date, default: 2024-02-29 }, id: { type: uuid, optional: true } }
            sql: SELECT 1 AS a WHERE :day < now() AND :id IS NULL
            returns: one
            unknown-query: reject
          literal: { get: /find/here/7, sql: SELECT 1 AS a, returns: one }

        """

    /// Parts of URLs, of which most are values of an input.
    private static let names = [
        "limit", "q", "ids", "names", "price", "open", "since", "day", "id", "x", "l%69mit", "%zz",
    ]
    private static let values = [
        "1", "01", "+1", "%2B1", "100", "101", "0", "a", "a+b", "a%20b", "%C3%A9", "%ff", "a%26b=c", "1.50", "1e3",
        "-0",
        "true", "TRUE", "false", "2024-02-29", "2024-02-29T12:00:00Z", "2024-02-29T13:00:00%2B01:00", "2023-02-29", "",
        "6F9619FF-8B86-D011-B42D-00C04FC964FF", "%2F", "a;b", "longer than nine", "%00",
    ]

    private static func url(_ random: inout SeededRandom) -> String {
        var url = random.pick([
            "/find/\(random.pick(values))/\(random.pick(["7", "07", "x"]))", "/find/here/7", "/strict",
            "//find//a%2db/7",
        ])
        url = url.replacing(" ", with: "%20")
        for number in 0..<random.below(5) {
            url += (number == 0 ? "?" : "&") + random.pick(names)
            if !random.oneIn(8) { url += "=" + random.pick(values).replacing(" ", with: "%20") }
        }
        return url
    }

    @Test("A service stores under the explained keys, and refuses what is explained as refused")
    func keys() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        var (served, refused, unknown) = (0, 0, 0)
        for seed in FuzzCases(4) {
            _ = try await blocking { try redis.cli(["FLUSHALL"]) }
            try await withManifest(Self.manifest) { file in
                try await ServiceOnRedis.run(file, on: redis) { service in
                    var random = SeededRandom(seed: seed)
                    var expected: Set<String> = []
                    for _ in 1...60 {
                        let url = Self.url(&random)
                        var arguments = [url, "--manifest", file]
                        var fields: [(String, String)] = []
                        if random.oneIn(2) {
                            fields.append(("Accept-Language", random.pick(["de", "fr", "en;q=0.1, de", "de-AT"])))
                        }
                        arguments += ServiceOnRedis.arguments(fields)
                        if !random.oneIn(6) {
                            let tenant = random.pick(["a", "b c", "longer"])
                            arguments += ["--context", "tenant=\(tenant)"]
                            fields.append(("Cached-Routes-Context", "tenant=\(tenant.replacing(" ", with: "+"))"))
                        }
                        let request = try #require(try ExplainCommand.parse(arguments).options.requests().first)
                        let response = try await service.get(url, fields)
                        let place: Comment = "seed \(seed): \(url) \(fields)"
                        switch request.found?.result {
                        case .explained(let explanation):
                            served += 1
                            #expect(response.status == 200, place)
                            if let key = explanation.key {
                                expected.insert(String(decoding: key.stored, as: UTF8.self))
                            }
                        case .refused(let problem):
                            refused += 1
                            #expect(response.status == problem.status.code, place)
                            #expect(response.text == String(buffer: problem.body), place)
                        case nil:
                            unknown += 1
                            #expect(response.status == 404, place)
                        }
                    }
                    try await poll("all is stored") { service.writer.count == 0 }
                    let keys = try await service.cli("KEYS", "*").split(separator: "\n").map(String.init)
                    let stored = Set(keys.filter { !$0.contains(";") })
                    #expect(stored == expected, "seed \(seed)")
                }
            }
        }
        #expect(
            served > 50 && refused > 20 || ProcessInfo.processInfo.environment["CACHED_ROUTES_FUZZ_FACTOR"] != nil,
            "\((served, refused, unknown))"
        )
    }
}
