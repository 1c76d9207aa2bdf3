import CachedRoutes
import CachedRoutesServer
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import TestApp
import Testing

@Suite("Requests of other origins (Fetch, 3.2)")
struct CrossOriginTests {
    private static let origin = ("Origin", "https://a.example")

    /// Answers of each kind, sent early or by the messages of the connection.
    private static let requests: [(method: String, target: String)] = [
        ("GET", "/r"), ("GET", "/r"), ("GET", "/r?page=x"), ("GET", "/x"), ("DELETE", "/r"), ("GET", "/mine"),
        ("GET", "/health"),
    ]

    @Test("Without a policy no response names an origin, and none varies by it")
    func none() async throws {
        try await RunningServer.run { server async throws in
            for request in Self.requests + [("OPTIONS", "/r")] {
                let answer = try await server.send(
                    request.method,
                    request.target,
                    [Self.origin, ("Access-Control-Request-Method", "POST")]
                )
                #expect(!answer.fields.contains { $0.name.lowercased().hasPrefix("access-control") })
                #expect(!answer.fields.contains { $0.name == "Vary" && $0.value == "Origin" })
            }
        }
    }

    @Test("Any origin may read responses, without credentials")
    func any() async throws {
        try await RunningServer.run {
            $0.crossOrigin = .anyOrigin(exposedHeaders: [.eTag, .age])
        } _: {
            server async throws in
            for request in Self.requests {
                let answer = try await server.send(request.method, request.target, [Self.origin])
                #expect(answer["Access-Control-Allow-Origin"] == "*", "\(request)")
                #expect(answer["Access-Control-Expose-Headers"] == "ETag, Age")
                #expect(answer["Access-Control-Allow-Credentials"] == nil)
                #expect(!answer.fields.contains { $0.name == "Vary" && $0.value == "Origin" })
                let plain = try await server.send(request.method, request.target)
                #expect(plain["Access-Control-Allow-Origin"] == nil)
            }
        }
    }

    @Test("Listed origins may read responses, which vary by the origin for everybody")
    func listed() async throws {
        try await RunningServer.run {
            $0.crossOrigin = .origins(["http://b:8080", "https://a.example"], allowsCredentials: true)
        } _: { server async throws in
            for request in Self.requests {
                let allowed = try await server.send(request.method, request.target, [Self.origin])
                #expect(allowed["Access-Control-Allow-Origin"] == "https://a.example", "\(request)")
                #expect(allowed["Access-Control-Allow-Credentials"] == "true")
                #expect(allowed["Access-Control-Expose-Headers"] == "ETag")
                let others = [
                    [("Origin", "https://a.example.org")], [("Origin", "https://A.example")], [("Origin", "null")], [],
                    [Self.origin, Self.origin],
                ]
                for fields in others {
                    let other = try await server.send(request.method, request.target, fields)
                    #expect(!other.fields.contains { $0.name.hasPrefix("Access-Control") }, "\(request) \(fields)")
                    #expect(other.status == allowed.status)
                    #expect(other.fields.contains { $0.name == "Vary" && $0.value == "Origin" })
                }
                #expect(allowed.fields.contains { $0.name == "Vary" && $0.value == "Origin" })
            }
        }
    }

    @Test("A preflight request gets the methods of its path, and the configured fields and time")
    func preflight() async throws {
        try await RunningServer.run {
            $0.crossOrigin = .origins(
                ["https://a.example"],
                requestHeaders: [.contentType, .ifMatch],
                maxAge: .seconds(60),
                allowsCredentials: true
            )
        } _: { server async throws in
            let asks = ("Access-Control-Request-Method", "PUT")
            for (target, methods) in [
                ("/r", "GET, HEAD, OPTIONS, POST"), ("/mine", "GET, HEAD, OPTIONS, PUT"),
                ("/ready", "GET, HEAD, OPTIONS"),
            ] {
                let answer = try await server.send("OPTIONS", target, [Self.origin, asks])
                #expect(answer.status == 204)
                #expect(answer["Access-Control-Allow-Origin"] == "https://a.example")
                #expect(answer["Access-Control-Allow-Credentials"] == "true")
                #expect(answer["Access-Control-Allow-Methods"] == methods)
                #expect(answer["Access-Control-Allow-Headers"] == "Content-Type, If-Match")
                #expect(answer["Access-Control-Max-Age"] == "60")
                #expect(answer["Access-Control-Expose-Headers"] == nil)
                #expect(answer["Allow"] == methods)
            }
            let other = try await server.send("OPTIONS", "/r", [("Origin", "https://b"), asks])
            #expect(other.status == 204 && !other.fields.contains { $0.name.hasPrefix("Access-Control") })
            let plain = try await server.send("OPTIONS", "/r", [Self.origin])
            #expect(plain["Access-Control-Allow-Methods"] == nil)
            #expect(plain["Access-Control-Allow-Origin"] == "https://a.example")
        }
    }
}

@Suite("Access logs and proxies")
struct AccessLogTests {
    @Test("Each answered request is logged, however it was answered")
    func requests() async throws {
        let logged = Logged()
        try await RunningServer.run {
            $0.accessLog = logged.add
        } context: { _ in
            User(id: "a")
        } _: {
            server async throws in
            let text = [
                "GET /r", "GET /r", "HEAD /r", "GET /r?page=x", "GET /x?a=b", "DELETE /r", "GET /mine", "OPTIONS /r",
                "GET http://a/r",
            ].map { RunningServer.request($0) }.joined()
            _ = try await server.answers(text)
            let all = logged.all
            #expect(all.map(\.status) == [200, 200, 200, 400, 404, 405, 200, 204, 200])
            #expect(all.map(\.route) == ["list", "list", "list", "list", nil, nil, "mine", nil, "list"])
            #expect(all.prefix(3).map(\.bodyLength) == [3, 3, 0])
            #expect(all.map(\.method.rawValue).suffix(4) == ["DELETE", "GET", "OPTIONS", "GET"])
            #expect(all[4].target == "/x?a=b" && all[8].target == "http://a/r")
            #expect(all.allSatisfy { $0.remoteAddress == "127.0.0.1" })
        }
    }

    @Test("Addresses come from trusted proxies only, for the log and for the context", arguments: [false, true])
    func proxies(isTrusted: Bool) async throws {
        let logged = Logged()
        let expected = isTrusted ? "1.2.3.4" : "127.0.0.1"
        try await RunningServer.run {
            $0.accessLog = logged.add
            $0.trustedProxies = TrustedProxies([isTrusted ? "127.0.0.0/8" : "10.0.0.0/8"])
        } context: { request in
            #expect(request.remoteAddress == expected)
            return User(id: "a")
        } _: { server async throws in
            for target in ["/r", "/r", "/mine", "/x"] {
                let fields = [("X-Forwarded-For", "6.6.6.6, 1.2.3.4"), ("Forwarded", "for=6.6.6.6")]
                _ = try await server.send("GET", target, fields)
            }
            // A request is logged once its response has been written.
            try await poll("all are logged") { logged.all.count == 4 }
            #expect(logged.all.allSatisfy { $0.remoteAddress == expected })
        }
    }

    @Test("The server's name stands in all responses")
    func serverName() async throws {
        try await RunningServer.run {
            $0.serverName = "x"
        } _: { server async throws in
            for target in ["/r", "/r", "/mine", "/x"] { #expect(try await server.send("GET", target)["Server"] == "x") }
        }
    }
}

@Suite("Configurations that can't be used")
struct ConfigurationTests {
    private func problems(_ configure: (inout CachedRoutesServer.Configuration) -> Void) async -> [String] {
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "1"))
        var configuration = CachedRoutesServer.Configuration()
        configuration.address = .hostname("127.0.0.1", port: 0)
        configuration.onListening = { _ in Issue.record("the server listens") }
        configure(&configuration)
        let server = CachedRoutesServer(Table(routes: []), on: service, configuration: configuration) { _ in nil }
        return await #expect(throws: CachedRoutesConfigurationError.self) { try await server.run() }?.problems ?? []
    }

    @Test(
        "Texts that no browser sends as an origin are told",
        arguments: [
            "*", "a.example", "https://", "https://a/", "https://a/b", "https://A", "https://a:443", "http://a:80",
            "http://a:x", "http://a:080", "http://a b", "https://u@a", "https://a,https://b", "", "null", "HTTPS://a",
        ]
    )
    func origins(text: String) async {
        let problems = await problems { $0.crossOrigin = .origins(["https://a.example", "http://[::1]:3000", text]) }
        #expect(problems.count == 1 && problems[0].hasPrefix("crossOrigin: '\(text)' is not an origin"))
    }

    @Test("Texts that are no addresses of proxies are told")
    func proxies() async {
        let problems = await problems { $0.trustedProxies = TrustedProxies(["10.0.0.0/8", "proxy.example"]) }
        #expect(problems.count == 1 && problems[0].hasPrefix("trustedProxies: 'proxy.example' is neither"))
    }
}
