import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@Suite("What a handler says of its answer's version and age")
struct HandlerFieldTests {
    /// Where an answer comes from.
    enum Source: CaseIterable {
        case miss, hit, near, redis, staleHit, uncached, bypass

        var backing: Backing { self == .redis || self == .near ? .redis : .memory }

        var policy: CachePolicy? {
            switch self {
            case .uncached: .off
            case .near: CachePolicy(near: .life)
            default: CachePolicy(staleWhileRevalidate: .seconds(30))
            }
        }
    }

    private static let long = String(repeating: "line\n", count: 600)
    private static let gzip = ("Accept-Encoding", "gzip")

    private static func text(_ text: String, _ fields: HTTPFields) -> HandlerResponse {
        HandlerResponse(bytes: ByteBuffer(string: text), contentType: "text/plain", headerFields: fields)
    }

    /// Runs `body` with a function that sends requests whose answers come from there.
    private static func run(
        _ source: Source,
        _ fields: HTTPFields,
        text: String = "x",
        _ body: (Harness, (HTTPMethod, [(String, String)]) async throws -> HTTPClient.Response) async throws -> Void
    ) async throws {
        let route = RouteDefinition(
            RouteDeclaration(
                "handler",
                RouteSignature(
                    namespace: "conformance",
                    fingerprint: "0badcafe",
                    method: .get,
                    path: "/h",
                    inputs: [RouteInput(.query, "n", .int, default: "0")]
                ),
                .read(source.policy)
            ),
            .handler({ _ in Self.text(text, fields) })
        )
        try await Harness.run([route], on: source.backing) { app async throws in
            let number = Tally()
            try await body(app) { method, request in
                number.add()
                let target = "/h?n=\(number.value)"
                var request = request
                let form = request.filter { $0.0 == gzip.0 }
                switch source {
                case .miss, .uncached: break
                case .hit, .near, .redis: try await app.stored(target, form)
                case .staleHit:
                    try await app.stored(target, form)
                    app.clock.advance(by: .seconds(61))
                case .bypass: request.append(("Authorization", "Bearer x"))
                }
                let response = try await app.send(method, target, request)
                let status = try CacheStatusField(of: response)
                #expect(status.isHit == [.hit, .near, .redis, .staleHit].contains(source), "\(response)")
                return response
            }
        }
    }

    // MARK: - ETag

    @Test("9110 8.8.3: A handler's tag is given out as it is", arguments: Source.allCases)
    func tag(source: Source) async throws {
        for tag in [#""v1""#, #"W/"v1""#, #""""#, #"W/"""#, #""a,b\""#, #""é""#] {
            try await Self.run(source, [.eTag: tag]) { _, send async throws in
                for method in [HTTPMethod.GET, .HEAD] {
                    let answer = try await send(method, [])
                    #expect(answer.status == 200)
                    #expect(answer["ETag"] == tag)
                }
            }
        }
    }

    @Test("9110 13.1.2: If-None-Match is compared with it weakly", arguments: Source.allCases)
    func noneMatch(source: Source) async throws {
        let cases = [
            (#""v1""#, 304), (#"W/"v1""#, 304), (#""x", W/"v1""#, 304), ("*", 304), (#""x""#, 200), ("v1", 200),
            (#""v1-gzip""#, 200), (#""V1""#, 200), (#""""#, 200),
        ]
        for tag in [#""v1""#, #"W/"v1""#] {
            try await Self.run(source, [.eTag: tag]) { _, send async throws in
                for (value, status) in cases {
                    for method in [HTTPMethod.GET, .HEAD] {
                        let answer = try await send(method, [("If-None-Match", value)])
                        #expect(answer.status == status, "\(tag) \(value)")
                        #expect(answer["ETag"] == tag)
                        #expect(answer.text == (status == 200 && method == .GET ? "x" : ""))
                    }
                }
            }
        }
    }

    @Test("9110 13.1.1: If-Match is compared with it strongly: a weak tag never matches", arguments: Source.allCases)
    func match(source: Source) async throws {
        let cases = [
            (#""v1""#, 200, 412), (#""v1-gzip""#, 200, 412), (#"W/"v1""#, 412, 412), (#""x", "v1""#, 200, 412),
            ("*", 200, 200), (#""x""#, 412, 412), ("v1", 412, 412),
        ]
        for (tag, isWeak) in [(#""v1""#, false), (#"W/"v1""#, true)] {
            try await Self.run(source, [.eTag: tag]) { _, send async throws in
                for (value, strong, weak) in cases {
                    for method in [HTTPMethod.GET, .HEAD] {
                        // It is evaluated first (13.2.2).
                        let answer = try await send(method, [("If-Match", value), ("If-None-Match", #""other""#)])
                        #expect(answer.status == (isWeak ? weak : strong), "\(tag) \(value)")
                        if answer.status == 412 {
                            #expect(answer["Content-Type"] == "application/problem+json")
                            #expect(answer["Cache-Control"] == "no-store")
                            #expect(answer.text.isEmpty == (method == .HEAD))
                        }
                    }
                }
            }
        }
        // Tags that are made from bytes are a cache's, which may ignore it.
        try await Self.run(source, [:]) { _, send async throws in
            #expect(try await send(.GET, [("If-Match", #""nope""#)]).status == 200)
        }
    }

    @Test(
        "9110 8.8.3.3: The compressed form has another strong tag, and may share a weak one",
        arguments: [Source.miss, .hit, .near, .redis, .staleHit]
    )
    func codings(source: Source) async throws {
        for (tag, coded) in [(#""v1""#, #""v1-gzip""#), (#"W/"v1""#, #"W/"v1""#), (#""""#, #""-gzip""#)] {
            try await Self.run(source, [.eTag: tag], text: Self.long) { _, send async throws in
                let plain = try await send(.GET, [])
                #expect(plain["ETag"] == tag && plain["Content-Encoding"] == nil)
                #expect(plain.text == Self.long)
                let compressed = try await send(.GET, [Self.gzip])
                #expect(compressed["ETag"] == coded && compressed["Content-Encoding"] == "gzip")
                let own = try await send(.GET, [Self.gzip, ("If-None-Match", coded)])
                #expect(own.status == 304)
                #expect(own["ETag"] == coded)
                let other = try await send(.GET, [Self.gzip, ("If-None-Match", tag)])
                #expect(other.status == (tag == coded ? 304 : 200))
                let plainAsked = try await send(.GET, [("If-None-Match", coded)])
                #expect(plainAsked.status == (tag == coded ? 304 : 200))
            }
        }
    }

    @Test("9110 13.2.1: Conditions say nothing of what is no success", arguments: [301, 404, 503])
    func noSuccess(status: Int) async throws {
        let route = handlerRoute(CachePolicy(negativeTTL: .seconds(10)), status: status) { _ in
            Self.text("x", [.eTag: #""v1""#, .lastModified: ConditionalTests.secondBefore])
        }
        try await Harness.run([route]) { app async throws in
            for _ in 0..<3 {
                for field in [("If-None-Match", #""v1""#), ("If-Match", #""v2""#)] {
                    let answer = try await app.send(.GET, "/h", [field])
                    #expect(answer.status == status)
                    #expect(answer["ETag"] == #""v1""#)
                }
            }
        }
    }

    @Test(
        "9110 8.8.3: An answer without a body has a tag where the handler gives one",
        arguments: [Source.miss, .redis]
    )
    func noBody(source: Source) async throws {
        let fields: HTTPFields = [.eTag: #""v1""#, .lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"]
        let route = handlerRoute(CachePolicy(), status: 204) { _ in HandlerResponse(status: 204, headerFields: fields) }
        try await Harness.run([route], on: source.backing) { app async throws in
            if source != .miss { try await app.stored("/h") }
            let answer = try await app.send(.GET, "/h")
            #expect(answer.status == 204)
            #expect(answer["ETag"] == #""v1""#)
            #expect(answer["Last-Modified"] == "Sun, 06 Nov 1994 08:49:37 GMT")
            #expect(try await app.send(.GET, "/h", [("If-None-Match", #""v1""#)]).status == 304)
            #expect(try await app.send(.GET, "/h", [("If-None-Match", #""""#)]).status == 204)
        }
    }

    // MARK: - Last-Modified

    @Test("9110 15.4.5, 13.1.3: A handler's date is sent with 200 and 304, and decides", arguments: Source.allCases)
    func date(source: Source) async throws {
        let own = "Sun, 06 Nov 1994 08:49:37 GMT"
        let cases = [
            (own, 304), ("Sun, 06 Nov 1994 08:49:36 GMT", 200), ("Sun, 06 Nov 1994 08:49:38 GMT", 304),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 304), ("Sun Nov  6 08:49:36 1994", 200), ("yesterday", 200), ("", 200),
        ]
        for given in [own, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            try await Self.run(source, [.lastModified: given]) { _, send async throws in
                for (date, status) in cases {
                    for method in [HTTPMethod.GET, .HEAD] {
                        let answer = try await send(method, [("If-Modified-Since", date)])
                        #expect(answer.status == status, "\(date)")
                        #expect(answer["Last-Modified"] == own)
                    }
                }
                // If-None-Match decides alone.
                for value in [#""x""#, "", "x"] {
                    let both = [("If-None-Match", value), ("If-Modified-Since", own)]
                    #expect(try await send(.GET, both).status == 200)
                }
                let tag = try #require(try await send(.GET, [])["ETag"])
                let old = ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")
                let answer = try await send(.GET, [("If-None-Match", tag), old])
                #expect(answer.status == 304)
                #expect(answer["Last-Modified"] == own)
            }
        }
    }

    @Test("9110 8.8.2: Dates before 1970 are dates", arguments: [Source.miss, .hit, .redis])
    func oldDates(source: Source) async throws {
        for date in ["Wed, 31 Dec 1969 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"] {
            try await Self.run(source, [.lastModified: date]) { _, send async throws in
                #expect(try await send(.GET, [])["Last-Modified"] == date)
                #expect(try await send(.GET, [("If-Modified-Since", date)]).status == 304)
            }
        }
    }

    @Test(
        "9110 8.8.2.1: A date in the future is replaced by that of the answer",
        arguments: [Source.miss, .hit, .redis]
    )
    func future(source: Source) async throws {
        try await Self.run(source, [.lastModified: "Fri, 31 Dec 2100 23:59:59 GMT"]) { _, send async throws in
            let answer = try await send(.GET, [])
            #expect(answer["Last-Modified"] == ConditionalTests.made)
            #expect(answer["Date"] == ConditionalTests.made)
            // It may have changed twice within its second (8.8.2.2).
            #expect(try await send(.GET, [("If-Modified-Since", ConditionalTests.made)]).status == 200)
        }
    }

    @Test("9110 15.4.5: A date that is not the handler's is not sent with 304, as before")
    func ownDate() async throws {
        try await Self.run(.hit, [.eTag: #""v1""#]) { _, send async throws in
            #expect(try await send(.GET, [])["Last-Modified"] == ConditionalTests.made)
            #expect(try await send(.GET, [("If-None-Match", #""v1""#)])["Last-Modified"] == nil)
        }
    }

    // MARK: - Age

    @Test("9111 4.2.3: Age and freshness count from the age that the answer came with", arguments: Backing.allCases)
    func age(backing: Backing) async throws {
        for near in [CachePolicy.Near.off, .life] {
            let route = handlerRoute(CachePolicy(ttl: .seconds(60), near: near)) { _ in Self.text("x", [.age: "20"]) }
            try await Harness.run([route], on: backing) { app async throws in
                let miss = try await app.send(.GET, "/h")
                #expect(miss["Age"] == "20")
                #expect(try CacheStatusField(of: miss) == .forwarded("uri-miss", stored: true))
                #expect(miss["Cache-Control"] == "max-age=60")
                let hit = try await app.stored("/h")
                #expect(hit["Age"] == "20")
                #expect(hit["Date"] == miss["Date"])
                app.clock.advance(by: .seconds(15))
                for method in [HTTPMethod.GET, .HEAD] {
                    let later = try await app.send(method, "/h")
                    #expect(later["Age"] == "35")
                    #expect(later.cacheStatus == "CachedRoutes; hit; ttl=25")
                }
                let tag = try #require(hit["ETag"])
                let unchanged = try await app.send(.GET, "/h", [("If-None-Match", tag)])
                #expect(unchanged.status == 304)
                #expect(unchanged["Age"] == "35")
                app.clock.advance(by: .seconds(25))
                let stale = try await app.send(.GET, "/h")
                #expect(try CacheStatusField(of: stale) == .forwarded("stale", stored: true))
                #expect(stale["Age"] == "20")
            }
        }
    }

    @Test("5861: Windows count from the end of what is left of a ttl")
    func windows() async throws {
        let isBroken = Switch()
        let policy = CachePolicy(ttl: .seconds(60), staleIfError: .seconds(30))
        let route = handlerRoute(policy) { _ in
            if isBroken.isOn { throw HandlerError(status: 503, "broken") }
            return Self.text("x", [.age: "50"])
        }
        try await Harness.run([route]) { app async throws in
            try await app.stored("/h")
            isBroken.turnOn()
            app.clock.advance(by: .seconds(39))
            let stale = try await app.send(.GET, "/h")
            #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-29; detail=handler-failed")
            #expect(stale["Age"] == "89")
            app.clock.advance(by: .seconds(1))
            #expect(try await app.send(.GET, "/h").status == 503)
        }
    }

    @Test(
        "9111 4.2: An answer that was fresh for all of its life before it came is nobody else's",
        arguments: Backing.allCases
    )
    func staleOnArrival(backing: Backing) async throws {
        for (age, control, sent) in [
            ("60", nil, "no-store"), ("99999999999", nil, "no-store"), ("9", "max-age=9", "no-cache"),
        ] as [(String, String?, String)] {
            let count = Tally()
            let route = handlerRoute(CachePolicy(staleWhileRevalidate: .seconds(60))) { _ in
                count.add()
                var fields: HTTPFields = [.age: age]
                if let control { fields[.cacheControl] = control }
                return Self.text("\(count.value)", fields)
            }
            try await Harness.run([route], on: backing) { app async throws in
                for number in 1...2 {
                    let answer = try await app.send(.GET, "/h")
                    #expect(answer.text == "\(number)")
                    #expect(answer.cacheStatus == "CachedRoutes; fwd=uri-miss")
                    #expect(answer["Age"] == (age.count > 9 ? "2147483648" : age))
                    #expect(answer["Cache-Control"] == sent)
                }
                #expect(try await app.entryKeys() == [])
            }
        }
    }

    @Test("9111 5.1: An age that is none is ignored, and of several the first counts", arguments: [Source.miss, .hit])
    func malformedAge(source: Source) async throws {
        for (value, seconds) in [
            ("x", nil), ("-1", nil), ("1.5", nil), ("", nil), ("7, 9", 7), ("7, x", 7), ("x, 7", nil),
        ]
            as [(String, Int?)]
        {
            try await Self.run(source, [.age: value]) { _, send async throws in
                let answer = try await send(.GET, [])
                #expect(answer.status == 200)
                let age = seconds ?? (source == .hit ? 0 : nil)
                #expect(answer["Age"] == age.map(String.init), "\(value)")
            }
        }
    }

    @Test("9111 5.2.1.1: A request's max-age counts it")
    func requestDirectives() async throws {
        let route = RouteDefinition(
            RouteDeclaration(
                "handler",
                RouteSignature(namespace: "conformance", fingerprint: "0badcafe", method: .get, path: "/h", inputs: []),
                .read(CachePolicy()),
                requestDirectives: .honor
            ),
            .handler({ _ in Self.text("x", [.age: "20"]) })
        )
        try await Harness.run([route]) { app async throws in
            try await app.stored("/h")
            for (directive, isHit) in [
                ("max-age=20", true), ("max-age=19", false), ("min-fresh=40", true), ("min-fresh=41", false),
            ] {
                let answer = try await app.send(.GET, "/h", [("Cache-Control", directive)])
                #expect(try CacheStatusField(of: answer).isHit == isHit, "\(directive)")
            }
        }
    }

    @Test("Those who wait for one answer get the same version and age of it")
    func collapsed() async throws {
        let gate = Gate()
        let calls = Tally()
        let fields: HTTPFields = [.eTag: #"W/"v1""#, .lastModified: ConditionalTests.secondBefore, .age: "20"]
        let route = handlerRoute { _ in
            calls.add()
            await gate.pass()
            return Self.text("x", fields)
        }
        try await Harness.run([route]) { app async throws in
            try await withThrowingTaskGroup(of: HTTPClient.Response.self) { group in
                for _ in 0..<3 { group.addTask { try await app.send(.GET, "/h") } }
                try await poll("all wait") { app.service.waitingRequests == 3 }
                gate.open()
                for try await answer in group {
                    #expect(answer["ETag"] == #"W/"v1""#)
                    #expect(answer["Last-Modified"] == ConditionalTests.secondBefore)
                    #expect(answer["Age"] == "20")
                }
            }
            #expect(calls.value == 1)
        }
    }

    // MARK: - Challenges

    @Test("9110 15.5.2: Every 401 has a challenge, the handler's own where it gives one", arguments: [true, false])
    func challenges(isThrown: Bool) async throws {
        let refusing = handlerRoute { _ in
            if isThrown { throw HandlerError(status: 401, "Who are you?") }
            return HandlerResponse(status: 401)
        }
        try await Harness.run([refusing]) { app async throws in
            let answer = try await app.send(.GET, "/h")
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"] == "Bearer")
        }
        let own = handlerRoute { _ in
            HandlerResponse(status: 401, headerFields: [.wwwAuthenticate: "Basic realm=\"x\""])
        }
        try await Harness.run([own]) { app async throws in
            #expect(try await app.send(.GET, "/h")["WWW-Authenticate"] == "Basic realm=\"x\"")
        }
        let guarded = route(CachePolicy(), RouteInput(.context, "user", .string))
        try await Harness.run([guarded]) { app async throws in
            let answer = try await app.send(.GET, "/r")
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"] == "Bearer")
        }
    }
}
