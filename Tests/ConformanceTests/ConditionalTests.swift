import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@Suite("Conditional requests (RFC 9110, 13)")
struct ConditionalTests {
    /// Where an answer comes from.
    enum Source: CaseIterable {
        case miss
        case hit
        case staleHit
        case bypass

        var status: CacheStatusField {
            switch self {
            case .miss: .forwarded("uri-miss", stored: true)
            case .hit: .hit(ttl: 60)
            case .staleHit: .hit(ttl: -1)
            case .bypass: .forwarded("bypass", detail: "authorization")
            }
        }
    }

    /// Sends a request whose answer comes from there, under a key of its own. All bytes are the same.
    static func send(
        _ method: HTTPMethod = .GET,
        from source: Source,
        number: Int,
        _ fields: [(String, String)],
        to app: Harness
    ) async throws -> HTTPClient.Response {
        let target = "/r?n=\(number)"
        var fields = fields
        switch source {
        case .miss: break
        case .hit: try await app.stored(target)
        case .staleHit:
            try await app.stored(target)
            app.clock.advance(by: .seconds(61))
        case .bypass: fields.append(("Authorization", "Bearer x"))
        }
        let response = try await app.send(method, target, fields)
        let status = try CacheStatusField(of: response)
        #expect(status == source.status)
        return response
    }

    static let numbered = route(
        CachePolicy(staleWhileRevalidate: .seconds(30)),
        RouteInput(.query, "n", .int, default: "0")
    )

    // MARK: - If-None-Match

    /// `TAG` is the answer's own tag.
    static let matching = [
        #""TAG""#, #"W/"TAG""#, "*", " * ", #""x", "TAG""#, #""x","TAG""#, #""x" , W/"TAG" "#, #""TAG", "x""#,
        #","TAG""#, #", ,"TAG","#, "\"x\",\t\"TAG\"", #""a,b", "TAG""#, #""a b", "TAG""#, #""a\", "TAG""#,
        #""", "TAG""#, #"W/"x", "TAG""#, #""W/", "TAG""#, #""é", "TAG""#,
    ]

    @Test(
        "RFC 9110, 13.1.2: a tag in the list gives 304, by weak comparison; * is any",
        arguments: Source.allCases
    )
    func listedTag(source: Source) async throws {
        try await Harness.run([Self.numbered]) { app in
            let tag = try #require(try await app.send()["ETag"]?.dropFirst().dropLast())
            for (number, value) in Self.matching.enumerated() {
                let fields = [("If-None-Match", value.replacing("TAG", with: tag))]
                let answer = try await Self.send(from: source, number: number + 1, fields, to: app)
                #expect(answer.status == 304, "\(value)")
                #expect(answer.body.readableBytes == 0)
            }
        }
    }

    static let other = [
        #""x""#, #"W/"x""#, #""x", "y""#, "TAG", "'TAG'", #""TAG"#, #"TAG""#, #"w/"TAG""#, #"W/TAG"#, #"W "TAG""#, "",
        ",", #""TAG "#, #"" TAG""#, #""x" "TAG""#, #"x, "TAG""#, #"*, "TAG""#, #""*""#, "**", #""TAGTAG""#, #""""#,
        #"W/"#, #"\"TAG\""#, #""TAG"x"#,
    ]

    @Test("RFC 9110, 13.1.2: another tag, or a malformed value, gives the answer", arguments: Source.allCases)
    func otherTag(source: Source) async throws {
        try await Harness.run([Self.numbered]) { app in
            let tag = try #require(try await app.send()["ETag"]?.dropFirst().dropLast())
            for (number, value) in Self.other.enumerated() {
                let fields = [("If-None-Match", value.replacing("TAG", with: tag))]
                let answer = try await Self.send(from: source, number: number + 1, fields, to: app)
                #expect(answer.status == 200, "\(value)")
                #expect(answer.text == "[1]", "\(value)")
            }
        }
    }

    @Test("RFC 9110, 8.8.3.2: a tag's letters count", arguments: [Source.miss, .hit])
    func lettersCount(source: Source) async throws {
        try await Harness.run([Self.numbered]) { app in
            let tag = try #require(try await app.send()["ETag"])
            let fields = [("If-None-Match", tag.uppercased())]
            #expect(tag != tag.uppercased())
            #expect(try await Self.send(from: source, number: 1, fields, to: app).status == 200)
        }
    }

    @Test("RFC 9110, 5.3: several lines are one list", arguments: Source.allCases)
    func severalLines(source: Source) async throws {
        try await Harness.run([Self.numbered]) { app in
            let tag = try #require(try await app.send()["ETag"])
            let fields = [("If-None-Match", #""x""#), ("if-none-match", tag), ("If-None-Match", #"W/"y""#)]
            #expect(try await Self.send(from: source, number: 1, fields, to: app).status == 304)
        }
    }

    @Test("RFC 9110, 13.1.2: over Redis too, and for the tag of an entry from before", arguments: Backing.allCases)
    func backings(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            let fields = [("If-None-Match", try #require(try await app.stored()["ETag"]))]
            #expect(try await app.send(.GET, "/r", fields).status == 304)
            app.clock.advance(by: .seconds(61))
            let refreshed = try await app.send(.GET, "/r", fields)
            #expect(refreshed.status == 304)
            #expect(try CacheStatusField(of: refreshed) == .forwarded("stale", stored: true))
            #expect(try await app.fresh("/r", fields).status == 304)
            app.database.answer(json: "[2]")
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send(.GET, "/r", fields).text == "[2]")
            #expect(try await app.fresh("/r", fields).text == "[2]")
        }
    }

    @Test("RFC 9111, 4.3.2: the 304 to a miss has the answer kept")
    func keptThrough304() async throws {
        try await Harness.run([route()]) { app async throws in
            #expect(try await app.send(.GET, "/r", [("If-None-Match", "*")]).status == 304)
            #expect(try await app.stored().text == "[1]")
            #expect(app.database.queryCount == 1)
        }
    }

    // MARK: - HEAD, and what a 304 has

    @Test("RFC 9110, 13.2.1: HEAD is conditional as GET is", arguments: Source.allCases)
    func head(source: Source) async throws {
        try await Harness.run([Self.numbered]) { app in
            let tag = try #require(try await app.send()["ETag"])
            let same = try await Self.send(.HEAD, from: source, number: 1, [("If-None-Match", tag)], to: app)
            #expect(same.status == 304)
            #expect(same["ETag"] == tag)
            let other = try await Self.send(.HEAD, from: source, number: 2, [("If-None-Match", #""x""#)], to: app)
            #expect(other.status == 200)
            #expect(other["Content-Length"] == "3")
            #expect(other.body.readableBytes == 0)
        }
    }

    @Test(
        "RFC 9110, 15.4.5: a 304 has the fields of the answer, except for those about its body",
        arguments: Backing.allCases
    )
    func fieldsOf304(backing: Backing) async throws {
        let fields: HTTPFields = [
            .contentLocation: "/h/1", .expires: "Tue, 14 Nov 2023 22:14:20 GMT", .contentLanguage: "en",
            .location: "/elsewhere", .init("X-Other")!: "1", .init("Link")!: "</x>; rel=next",
            .cacheControl: "max-age=50, must-revalidate",
        ]
        let handler = handlerRoute { _ in
            HandlerResponse(
                bytes: ByteBuffer(string: ResponseTests.long),
                contentType: "text/plain",
                headerFields: fields
            )
        }
        try await Harness.run([handler], on: backing) { app in
            let coding = ("Accept-Encoding", "gzip")
            let miss = try await app.send(.GET, "/h", [coding, ("If-None-Match", "*")])
            let whole = try await app.stored("/h", [coding])
            let hit = try await app.send(.GET, "/h", [coding, ("If-None-Match", "*")])
            #expect(whole.status == 200)
            for answer in [miss, hit] {
                #expect(answer.status == 304)
                #expect(answer.body.readableBytes == 0)
                for name in ["Cache-Control", "Date", "ETag", "Vary", "Content-Location"] {
                    #expect(answer[name] != nil, "\(name)")
                    #expect(answer[name] == whole[name], "\(name)")
                }
            }
            #expect(miss["Cache-Control"] == "max-age=50, must-revalidate")
            let always: Set = [
                "cache-control", "date", "etag", "vary", "content-location", "cache-status", "connection",
                "link", "location", "x-other",
            ]
            #expect(
                Set(miss.fields.map { $0.name.lowercased() }).subtracting(["connection"])
                    == always.subtracting(["connection"])
            )
            #expect(
                Set(hit.fields.map { $0.name.lowercased() }).subtracting(["connection"])
                    == always.union(["age"]).subtracting(["connection"])
            )
        }
    }

    @Test("RFC 9110, 13.2.1: a condition counts only where the answer would be 2xx", arguments: ["*", "TAG"])
    func onlySuccess(value: String) async throws {
        let routes = [
            route(CachePolicy(negativeTTL: .seconds(10)), returns: .one),
            handlerRoute { _ in
                HandlerResponse(
                    bytes: ByteBuffer(string: "moved"),
                    contentType: "text/plain",
                    status: 302,
                    headerFields: [.location: "/r"]
                )
            },
        ]
        try await Harness.run(routes, database: CannedDatabase { _, _ in nil }) { app async throws in
            let fields = [("If-None-Match", value), ("If-Modified-Since", "Tue, 14 Nov 2023 22:14:21 GMT")]
            for _ in 0..<2 {
                #expect(try await app.send(.GET, "/r", fields).status == 404)
                #expect(try await app.send(.GET, "/h", fields).status == 302)
            }
            #expect(try await app.stored("/r", fields).status == 404)
            #expect(try await app.stored("/h", fields).status == 302)
            app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
            app.clock.advance(by: .seconds(11))
            #expect(try await app.send(.GET, "/r", fields).status == 503)
        }
    }

    @Test(
        "RFC 9110, 8.8.3.3: the tag of one coding does not stand for another",
        arguments: [Source.miss, .hit, .staleHit]
    )
    func coding(source: Source) async throws {
        try await Harness.run([Self.numbered], database: CannedDatabase(json: ResponseTests.long)) { app in
            let gzip = ResponseTests.gzip
            let coded = try #require(try await app.send(.GET, "/r", [gzip])["ETag"])
            let plain = try #require(try await app.send()["ETag"])
            func ask(_ number: Int, _ fields: [(String, String)]) async throws -> HTTPClient.Response {
                if source != .miss { try await app.stored("/r?n=\(number)", [gzip]) }
                return try await Self.send(from: source, number: number, fields, to: app)
            }
            let own = try await ask(1, [gzip, ("If-None-Match", coded)])
            #expect(own.status == 304)
            #expect(own["ETag"] == coded)
            #expect(own["Content-Encoding"] == nil)
            let other = try await ask(2, [gzip, ("If-None-Match", plain)])
            #expect(other.status == 200)
            #expect(other["Content-Encoding"] == "gzip")
            let plainAsked = try await ask(3, [("If-None-Match", coded)])
            #expect(plainAsked.status == 200)
            #expect(plainAsked.text == ResponseTests.long)
            #expect(try await ask(4, [("If-None-Match", plain)])["ETag"] == plain)
        }
    }
}
