import CachedRoutesHummingbird
import CachedRoutesTesting
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTP1
import RouteModel
import Synchronization
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// Requests that were answered before the router.
final class AnsweredRequests: Sendable {
    private let requests = Mutex<[AccessLogEntry]>([])

    var all: [AccessLogEntry] { requests.withLock { $0 } }
    var count: Int { requests.withLock { $0.count } }

    var configuration: BeforeRouterConfiguration {
        BeforeRouterConfiguration { request in self.requests.withLock { $0.append(request) } }
    }
}

/// The targets that a middleware has seen.
private final class SeenPaths: Sendable {
    let paths = Mutex<[String]>([])
}

private let page = RouteInput(.query, "page", .int, default: "0")

/// A public route at `/r` whose hits are answered before the router, and others beside it.
private func routes(_ cache: CachePolicy = CachePolicy()) -> [RouteDefinition] {
    [
        route(cache, public: true, page),
        route(cache, path: "/r/{name}", public: true, RouteInput(.path, "name", .string, maxLength: 20)),
    ]
}

@Suite("Hits before the router")
struct BeforeRouterTests {
    static func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    /// The routes that are asked.
    static let table = routes()

    /// Requests of every kind, each of which gets the same answer from both ways.
    static let requests: [String] =
        [
            get("/r"), get("/r/"), get("//r"), get("/r?page=0&x=y"), get("/r?page=00"), get("/r?page=1&page=2"),
            get("/r?page=x"), get("/r?page="), get("/r?page=%30"), get("/r?page=%3"), get("/r?p%61ge=0"), get("/r#f"),
            get("http://a/r"), get("/R"), get("/%72"), get("/x"), get("/r/a"), get("/r/a%2Fb"), get("/r/%C3%A9"),
            get("/r/" + String(repeating: "a", count: 21)), get("/r/\u{E9}"), get("/r?page=0", "Range: bytes=0-0\r\n"),
        ]
        + [
            "If-None-Match: *\r\n", "If-None-Match: \"x\"\r\n", "if-none-match: W/\"TAG\"\r\n",
            "If-None-Match: \"x\"\r\nIF-NONE-MATCH: \"TAG\"\r\n", "If-None-Match:\r\n", "If-None-Match: TAG\r\n",
            "If-Modified-Since: Wed, 15 Nov 2023 00:00:00 GMT\r\n", "If-Modified-Since: now\r\n",
            "Accept-Encoding: gzip\r\n", "Accept-Encoding: gzip;q=0, identity\r\n", "Accept-Encoding:\r\n",
            "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n", "Cache-Control: no-cache\r\n", "Authorization: x\r\n",
            "Cookie: a=b; c=d\r\n", "Origin: http://b\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
            "Connection: x\r\n", "Upgrade: x\r\nConnection: upgrade\r\n", "Expect: 100-continue\r\n", "Host: b\r\n",
            "Content-Length: 0\r\n", "Content-Length: 3\r\n\r\nabc", "Content-Length: 3\r\nContent-Length: 4\r\n",
            "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: \u{E9}\r\n", "X : y\r\n", "X: y\r\n z\r\n", "X: \u{1}\r\n",
            "X: a\nY: b\r\n", "X: \(String(repeating: "x", count: 20_000))\r\n",
        ].map { get("/r", $0) }
        + [
            "HEAD /r HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /r HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n",
            "OPTIONS /r HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "DELETE /r HTTP/1.1\r\nHost: a\r\n\r\n", "POST /r HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1",
            "get /r HTTP/1.1\r\nHost: a\r\n\r\n", "GET /r HTTP/1.0\r\n\r\n", "GET /r HTTP/1.1\r\n\r\n",
            "GET /r HTTP/1.1\nHost: a\n\n", "GET  /r HTTP/1.1\r\nHost: a\r\n\r\n", "GET /r\r\n\r\n",
            "GET /r HTTP/1.1\r\n",
            "\r\nGET /r HTTP/1.1\r\nHost: a\r\n\r\n", "nonsense\r\n\r\n", "",
        ]

    /// Runs a server whose hits are answered in the router and one that answers them before it, over one Redis and one clock.
    private func onBothWays(
        _ answered: AnsweredRequests,
        _ body: (_ router: Harness, _ front: Harness, _ tag: String) async throws -> Void
    ) async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        let clock = ManualClock(milliseconds: 1_700_000_000_000)
        let long = CannedDatabase(json: ResponseTests.long)
        try await Harness.run(routes(), redis: redis, database: long, clock: clock, isBeforeRouter: false) {
            router async throws in
            try await Harness.run(
                routes(),
                redis: redis,
                database: long,
                clock: clock,
                isBeforeRouter: true,
                beforeRouter: answered.configuration
            ) { front async throws in
                // The place of a route is known after its first request.
                for target in ["/r", "/r/a", "/r/a%2Fb", "/r/%C3%A9"] {
                    try await front.stored(target)
                    try await front.stored(target, [ResponseTests.gzip])
                }
                clock.advance(by: .seconds(1))
                let tag = try #require(try await router.stored()["ETag"]).filter { $0 != "\"" }
                try await body(router, front, tag)
            }
        }
    }

    @Test("Every request gets the answer that the router gives, alone and before another one")
    func sameAnswers() async throws {
        let answered = AnsweredRequests()
        try await onBothWays(answered) { router, front, tag async throws in
            func transcript(_ text: String, _ app: Harness) async throws -> WireAnswers {
                let heads: Set = text.hasPrefix("HEAD") ? [0] : []
                return WireAnswers(try await RawConnection.transcript(text, port: app.port), heads: heads).timeless
            }
            for request in Self.requests.map({ $0.replacing("TAG", with: tag) }) {
                // A hit stays one behind it, in both.
                for text in [request, request + Self.get("/r", "Connection: close\r\n")] {
                    let expected = try await transcript(text, router)
                    let answers = try await transcript(text, front)
                    #expect(answers == expected, "\(text)")
                    #expect(answers.rest.isEmpty)
                }
            }
        }
        #expect(answered.count > 30)
    }

    @Test("Every answer has the bytes that the router sends, the order of its fields too, but for the time of day")
    func sameBytes() async throws {
        let answered = AnsweredRequests()
        try await onBothWays(answered) { router, front, tag async throws in
            let day = try Regex(
                "\\r\\nDate: [A-Za-z]{3}, [0-9]{2} [A-Za-z]{3} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT\\r\\n"
            )
            func bytes(_ text: String, _ app: Harness) async throws -> String {
                try await RawConnection.transcript(text, port: app.port).replacing(day, with: "\r\nDate: D\r\n")
            }
            for request in Self.requests.map({ $0.replacing("TAG", with: tag) }) {
                for text in [request, request + Self.get("/r", "Connection: close\r\n")] {
                    let expected = try await bytes(text, router)
                    #expect(try await bytes(text, front) == expected, "\(text)")
                }
            }
            let hit = try await bytes(Self.get("/r"), front)
            #expect(hit.hasPrefix("HTTP/1.1 200 OK\r\nDate: D\r\nAge: 1\r\n"), "\(hit.prefix(200))")
        }
        #expect(answered.count > 30)
    }

    @Test("A request is answered wherever its bytes are parted")
    func parted() async throws {
        let answered = AnsweredRequests()
        try await front(routes(), answered) { app async throws in
            try await app.stored()
            let before = answered.count
            let request = Self.get("/r?page=0", "Accept: a\r\n")
            for place in 1..<request.utf8.count {
                let connection = try await RawConnection.open(String(request.prefix(place)), port: app.port)
                // The first part has been read by itself.
                try await Task.sleep(for: .milliseconds(1))
                try await connection.send(String(request.dropFirst(place)))
                #expect(try await connection.answer.hasSuffix("\r\n\r\n[1]"))
                try await connection.close()
            }
            let slow = try await RawConnection.open("", port: app.port)
            for byte in request { try await slow.send(String(byte)) }
            #expect(try await slow.answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            try await slow.close()
            #expect(answered.count == before + request.utf8.count)
        }
    }

    @Test("Requests of one connection are answered in order, whoever answers them")
    func pipelined() async throws {
        let answered = AnsweredRequests()
        try await front(routes() + [write], answered) { app async throws in
            for target in ["/r", "/r/a"] { try await app.stored(target) }
            _ = try await app.send(.HEAD, "/r")
            let chunked =
                "POST /w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n"
            let body = #"{"name":"x"}"#
            let post =
                "POST /w HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body
            let text =
                Self.get("/r") + Self.get("/r?page=2") + Self.get("/r/a") + post + Self.get("/r") + Self.get("/nowhere")
                + Self.get("/r/b") + "HEAD /r HTTP/1.1\r\nHost: a\r\n\r\n" + chunked
                + "\r\nc\r\n\(body)\r\n0\r\n\r\n" + Self.get("/r") + Self.get("/r/a", "Connection: close\r\n")
                + Self.get("/r")
            let before = answered.count
            let answers = WireAnswers(try await RawConnection.transcript(text, port: app.port), heads: [7]).answers
            #expect(
                answers.map { String($0.statusLine.dropFirst(9).prefix(3)) }
                    == ["200", "200", "200", "200", "200", "404", "200", "200", "200", "200", "200"]
            )
            let statuses = answers.map { $0["cache-status"] }
            for hit in [0, 2, 4, 7, 9, 10] { #expect(statuses[hit]?.hasPrefix("CachedRoutes; hit") ?? false) }
            for miss in [1, 6] { #expect(statuses[miss] == "CachedRoutes; fwd=uri-miss; stored") }
            // Behind a body whose length is not known the connection is the router's.
            #expect(answered.count - before == 4)
        }
    }

    private var write: RouteDefinition {
        RouteDefinition(
            RouteDeclaration(
                "write",
                RouteSignature(
                    namespace: "conformance",
                    fingerprint: "0badcafe",
                    method: .post,
                    path: "/w",
                    inputs: [RouteInput(.body, "name", .string)]
                ),
                .write(WritePolicy()),
                returns: .many
            ),
            .sql("INSERT", binding: ["name"])
        )
    }

    @Test("A client that does not read gets no more than a connection holds, and all of it once it reads")
    func slowReader() async throws {
        let answered = AnsweredRequests()
        let body = "\"" + String(repeating: "x", count: 1 << 20) + "\""
        try await front(routes(CachePolicy(compress: false)), answered, database: CannedDatabase(json: body)) {
            app async throws in
            try await app.stored()
            let before = answered.count
            let requests = 40
            let text = String(repeating: Self.get("/r"), count: requests - 1) + Self.get("/r", "Connection: close\r\n")
            let connection = try await RawConnection.open(text, port: app.port, reads: false)
            try await poll("an answer is sent") { answered.count > before }
            try await app.stored("/r/other")
            // What sockets hold between the two, and one answer that waits.
            #expect(answered.count - before < 20)
            try await connection.startReading()
            let answers = try await connection.receivedUntilClosed.components(separatedBy: "\r\n\r\n" + body)
            #expect(answers.count == requests + 1)
            #expect(answers.dropLast().allSatisfy { $0.hasPrefix("HTTP/1.1 200 OK") } && answers.last == "")
        }
    }

    @Test("A client that has nothing more to say gets its answers, and the end")
    func halfClosed() async throws {
        let answered = AnsweredRequests()
        try await front(routes(), answered, on: .redis) { app async throws in
            try await app.stored()
            let before = answered.count
            let hits = try await RawConnection.transcript(Self.get("/r") + Self.get("/r"), port: app.port)
            #expect(WireAnswers(hits).answers.count == 2)
            #expect(answered.count == before + 2)
            let mixed = try await RawConnection.transcript(Self.get("/r/a") + Self.get("/r"), port: app.port)
            #expect(WireAnswers(mixed).answers.map { $0["cache-status"]?.contains("hit") } == [false, true])
        }
    }

    @Test("A shutdown waits for the answer under way, which says that it is the last, and for no idle connection")
    func shutdown() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        let clock = ManualClock(milliseconds: 1_700_000_000_000)
        let answered = AnsweredRequests()
        let connections = Mutex<[RawConnection]>([])
        try await Harness.run(
            routes(),
            redis: redis,
            database: CannedDatabase(json: "[1]"),
            clock: clock,
            isBeforeRouter: true,
            beforeRouter: answered.configuration
        ) { app async throws in
            try await app.stored()
            for text in ["", Self.get("/r"), "GET /r HT"] {
                let connection = try await RawConnection.open(text, port: app.port)
                connections.withLock { $0.append(connection) }
            }
            try await poll("one is answered") {
                try await connections.withLock { $0 }[1].received.hasSuffix("[1]")
            }
            _ = try await app.redis("CLIENT", "PAUSE", "400", "ALL")
            let waiting = try await RawConnection.open(Self.get("/r"), port: app.port)
            connections.withLock { $0.append(waiting) }
            // The server has read it when the one behind it on the same loop has been.
            try await Task.sleep(for: .milliseconds(100))
        }
        let all = connections.withLock { $0 }
        #expect(try await all[0].transcript.isEmpty)
        #expect(WireAnswers(try await all[1].transcript).answers.map { $0["connection"] } == [nil])
        #expect(try await all[2].transcript.isEmpty)
        #expect(WireAnswers(try await all[3].transcript).answers.map { $0["connection"] } == ["close"])
        #expect(WireAnswers(try await all[3].transcript).answers.first?.body == "[1]")
    }

    @Test("A connection that is used stays open beyond the time after which an idle one is closed")
    func idle() async throws {
        let answered = AnsweredRequests()
        let http = HTTP1Channel.Configuration(idleTimeout: .milliseconds(200))
        try await front(routes(), answered, http: http) { app async throws in
            try await app.stored()
            let connection = try await RawConnection.open(Self.get("/r"), port: app.port)
            for count in 2...8 {
                try await Task.sleep(for: .milliseconds(50))
                try await connection.send(Self.get("/r"))
                try await poll("\(count) answers") {
                    WireAnswers(try await connection.received).answers.count == count
                }
            }
            #expect(WireAnswers(try await connection.transcript).answers.count == 8)
        }
    }

    @Test("Hits pass the app's middleware by, and nothing else does")
    func middleware() async throws {
        let answered = AnsweredRequests()
        let seen = SeenPaths()
        try await front(routes(), answered) { router, table, service in
            router.add(
                middleware: Around { request, next in
                    seen.paths.withLock { $0.append(request.uri.string) }
                    return try await next()
                }
            )
            Harness.mount(router, table, service)
        } body: { app async throws in
            try await app.stored("/r?page=1")
            seen.paths.withLock { $0 = [] }
            for _ in 0..<3 { _ = try await app.send(.GET, "/r?page=1") }
            #expect(seen.paths.withLock { $0 } == [])
            _ = try await app.send(.GET, "/r?page=2")
            _ = try await app.send(.GET, "/x")
            _ = try await app.send(.GET, "/r?page=1", [("Origin", "http://b")])
            #expect(seen.paths.withLock { $0 } == ["/r?page=2", "/x", "/r?page=1"])
        }
    }

    @Test("A route is answered where the router has put it, below any prefix, and nowhere else")
    func prefixes() async throws {
        let answered = AnsweredRequests()
        try await front(routes(), answered) { router, table, service in
            router.group("v1").group(":tenant").addRoutes(table, on: service) { _, _ in nil }
            router.group("v2").addRoutes(table, on: service) { _, _ in nil }
            router.get("/v2/r/me") { _, _ in "mine" }
        } body: { app async throws in
            for target in ["/v1/a/r", "/v1/b/r", "/v2/r", "/v2/r/you"] { try await app.stored(target) }
            let before = answered.count
            for target in ["/v1/a/r", "/v1/b/r", "/v2/r", "/v2/r/you"] {
                #expect(try await app.send(.GET, target).text == "[1]")
            }
            #expect(answered.count == before + 4)
            for target in ["/r", "/v1/r", "/v2/a/r", "/v3/r"] {
                #expect(try await app.send(.GET, target).status == 404)
            }
            // The router's choice stands, also where the answer to another spelling of the path is in the store.
            for target in ["/v2/r/%6De", "/v2/r/%6de"] {
                try await app.stored(target)
                for _ in 0..<2 { #expect(try await app.send(.GET, "/v2/r/me").text == "mine") }
            }
            #expect(!answered.all.contains { $0.target == "/v2/r/me" })
        }
    }

    @Test("Requests with an origin get what the configuration says, as do all answers")
    func configuredFields() async throws {
        let answered = AnsweredRequests()
        var configuration = answered.configuration
        configuration.serverName = "test"
        configuration.fieldsForOrigins = [.accessControlAllowOrigin: "*"]
        try await Harness.run(
            routes(),
            redis: nil,
            database: CannedDatabase(json: "[1]"),
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            isBeforeRouter: true,
            beforeRouter: configuration
        ) { app async throws in
            try await app.stored()
            _ = try await app.send(.HEAD, "/r")
            let before = answered.count
            let plain = try await app.send()
            #expect(plain["Server"] == "test")
            #expect(plain["Access-Control-Allow-Origin"] == nil)
            let other = try await app.send(.GET, "/r", [("Origin", "http://b")])
            #expect(other["Access-Control-Allow-Origin"] == "*")
            let tag = try #require(plain["ETag"])
            #expect(try await app.send(.GET, "/r", [("If-None-Match", tag)]).status == 304)
            #expect(try await app.send(.HEAD, "/r").status == 200)
            let requests = answered.all.dropFirst(before)
            #expect(requests.map(\.status) == [200, 200, 304, 200])
            #expect(requests.map(\.bodyLength) == [3, 3, 0, 0])
            #expect(requests.map(\.method) == [.get, .get, .get, .head])
            #expect(requests.allSatisfy { $0.target == "/r" && $0.route == "route" && $0.remoteAddress == "127.0.0.1" })
        }
    }

    @Test("What was found for a request that its route never saw is of no use to a later one")
    func abandonedLookup() async throws {
        let answered = AnsweredRequests()
        let database = CannedDatabase(json: "[1]")
        try await front(routes(), answered, database: database) { router, table, service in
            router.add(
                middleware: Around { request, next in
                    if request.headers.contains(.authorization) { return Response(status: .unauthorized) }
                    return try await next()
                }
            )
            Harness.mount(router, table, service)
        } body: { app async throws in
            try await app.stored("/r")
            let connection = try await RawConnection.open(Self.get("/r?page=5", "Authorization: x\r\n"), port: app.port)
            try await poll("a refusal") { try await connection.received.contains(" 401 ") }
            // From here on the connection is the router's.
            try await connection.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            try await poll("no such resource") { try await connection.received.contains(" 404 ") }
            try await app.stored("/r?page=5")
            database.answer(json: "[2]")
            _ = try await app.service.purge(route: "route")
            try await connection.send(Self.get("/r?page=5", "Connection: close\r\n"))
            #expect(WireAnswers(try await connection.transcript).answers.last?.body == "[2]")
        }
    }

    @Test("The store is asked once for a request, whether there is an answer or not")
    func oneLookup() async throws {
        let answered = AnsweredRequests()
        try await front(routes(), answered, on: .redis) { app async throws in
            try await app.stored()
            func lookups() async throws -> Int {
                let stats = try await app.redis("INFO", "commandstats")
                let line = stats.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_mget:calls=") } ?? ""
                return Int(line.dropFirst("cmdstat_mget:calls=".count).prefix { $0 != "," }) ?? 0
            }
            let before = try await lookups()
            for page in 1...10 {
                let answer = try await app.send(.GET, "/r?page=\(page)")
                #expect(answer.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
            }
            #expect(try await lookups() == before + 10)
            _ = try await app.send()
            #expect(try await lookups() == before + 11)
        }
    }

    private func front(
        _ routes: [RouteDefinition],
        _ answered: AnsweredRequests,
        on backing: Backing = .memory,
        database: CannedDatabase = CannedDatabase(json: "[1]"),
        http: HTTP1Channel.Configuration = .init(),
        mount: @escaping (Router<BasicRequestContext>, Table, CachedRoutesService) -> Void = Harness.mount,
        body: (Harness) async throws -> Void
    ) async throws {
        let redis = backing == .redis ? try await blocking { try RedisServer() } : nil
        defer { redis?.stop() }
        try await Harness.run(
            routes,
            redis: redis,
            database: database,
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            isBeforeRouter: true,
            http: http,
            beforeRouter: answered.configuration,
            mount: mount,
            body
        )
    }
}
