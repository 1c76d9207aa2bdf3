import CachedRoutes
import CachedRoutesServer
import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import TestApp
import Testing

@testable import CachedRoutesServer

@Suite("The destinations of requests")
struct RoutingTests {
    private static let problem = "application/problem+json"

    @Test("GET routes answer HEAD, other methods are 405 with Allow, and other paths 404")
    func methods() async throws {
        try await RunningServer.run { server async throws in
            let get = try await server.send("GET", "/r")
            #expect(get.status == 200 && get.text == "[1]")
            let head = try await server.answers(RunningServer.request("HEAD /r"), heads: [0])
            #expect(head.statuses == ["200"] && head[0]["content-length"] == "3")
            for (method, target, allowed) in [
                ("DELETE", "/r", "GET, HEAD, OPTIONS, POST"), ("PATCH", "/mine?x=y", "GET, HEAD, OPTIONS, PUT"),
                ("PROPFIND", "/r", "GET, HEAD, OPTIONS, POST"), ("POST", "/health", "GET, HEAD, OPTIONS"),
            ] {
                let refused = try await server.send(method, target)
                #expect(refused.status == 405 && refused["Allow"] == allowed, "\(method) \(target)")
                #expect(refused["Content-Type"] == Self.problem && refused["Date"] != nil)
            }
            for target in ["/", "/r#f", "/R", "/r/x", "/x", "/r%2F", "/%2Fr"] {
                let absent = try await server.send("GET", target)
                #expect(absent.status == 404 && absent["Content-Type"] == Self.problem, "\(target)")
                #expect(absent.text.contains(#""status":404"#))
            }
            let absent = try await server.answers(
                RunningServer.request("HEAD /x") + RunningServer.request("GET /r", "Connection: close"),
                heads: [0]
            )
            #expect(absent.statuses == ["404", "200"])
        }
    }

    @Test("Equivalent paths are one path (RFC 3986, 6.2.2.2)")
    func equivalence() async throws {
        try await RunningServer.run { server async throws in
            for target in ["/r", "/r/", "//r", "/%72", "http://example.org/r", "/r?x=/y", "HTTP://a/%72/?x#y"] {
                #expect(try await server.send("GET", target).status == 200, "\(target)")
            }
        }
    }

    @Test("A literal goes before a capture, for each method and each rest of the path separately")
    func precedence() async throws {
        func route(_ name: String, _ method: RouteSignature.Method, _ path: PathTemplate) -> RouteDefinition {
            let inputs = path.inputNames.map { RouteInput(.path, $0, .string) }
            return RouteDefinition(
                RouteDeclaration(
                    name,
                    Routes.signature(method, path, inputs),
                    method == .get ? .read(CachePolicy()) : .write(WritePolicy()),
                    returns: .value,
                    isPublic: method == .get
                ),
                .sql(name, binding: inputs.map(\.name))
            )
        }
        let routes = [
            route("any", .get, "/u/{id}"), route("me", .get, "/u/me"), route("orders", .get, "/u/{user}/o"),
            route("put", .put, "/u/{key}"), route("two", .get, "/{a}/{b}"),
        ]
        let database = CannedDatabase { query, values in
            "\"\(query.sql) \(values.count == 0 ? "" : values.texts(at: 0).joined())\""
        }
        try await RunningServer.run(routes, database: database) { server async throws in
            for _ in 0..<2 {
                for (method, target, text) in [
                    ("GET", "/u/me", "me "), ("GET", "/u/you", "any you"), ("GET", "/u/m%65", "me "),
                    ("GET", "/u/me/o", "orders me"), ("PUT", "/u/me", "put me"), ("GET", "/x/me", "two x"),
                    ("GET", "/u/me?x=/o", "me "), ("GET", "//u//me//", "me "), ("GET", "/u/m%2Fe", "any m/e"),
                ] {
                    let answer = try await server.send(method, target)
                    #expect(answer.text == "\"\(text)\"", "\(method) \(target)")
                }
            }
            #expect(try await server.send("DELETE", "/u/me")["Allow"] == "GET, HEAD, OPTIONS, PUT")
            #expect(try await server.send("GET", "/u/me/x").status == 404)
        }
    }

    @Test("OPTIONS tells the methods of a path")
    func options() async throws {
        try await RunningServer.run { server async throws in
            for (target, allowed) in [("/r", "GET, HEAD, OPTIONS, POST"), ("/ready", "GET, HEAD, OPTIONS"), ("*", nil)]
            {
                let answer = try await server.send("OPTIONS", target)
                #expect(answer.status == 204 && answer["Allow"] == allowed, "\(target)")
                #expect(answer["Content-Length"] == nil && answer["Transfer-Encoding"] == nil)
            }
            #expect(try await server.send("OPTIONS", "/x").status == 404)
        }
    }

    @Test("The server tells its health, unless it is configured not to")
    func health() async throws {
        try await RunningServer.run { server async throws in
            #expect(try await server.send("GET", "/health").text == #"{"status":"ok"}"#)
            #expect(try await server.send("GET", "/ready").text == #"{"status":"ok"}"#)
            let heads = RunningServer.request("HEAD /health") + RunningServer.request("HEAD /ready")
            let answers = try await server.answers(heads, heads: [0, 1])
            #expect(answers.statuses == ["200", "200"] && answers.allSatisfy { $0["content-length"] == "15" })
        }
        try await RunningServer.run {
            $0.answersHealth = false
        } _: { server async throws in
            #expect(try await server.send("GET", "/health").status == 404)
        }
    }

    @Test("Several manifests are served, each with a context of its own")
    func severalManifests() async throws {
        let service = CachedRoutesService.testing(
            database: CannedDatabase { _, values in "\"\(values.texts(at: 0).joined())\"" }
        )
        let other = RouteDefinition(
            RouteDeclaration(
                "other",
                Routes.signature(.get, "/other", [RouteInput(.context, "user", .string)]),
                .read(CachePolicy()),
                returns: .value
            ),
            .sql("SELECT 1", binding: ["user"])
        )
        try await withCachedRoutesServer(service) {
            CachedRoutesServer(Table(routes: [Routes.mine]), on: service, configuration: $0) { _ in User(id: "a") }
                .adding(Table(routes: [other])) { _ in User(id: "b") }
        } _: { port async throws in
            #expect(try await HTTPClient.request(.GET, "/mine", port: port).text == "\"a\"")
            #expect(try await HTTPClient.request(.GET, "/other", port: port).text == "\"b\"")
        }
    }

    @Test("Routes that match the same requests are an error that names both, before a socket is opened")
    func clashes() async throws {
        func route(_ name: String, _ path: PathTemplate, _ line: Int) -> RouteDefinition {
            RouteDefinition(
                RouteDeclaration(
                    name,
                    RouteSignature(namespace: name, fingerprint: "0badcafe", method: .get, path: path, inputs: []),
                    .read(CachePolicy()),
                    location: "App/routes.yaml:\(line)"
                ),
                .sql("SELECT 1")
            )
        }
        for (routes, words) in [
            (
                [route("a", "/users/all", 1), route("b", "/users/all", 2)],
                "route 'b' (GET /users/all, App/routes.yaml:2) matches the same requests as route 'a' (GET /users/all, "
                    + "App/routes.yaml:1), which was added before: give one of the two another path, or 'base-path'"
            ),
            (
                [route("h", "/health", 3)],
                "route 'h' (GET /health, App/routes.yaml:3) matches the same requests as the server's own '/health': give "
                    + "it another path, or set 'answersHealth' of the server's configuration to false"
            ),
        ] {
            let service = CachedRoutesService.testing(database: CannedDatabase(json: "1"))
            var configuration = CachedRoutesServer.Configuration()
            configuration.onListening = { _ in Issue.record("the server listens") }
            let server = CachedRoutesServer(Table(routes: routes), on: service, configuration: configuration) { _ in nil
            }
            let error = await #expect(throws: CachedRoutesConfigurationError.self) { try await server.run() }
            #expect(error?.problems == [words])
        }
    }
}

@Suite("The target of a request (RFC 9112, 3.2)")
struct RequestTargetTests {
    @Test(
        "is path and query, whatever its form",
        arguments: [
            ("/a?b=c", "/a?b=c", "/a"), ("http://h/a?b=c", "/a?b=c", "/a"), ("http://h", "/", "/"),
            ("http://h?x", "/?x", "/"), ("https://u@h:1/a/", "/a/", "/a/"), ("*", "*", "*"),
            (
                "/a?u=http://x/y",
                "/a?u=http://x/y", "/a"
            ), ("a?u=http://x", "a?u=http://x", "a"), ("/a#b", "/a#b", "/a#b"), ("", "", ""),
        ]
    )
    func forms(_ text: String, originForm: String, path: String) {
        let target = RequestTarget(text)
        #expect(target.originForm == originForm)
        #expect(target.withPath { String(decoding: $0, as: UTF8.self) } == path)
    }
}
