import CachedRoutes
import CachedRoutesHummingbird
import CachedRoutesTesting
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOPosix
import RouteModel
import Synchronization
import TestApp
import TestServers
import Testing

/// Where pieces of code have run, by what they are.
private final class Places: Sendable {
    private let onEventLoops = Mutex<[String: [Bool]]>([:])

    /// Notes whether the caller is on an event loop.
    func note(_ what: String) {
        let isOnEventLoop = MultiThreadedEventLoopGroup.currentEventLoop != nil
        onEventLoops.withLock { $0[what, default: []].append(isOnEventLoop) }
    }

    /// What has been noted, which is forgotten.
    func take() -> [String: [Bool]] {
        onEventLoops.withLock { notes in
            defer { notes = [:] }
            return notes
        }
    }
}

@Suite("Requests on event loops")
struct EventLoopTests {
    private static func app(
        _ routes: [RouteDefinition],
        _ places: Places,
        database: CannedDatabase = CannedDatabase(json: "[1]"),
        runsPublicRoutesOnEventLoops: Bool = true,
        rewriting rewrite: @escaping @Sendable (Request) -> Request = { $0 },
        _ body: (Harness) async throws -> Void
    ) async throws {
        try await Harness.run(
            routes,
            redis: nil,
            database: database,
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            context: { fields in fields[.authorization].map { ["user": $0] } },
            isBeforeRouter: false,
            runsPublicRoutesOnEventLoops: runsPublicRoutesOnEventLoops,
            rewriting: rewrite,
            mount: { router, table, service in
                router.add(
                    middleware: Around { _, next in
                        places.note("before")
                        defer { places.note("after") }
                        return try await next()
                    }
                )
                router.get("own") { _, _ in
                    places.note("own")
                    return "own"
                }
                router.post("r") { _, _ in
                    places.note("own")
                    return "own"
                }
                Harness.mount(router, table, service)
            },
            body
        )
    }

    /// A database that notes where it is asked.
    private static func database(_ places: Places) -> CannedDatabase {
        CannedDatabase { _, _ in
            places.note("query")
            return "[1]"
        }
    }

    @Test("A public route with a statement is answered on them, once the router has given it its path")
    func publicRoute() async throws {
        let places = Places()
        let routes = [
            route(public: true, RouteInput(.query, "page", .int, default: "0")),
            route(path: "/r/{name}", public: true, RouteInput(.path, "name", .string, maxLength: 20)),
        ]
        try await Self.app(routes, places, database: Self.database(places)) { app async throws in
            // A path is learnt after the answer has left, and so surely before the next request of the same connection.
            let connection = try await HTTPClient.Connection.open(port: app.port)
            for path in ["/r", "/r/a", "/r/b"] {
                let first = try await connection.send(.GET, path)
                #expect(first.text == "[1]")
                var notes = places.take()
                // The statement's answer is made by this library alone, wherever the request is.
                #expect(notes.removeValue(forKey: "query") == [true])
                #expect(notes == ["before": [false], "after": [false]])
                // A hit, and a miss of another key.
                for target in [path, path == "/r" ? "/r?page=1" : path] {
                    #expect(try await connection.send(.GET, target).text == "[1]")
                    notes = places.take()
                    notes["query"] = nil
                    #expect(notes == ["before": [true], "after": [true]])
                }
            }
            try await connection.close()
        }
    }

    @Test(
        "All other requests are not: the app's own routes, other methods, contexts, handlers, what there is no route for"
    )
    func others() async throws {
        let places = Places()
        let routes = [
            route(public: true),
            route(path: "/c", RouteInput(.context, "user", .string)),
            handlerRoute { _ in
                places.note("handler")
                return HandlerResponse(bytes: ByteBuffer(string: "h"), contentType: "text/plain")
            },
        ]
        try await Self.app(routes, places) { app async throws in
            try await app.stored("/r")
            try await app.stored("/r")
            _ = places.take()
            for _ in 0..<3 {
                for (method, target) in [
                    (HTTPMethod.GET, "/own"), (.POST, "/r"), (.GET, "/c"), (.GET, "/h"), (.GET, "/none"),
                    (.DELETE, "/r"),
                ] {
                    app.clock.advance(by: .seconds(3600))
                    _ = try await app.send(method, target, [("Authorization", "me")])
                    for (what, onEventLoops) in places.take() {
                        #expect(onEventLoops == [false], "\(what) of \(method) \(target)")
                    }
                }
            }
        }
    }

    @Test("A client's requests each find their place, also behind one another on one connection")
    func oneConnection() async throws {
        let places = Places()
        try await Self.app([route(public: true)], places) { app async throws in
            let connection = try await HTTPClient.Connection.open(port: app.port)
            for _ in 0..<2 { _ = try await connection.send(.GET, "/r") }
            try await connection.close()
            _ = places.take()
            let request = { (path: String) in "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }
            let last = "GET /r HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let text = try await RawConnection.transcript(
                request("/r") + request("/own") + request("/r") + request("/own") + last,
                port: app.port
            )
            #expect(text.split(separator: "HTTP/1.1 200 OK").count == 5)
            let notes = places.take()
            #expect(notes["before"] == [true, false, true, false, true])
            #expect(notes["after"] == [true, false, true, false, true])
            #expect(notes["own"] == [false, false])
        }
    }

    @Test("A path that the app has the router see as another one is not learnt, nor a method")
    func rewritten() async throws {
        let places = Places()
        let rewrite = { @Sendable (request: Request) -> Request in
            var head = request.head
            if head.path == "/tenant" { head.path = request.headers[.from] == "a" ? "/r" : "/own" }
            if head.method == .delete { head.method = .get }
            return Request(head: head, body: request.body)
        }
        try await Self.app([route(public: true)], places, rewriting: rewrite) { app async throws in
            for _ in 0..<3 {
                #expect(try await app.send(.GET, "/tenant", [("From", "a")]).text == "[1]")
                #expect(try await app.send(.DELETE, "/r").text == "[1]")
            }
            #expect(places.take()["before"] == [Bool](repeating: false, count: 6))
            #expect(try await app.send(.GET, "/tenant").text == "own")
            _ = try await app.send(.GET, "/r")
            #expect(places.take()["before"] == [false, false])
        }
    }

    @Test("A path is forgotten when a request for it comes to no such route, as where middleware answers")
    func forgotten() async throws {
        let places = Places()
        let isElsewhere = Mutex(false)
        let rewrite = { @Sendable (request: Request) -> Request in
            var head = request.head
            if isElsewhere.withLock({ $0 }) { head.path = "/own" }
            return Request(head: head, body: request.body)
        }
        try await Self.app([route(public: true)], places, rewriting: rewrite) { app async throws in
            let connection = try await HTTPClient.Connection.open(port: app.port)
            for _ in 0..<2 { _ = try await connection.send(.GET, "/r") }
            isElsewhere.withLock { $0 = true }
            for _ in 0..<2 { _ = try await connection.send(.GET, "/r") }
            isElsewhere.withLock { $0 = false }
            for _ in 0..<2 { _ = try await connection.send(.GET, "/r") }
            try await connection.close()
            #expect(places.take()["before"] == [false, true, true, false, false, true])
        }
    }

    @Test("HEAD is learnt by itself")
    func head() async throws {
        let places = Places()
        try await Self.app([route(public: true)], places) { app async throws in
            let connection = try await HTTPClient.Connection.open(port: app.port)
            for method in [HTTPMethod.GET, .GET, .HEAD, .HEAD, .GET] { _ = try await connection.send(method, "/r") }
            try await connection.close()
            #expect(places.take()["before"] == [false, true, false, true, true])
        }
    }

    @Test("A handler stays off them, also behind an actor that middleware on them awaits")
    func sharedActor() async throws {
        actor Turnstile {
            var count = 0
            func pass() {
                count += 1
                // Long enough for others to wait behind it.
                for _ in 0..<50_000 { count &+= 1 }
            }
        }
        let places = Places()
        let turnstile = Turnstile()
        let handler = handlerRoute(CachePolicy(ttl: .milliseconds(1))) { _ in
            for _ in 0..<20 {
                await turnstile.pass()
                places.note("handler")
            }
            return HandlerResponse(bytes: ByteBuffer(string: "h"), contentType: "text/plain")
        }
        try await Harness.run(
            [route(public: true), handler],
            redis: nil,
            database: CannedDatabase(json: "[1]"),
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            isBeforeRouter: false,
            mount: { router, table, service in
                router.add(
                    middleware: Around { _, next in
                        await turnstile.pass()
                        return try await next()
                    }
                )
                Harness.mount(router, table, service)
            },
            { app async throws in
                _ = try await app.stored("/r")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for target in ["/r", "/r", "/r", "/h", "/h"] {
                        group.addTask {
                            for _ in 0..<10 {
                                if target == "/h" { app.clock.advance(by: .seconds(1)) }
                                _ = try await app.send(.GET, target)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let notes = places.take()["handler"] ?? []
                #expect(notes.count >= 20)
                #expect(!notes.contains(true))
            }
        )
    }

    @Test("No request is, where the app says so")
    func off() async throws {
        let places = Places()
        try await Self.app([route(public: true)], places, runsPublicRoutesOnEventLoops: false) { app async throws in
            for _ in 0..<4 { #expect(try await app.send(.GET, "/r").text == "[1]") }
            let notes = places.take()
            #expect(notes["before"] == [false, false, false, false])
            #expect(notes["after"] == [false, false, false, false])
        }
    }
}
