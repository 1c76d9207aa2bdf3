import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@Suite("A service")
struct ServiceTests {
    private let clock = ManualClock(milliseconds: 784_111_777_000)
    private let database = CannedDatabase(json: #"[{"id":1}]"#)
    private var service: CachedRoutesService { .testing(database: database, clock: clock) }

    @Test("answers a miss from the database and the next request from the store, with the same bytes and tag")
    func missThenHit() async {
        let service = service
        let route = CompiledRoute(TestRoutes.users())
        let miss = await service.get("/users", of: route)
        #expect(miss.status == .ok)
        #expect(miss.text == #"[{"id":1}]"#)
        #expect(miss.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
        #expect(miss.headerFields[.age] == nil)
        #expect(miss.headerFields[.date] == "Sun, 06 Nov 1994 08:49:37 GMT")
        clock.advance(by: .milliseconds(12_900))
        let hit = await service.get("/users?skip=0&limit=020&utm_source=x", of: route)
        #expect(hit.status == .ok)
        #expect(hit.text == miss.text)
        #expect(hit.cacheStatus == "CachedRoutes; hit; ttl=47")
        #expect(hit.headerFields[.age] == "12")
        for name in [HTTPField.Name.eTag, .contentType, .contentLength, .date, .cacheControl] {
            #expect(hit.headerFields[name] == miss.headerFields[name])
        }
        #expect(hit.headerFields[.contentType] == "application/json")
        #expect(hit.headerFields[.cacheControl] == "public, max-age=60")
        #expect(database.queryCount == 1)
    }

    @Test("asks the database again once the ttl has passed")
    func expiry() async {
        let service = service
        let route = CompiledRoute(TestRoutes.users(ttl: .seconds(10)))
        _ = await service.get("/users", of: route)
        clock.advance(by: .milliseconds(9999))
        #expect(await service.get("/users", of: route).cacheStatus == "CachedRoutes; hit; ttl=0")
        clock.advance(by: .milliseconds(1))
        #expect(await service.get("/users", of: route).cacheStatus == "CachedRoutes; fwd=stale; stored")
        #expect(database.queryCount == 2)
    }

    @Test("answers 304 on hits and on misses when the client has the bytes already")
    func notModified() async throws {
        let service = service
        let route = CompiledRoute(TestRoutes.users())
        let tag = try #require(await service.get("/users?skip=1", of: route).headerFields[.eTag])
        for condition in [tag, "W/\(tag)", "\"x\", \(tag)", "*", " , \(tag) ,"] {
            let hit = await service.get("/users?skip=1", of: route, [.ifNoneMatch: condition])
            #expect(hit.status == .notModified, "\(condition)")
            #expect(hit.body.readableBytes == 0)
            #expect(hit.headerFields[.eTag] == tag)
            #expect(hit.headerFields[.date] != nil)
            #expect(hit.headerFields[.cacheControl] == "public, max-age=60")
            #expect(hit.headerFields[.contentLength] == nil)
        }
        let miss = await service.get("/users?skip=2", of: route, [.ifNoneMatch: tag])
        #expect(miss.status == .notModified)
        #expect(miss.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
        for condition in ["\"x\"", "x", tag.replacing("\"", with: ""), "", "\"", "W/", "\(tag.dropLast())"] {
            let hit = await service.get("/users?skip=1", of: route, [.ifNoneMatch: condition])
            #expect(hit.status == .ok, "\(condition)")
        }
    }

    @Test("answers HEAD from the entry of GET, and stores what HEAD has missed")
    func head() async {
        let service = service
        let route = CompiledRoute(TestRoutes.users())
        let head = await service.get("/users", of: route, method: .head)
        #expect(head.status == .ok)
        #expect(head.body.readableBytes == 0)
        #expect(head.headerFields[.contentLength] == "10")
        let get = await service.get("/users", of: route)
        #expect(get.cacheStatus == "CachedRoutes; hit; ttl=60")
        #expect(get.headerFields[.eTag] == head.headerFields[.eTag])
    }

    @Test(
        "refuses a value that does not fit, naming the input, and asks nobody",
        arguments: [
            ("/users?limit=abc", "limit", "must be a whole number"), ("/users?limit=0", "limit", "must be at least 1"),
            ("/users?limit=101", "limit", "must be at most 100"), ("/users?skip=-1", "skip", "must be at least 0"),
            ("/users?limit=1&limit=2", "limit", "must be given once"),
            ("/users?limit=", "limit", "must be a whole number"),
            ("/users?limit", "limit", "must be a whole number"),
            ("/users?limit=%FF", "limit", "must be a whole number"),
            ("/users?limit=%4", "limit", "has a malformed percent-encoding"),
            ("/users?skip=+1", "skip", "must be a whole number"),
            ("/users?%6Cimit=x", "limit", "must be a whole number"),
            ("/users?skip=9223372036854775808", "skip", "is out of range for int"),
        ]
    )
    func refusal(target: String, input: String, reason: String) async {
        let response = await service.get(target, of: CompiledRoute(TestRoutes.users()))
        #expect(response.status == .badRequest)
        #expect(response.headerFields[.contentType] == "application/problem+json")
        #expect(response.headerFields[.cacheControl] == "no-store")
        let detail = "The query parameter '\(input)' \(reason)."
        let document = #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"\#(detail)","#
        let errors = #"[{"input":"\#(input)","in":"query","detail":"\#(reason)"}]"#
        #expect(response.text == document + #""input":"\#(input)","errors":\#(errors)}"#)
        #expect(database.queryCount == 0)
    }

    @Test("ignores or refuses undeclared query names, as the route says")
    func unknownQuery() async {
        #expect(await service.get("/users?nope=1", of: CompiledRoute(TestRoutes.users())).status == .ok)
        let strict = await service.get("/users?n%22=1", of: CompiledRoute(TestRoutes.users(unknownQuery: .reject)))
        #expect(strict.status == .badRequest)
        #expect(strict.text.contains(#""input":"n\"""#))
    }

    @Test("refuses a GET with a body")
    func body() async {
        let route = CompiledRoute(TestRoutes.users())
        #expect(await service.get("/users", of: route, [.contentLength: "1"]).status == .badRequest)
        #expect(await service.get("/users", of: route, [.transferEncoding: "chunked"]).status == .badRequest)
        #expect(await service.get("/users", of: route, [.contentLength: "0"]).status == .ok)
    }

    @Test(
        "refuses a target with characters that a URI does not have",
        arguments: ["/users/\u{301}x", "/users?q=é", "/a b"]
    )
    func target(target: String) async {
        let response = await service.get(target, of: CompiledRoute(TestRoutes.users()))
        #expect(response.status == .badRequest)
        #expect(database.queryCount == 0)
    }

    @Test("announces the length of an answer without a body, unless its status says that there is none")
    func noBody() async {
        let service = service
        database.answer { _, _ in nil }
        func route(_ status: Int?) -> CompiledRoute {
            CompiledRoute(
                RouteDefinition(
                    RouteDeclaration(
                        "none",
                        TestRoutes.users().signature,
                        .read(CachePolicy()),
                        returns: .none,
                        status: status
                    ),
                    .sql("SELECT 1")
                )
            )
        }
        let noContent = await service.get("/users?skip=1", of: route(nil))
        #expect(noContent.status == .noContent)
        #expect(noContent.headerFields[.contentLength] == nil)
        #expect(await service.get("/users?skip=1", of: route(nil)).cacheStatus == "CachedRoutes; hit; ttl=60")
        let ok = await service.get("/users?skip=2", of: route(200), method: .head)
        #expect(ok.status == .ok)
        #expect(ok.headerFields[.contentLength] == "0")
    }

    @Test("does not serve an entry from the future after the clock was put back")
    func clockStepsBack() async {
        let service = service
        let route = CompiledRoute(TestRoutes.users())
        _ = await service.get("/users", of: route)
        clock.advance(by: .seconds(-5))
        #expect(await service.get("/users", of: route).cacheStatus?.contains("hit") == true)
        clock.advance(by: .seconds(-1))
        #expect(
            await service.get("/users", of: route).cacheStatus == "CachedRoutes; fwd=miss; stored; detail=unreadable"
        )
    }

    @Test("keeps requests with Authorization away from a cache that is not public")
    func authorization() async {
        let service = service
        let route = CompiledRoute(TestRoutes.users(public: false))
        let bypass = await service.get("/users", of: route, [.authorization: "Bearer x"])
        #expect(bypass.cacheStatus == "CachedRoutes; fwd=bypass; detail=authorization")
        #expect(await service.get("/users", of: route).cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
        #expect(await service.get("/users", of: route, [.authorization: "x"]).cacheStatus?.contains("bypass") == true)
        #expect(await service.get("/users", of: route).cacheStatus == "CachedRoutes; hit; ttl=60")
        #expect(database.queryCount == 3)
    }

    @Test("gives every context its own entry, marked private, and 401 without one")
    func context() async {
        let service = service
        database.answer { _, values in "\"\(values.text(at: 0) ?? "")\"" }
        let route = CompiledRoute(TestRoutes.route("/me", RouteInput(.context, "userID", .string)))
        for user in ["anna", "bert"] {
            let response = await service.get("/me", of: route, context: DictionaryContext(values: ["userID": user]))
            #expect(response.text == "\"\(user)\"")
            #expect(response.headerFields[.cacheControl] == "private, no-cache")
            #expect(response.headerFields[.vary] == "Authorization, Cookie, Accept-Encoding")
            let hit = await service.get(
                "/me",
                of: route,
                [.authorization: "x"],
                context: DictionaryContext(values: ["userID": user])
            )
            #expect(hit.cacheStatus == "CachedRoutes; hit; ttl=60")
            #expect(hit.text == "\"\(user)\"")
        }
        let nobody = await service.get("/me", of: route)
        #expect(nobody.status == .unauthorized)
        #expect(database.queryCount == 2)
    }

    @Test("negotiates a language, and falls back to the default for what it does not offer")
    func header() async {
        let service = service
        database.answer { _, values in "\"\(values.text(at: 0) ?? "")\"" }
        let input = RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"])
        let route = CompiledRoute(TestRoutes.route("/hello", input))
        for (value, language) in [
            ("de", "de"), ("de-AT, en;q=0.5", "de"), ("fr, de;q=0.1", "de"), ("fr", "en"), ("de;q=0", "en"),
            ("*, en;q=0", "de"),
            (String(repeating: "a-", count: 38_000) + "a, de", "de"),
            (String(repeating: "fr,", count: 100) + "de", "en"),
            ("en;q=0.2, de;q=0.8", "de"), ("*", "en"), ("garbage;;;q", "en"), ("de;q=2, en", "en"),
        ] {
            let response = await service.get("/hello", of: route, [.acceptLanguage: value])
            #expect(response.text == "\"\(language)\"", "\(value)")
            #expect(response.headerFields[.vary] == "Accept-Language, Accept-Encoding")
        }
        #expect(await service.get("/hello", of: route).text == "\"en\"")
    }

    @Test("answers 404 where a single row is not there, and stores nothing")
    func notFound() async {
        let service = service
        database.answer { _, _ in nil }
        let route = CompiledRoute(TestRoutes.route("/users/{id}", RouteInput(.path, "id", .int)))
        let response = await service.get("/users/7", of: route)
        #expect(response.status == .notFound)
        #expect(response.cacheStatus == "CachedRoutes; fwd=uri-miss")
        #expect(await service.get("/users/7", of: route).status == .notFound)
        #expect(database.queryCount == 2)
        #expect(await service.get("/users/x", of: route).status == .badRequest)
        #expect(await service.get("/mounted/below/users/8/", of: route).status == .notFound)
    }

    @Test("serves an answer over max-body and does not store it")
    func maxBody() async {
        let service = service
        let route = CompiledRoute(TestRoutes.users(maxBody: 9))
        #expect(await service.get("/users", of: route).cacheStatus == "CachedRoutes; fwd=uri-miss")
        #expect(await service.get("/users", of: route).text == #"[{"id":1}]"#)
        #expect(database.queryCount == 2)
    }

    @Test(
        "says truthfully why there is no answer, and leaks nothing",
        arguments: [
            (RouteDatabaseError.Code.unavailable, 503), (.overloaded, 503), (.deadlineExceeded, 504), (.badValue, 400),
            (.failed, 500),
        ]
    )
    func failures(kind: RouteDatabaseError.Code, status: Int) async {
        database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(kind, "secret") }
        let response = await service.get("/users", of: CompiledRoute(TestRoutes.users()))
        #expect(response.status.code == status)
        #expect(response.headerFields[.contentType] == "application/problem+json")
        #expect((response.headerFields[.retryAfter] != nil) == (status == 503))
        #expect(!response.text.contains("secret"))
    }

    @Test("serves hits while the database is away")
    func databaseAway() async {
        let service = service
        let route = CompiledRoute(TestRoutes.users())
        _ = await service.get("/users", of: route)
        database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "gone") }
        #expect(await service.get("/users", of: route).status == .ok)
        #expect(await service.get("/users?skip=1", of: route).status == .serviceUnavailable)
    }

    @Test("stores what a handler encodes or gives as ready bytes, and turns its errors into a 500")
    func handler() async {
        struct Failure: Error {}
        let service = service
        let calls = Mutex(0)
        func route(_ handler: @escaping RouteDefinition.Handler) -> CompiledRoute {
            CompiledRoute(
                RouteDefinition(
                    RouteDeclaration(
                        "usage",
                        RouteSignature(
                            namespace: "test",
                            fingerprint: "00000001",
                            method: .get,
                            path: "/usage",
                            inputs: [RouteInput(.query, "days", .int, default: "7")]
                        ),
                        .read(CachePolicy())
                    ),
                    .handler(handler)
                )
            )
        }
        let usage = route { values in
            calls.withLock { $0 += 1 }
            return try HandlerResponse(encoding: ["days": values.required(0) as Int])
        }
        #expect(await service.get("/usage?days=3", of: usage).text == #"{"days":3}"#)
        #expect(await service.get("/usage?days=3", of: usage).cacheStatus == "CachedRoutes; hit; ttl=60")
        #expect(calls.withLock { $0 } == 1)
        let failing = await service.get("/usage?days=4", of: route { _ in throw Failure() })
        #expect(failing.status == .internalServerError)
        let broken = route { _ in HandlerResponse(bytes: ByteBuffer(string: "hi"), contentType: "text/\u{e9}") }
        #expect(await service.get("/usage?days=6", of: broken).status == .internalServerError)
        let text = route { _ in HandlerResponse(bytes: ByteBuffer(string: "hi"), contentType: "text/plain") }
        #expect(await service.get("/usage?days=5", of: text).headerFields[.contentType] == "text/plain")
    }
}
