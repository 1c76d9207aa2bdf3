import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@Suite("Whose answer it is (RFC 9111, 3.5; Contract 5)")
struct SafetyTests {
    static let credentials = [("Authorization", "Bearer x")]
    private static let bypassed = CacheStatusField.forwarded("bypass", detail: "authorization")

    // MARK: - Authorization

    @Test("RFC 9111, 3.5: a request with Authorization reads nothing from the store", arguments: Backing.allCases)
    func authorizationReadsNothing(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            try await app.stored()
            app.database.answer(json: "[2]")
            for fields in [Self.credentials, [("authorization", "")], [("AUTHORIZATION", "Basic eDp5")]] {
                let own = try await app.send(.GET, "/r", fields)
                #expect(own.text == "[2]")
                #expect(own["Age"] == nil)
                #expect(try CacheStatusField(of: own) == Self.bypassed)
            }
            #expect(try await app.send().text == "[1]")
            #expect(app.database.queryCount == 4)
        }
    }

    @Test("RFC 9111, 3.5: the answer to a request with Authorization is not kept", arguments: Backing.allCases)
    func authorizationWritesNothing(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            for _ in 0..<2 {
                let own = try await app.send(.GET, "/r", Self.credentials)
                #expect(try CacheStatusField(of: own) == Self.bypassed)
            }
            if backing == .redis { #expect(try await app.redis("DBSIZE") == "0") }
            app.database.answer(json: "[2]")
            let plain = try await app.send()
            #expect(plain.text == "[2]")
            #expect(try CacheStatusField(of: plain) == .forwarded("uri-miss", stored: true))
        }
    }

    @Test("Contract 5: a request with Authorization does not wait for others' answers", arguments: Backing.allCases)
    func authorizationJoinsNobody(backing: Backing) async throws {
        let gate = DatabaseGate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "[1]"
        }
        try await Harness.run([route()], on: backing, database: database) { app in
            async let plain = app.send()
            try await poll("the first one asks") { database.queryCount == 1 }
            database.answer(json: "[2]")
            let own = try await app.send(.GET, "/r", Self.credentials)
            #expect(own.text == "[2]")
            #expect(try CacheStatusField(of: own) == Self.bypassed)
            gate.open()
            #expect(try await plain.text == "[1]")
        }
    }

    @Test("Contract 5: nobody waits for the answer to a request with Authorization", arguments: Backing.allCases)
    func authorizationIsJoinedByNobody(backing: Backing) async throws {
        let gate = DatabaseGate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "[1]"
        }
        try await Harness.run([route()], on: backing, database: database) { app in
            async let own = app.send(.GET, "/r", Self.credentials)
            try await poll("the first one asks") { database.queryCount == 1 }
            database.answer(json: "[2]")
            let another = try await app.send(.GET, "/r", [("Authorization", "Bearer y")])
            #expect(another.text == "[2]")
            let plain = try await app.send()
            #expect(plain.text == "[2]")
            #expect(try CacheStatusField(of: plain) == .forwarded("uri-miss", stored: true))
            gate.open()
            #expect(try await own.text == "[1]")
            #expect(try await app.stored().text == "[2]")
        }
    }

    @Test("RFC 9111, 3.5: a stale answer does not stand in for an error with Authorization")
    func authorizationIsNotRescued() async throws {
        let windows = CachePolicy(staleWhileRevalidate: .seconds(60), staleIfError: .seconds(60))
        try await Harness.run([route(windows)]) { app in
            try await app.stored()
            app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
            #expect(try await app.send(.GET, "/r", Self.credentials).status == 503)
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send(.GET, "/r", Self.credentials).status == 503)
        }
    }

    @Test("RFC 9111, 3.5: public: true lets Authorization use the cache, and says so", arguments: Backing.allCases)
    func publicRoute(backing: Backing) async throws {
        try await Harness.run([route(public: true)], on: backing) { app in
            let miss = try await app.send(.GET, "/r", Self.credentials)
            #expect(try CacheStatusField(of: miss) == .forwarded("uri-miss", stored: true))
            #expect(miss["Cache-Control"] == "public, max-age=60")
            #expect(try await app.stored("/r", Self.credentials).text == "[1]")
            #expect(try await app.stored().text == "[1]")
            #expect(app.database.queryCount == 1)
        }
    }

    // MARK: - Context inputs

    private static let own = route(CachePolicy(), RouteInput(.context, "user", .string))

    /// Who asks, by a token that the app knows.
    private static let authenticate: @Sendable (HTTPFields) -> [String: String]? = { fields in
        switch fields[.authorization] {
        case "Bearer a": ["user": "alice"]
        case "Bearer b": ["user": "bob"]
        case "Bearer nobody": [:]
        default: nil
        }
    }

    @Test("Contract 2: without context it is 401, whatever is kept", arguments: Backing.allCases)
    func noContext(backing: Backing) async throws {
        try await Harness.run([Self.own], on: backing, database: .echo(), context: Self.authenticate) { app in
            try await app.stored("/r", [("Authorization", "Bearer a")])
            for fields in [[], [("Authorization", "Bearer unknown")], [("Authorization", "Bearer nobody")]] {
                let refused = try await app.send(.GET, "/r", fields + [("If-None-Match", "*")])
                #expect(refused.status == 401)
                #expect(refused["WWW-Authenticate"] != nil)
                #expect(refused["Content-Type"] == "application/problem+json")
                #expect(refused["Cache-Control"] == "no-store")
                #expect(refused["ETag"] == nil)
                #expect(!refused.text.contains("alice"))
            }
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("Contract 1: everybody has entries of their own", arguments: Backing.allCases)
    func ownEntries(backing: Backing) async throws {
        try await Harness.run([Self.own], on: backing, database: .echo(), context: Self.authenticate) {
            app async throws in
            for (token, text) in [("a", #"["alice"]"#), ("b", #"["bob"]"#), ("a", #"["alice"]"#)] {
                #expect(try await app.send(.GET, "/r", [("Authorization", "Bearer \(token)")]).text == text)
                #expect(try await app.stored("/r", [("Authorization", "Bearer \(token)")]).text == text)
            }
            #expect(app.database.queryCount == 2)
        }
    }

    @Test("Contract 1: concurrent requests of two people are two queries")
    func ownFlights() async throws {
        let gate = DatabaseGate()
        let database = CannedDatabase { _, values in
            await gate.pass()
            return "[\"\(values.text(at: 0) ?? "")\"]"
        }
        try await Harness.run([Self.own], database: database, context: Self.authenticate) { app in
            async let alice = app.send(.GET, "/r", [("Authorization", "Bearer a")])
            async let bob = app.send(.GET, "/r", [("Authorization", "Bearer b")])
            try await poll("both ask") { database.queryCount == 2 }
            gate.open()
            #expect(try await alice.text == #"["alice"]"#)
            #expect(try await bob.text == #"["bob"]"#)
        }
    }

    @Test("Contract 5: what is somebody's own is private and varies with the credentials", arguments: Backing.allCases)
    func privateAnswer(backing: Backing) async throws {
        try await Harness.run([Self.own], on: backing, database: .echo(), context: Self.authenticate) { app in
            let fields = [("Authorization", "Bearer a")]
            for answer in [try await app.send(.GET, "/r", fields), try await app.stored("/r", fields)] {
                #expect(answer["Cache-Control"] == "private, no-cache")
                #expect(answer["Vary"] == "Authorization, Cookie, Accept-Encoding")
            }
        }
    }

    @Test("Contract 1: a client can't set a context input by a query, a field or the path")
    func contextIsNotTheClients() async throws {
        try await Harness.run([Self.own], database: .echo(), context: Self.authenticate) { app async throws in
            let fields = [("Authorization", "Bearer a"), ("user", "bob"), ("X-User", "bob")]
            #expect(try await app.send(.GET, "/r?user=bob", fields).text == #"["alice"]"#)
            #expect(try await app.send(.GET, "/r?user=bob", [("user", "bob")]).status == 401)
        }
    }

    // MARK: - HEAD

    @Test("RFC 9110, 9.3.2: HEAD has GET's fields and no body, and both share an entry", arguments: Backing.allCases)
    func head(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            let miss = try await app.send(.HEAD)
            #expect(try CacheStatusField(of: miss) == .forwarded("uri-miss", stored: true))
            let get = try await app.stored()
            #expect(get.text == "[1]")
            let head = try await app.send(.HEAD)
            #expect(try CacheStatusField(of: head) == .hit(ttl: 60))
            #expect(app.database.queryCount == 1)
            for answer in [miss, head] {
                #expect(answer.status == 200)
                #expect(answer.body.readableBytes == 0)
                #expect(answer["Content-Length"] == "3")
            }
            func fields(_ response: HTTPClient.Response) -> [String] {
                response.fields.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
            }
            #expect(fields(head) == fields(get))
        }
    }

    @Test("RFC 9110, 9.3.2: an error has no body with HEAD")
    func headOfErrors() async throws {
        try await Harness.run([route(CachePolicy(), RouteInput(.query, "n", .int))]) { app in
            let get = try await app.send(.GET, "/r?n=x")
            let head = try await app.send(.HEAD, "/r?n=x")
            #expect(head.status == 400)
            #expect(head.body.readableBytes == 0)
            #expect(head["Content-Length"] == get["Content-Length"])
        }
    }

    @Test("RFC 9110, 9.2.3: other methods don't use the cache", arguments: [HTTPMethod.POST, .PUT, .DELETE, .OPTIONS])
    func otherMethods(method: HTTPMethod) async throws {
        try await Harness.run([route()]) { app in
            try await app.stored()
            let refused = try await app.send(method)
            // The server without a framework describes the resource.
            #expect(refused.status == (Way.isServer && method == .OPTIONS ? 204 : 405))
            #expect(refused["Allow"] == Way.allowed("GET, HEAD"))
            #expect(refused.cacheStatus == nil)
            #expect(app.database.queryCount == 1)
        }
    }
}
