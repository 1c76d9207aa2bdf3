import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import TestApp
import Testing

@Suite("Handlers")
struct HandlerTests {
    private struct Report: Encodable {
        let days: Int
        let name: String
    }

    private static func text(_ text: String, status: Int? = nil, _ fields: HTTPFields = [:]) -> HandlerResponse {
        HandlerResponse(
            bytes: ByteBuffer(string: text),
            contentType: "text/plain",
            status: status,
            headerFields: fields
        )
    }

    @Test("Any Encodable becomes JSON with the same bytes each time", arguments: Backing.allCases)
    func encodable(backing: Backing) async throws {
        let route = handlerRoute { _ in try HandlerResponse(encoding: Report(days: 7, name: "a/b")) }
        try await Harness.run([route], on: backing) { app async throws in
            let miss = try await app.send(.GET, "/h")
            #expect(miss.text == #"{"days":7,"name":"a/b"}"#)
            #expect(miss["Content-Type"] == "application/json")
            #expect(try await app.stored("/h")["ETag"] == miss["ETag"])
        }
    }

    @Test(
        "Bytes are sent with their content type, and a status with its fields, on misses and hits",
        arguments: Backing.allCases
    )
    func statusAndFields(backing: Backing) async throws {
        let fields: HTTPFields = [
            .contentLanguage: "de", HTTPField.Name("Link")!: "</a>; rel=next",
            HTTPField.Name("X-Odd")!: "a  %25 \"b\" = ü",
        ]
        let route = handlerRoute { _ in Self.text("hi", status: 203, fields) }
        try await Harness.run([route], on: backing) { app async throws in
            let miss = try await app.send(.GET, "/h")
            let hit = try await app.stored("/h")
            for response in [miss, hit] {
                #expect(response.status == 203)
                #expect(response.text == "hi")
                #expect(response["Content-Type"] == "text/plain")
                #expect(response["Content-Language"] == "de")
                #expect(response["Link"] == "</a>; rel=next")
                #expect(response["X-Odd"] == "a  %25 \"b\" = ü")
            }
        }
    }

    @Test("9110 15.4: A redirect is stored with its Location", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        let count = Tally()
        let route = handlerRoute { _ in
            count.add()
            return HandlerResponse(status: status, headerFields: [.location: "/elsewhere"])
        }
        try await Harness.run([route], on: .redis) { app async throws in
            let miss = try await app.send(.GET, "/h")
            let hit = try await app.stored("/h")
            for response in [miss, hit] {
                #expect(response.status == status)
                #expect(response["Location"] == "/elsewhere")
                #expect(response["Content-Length"] == "0")
            }
            #expect(count.value == 1)
        }
    }

    @Test(
        "9111 3: no-store, private, no-cache and Set-Cookie keep an answer from the store",
        arguments: [
            ("Cache-Control", "no-store", "no-store"), ("Cache-Control", "private", "private, no-cache"),
            ("cache-control", "max-age=9, NO-STORE", "no-store"),
            ("Cache-Control", "no-cache", "no-cache"), ("Set-Cookie", "id=1", "id=1"),
        ]
    )
    func veto(name: String, value: String, sent: String) async throws {
        let count = Tally()
        let route = handlerRoute { _ in
            count.add()
            return Self.text("\(count.value)", [HTTPField.Name(name)!: value])
        }
        try await Harness.run([route], on: .redis) { app async throws in
            for number in 1...2 {
                let response = try await app.send(.GET, "/h")
                #expect(response.text == "\(number)")
                #expect(response.cacheStatus == "CachedRoutes; fwd=uri-miss")
                #expect(response[name] == sent)
            }
            #expect(try await app.entryKeys() == [])
        }
    }

    @Test("9110 15.4.5: A 304 has the fields that are not about the body")
    func notModified() async throws {
        let number = Tally()
        let route = handlerRoute { _ in
            number.add()
            return Self.text(
                "same",
                [.setCookie: "id=\(number.value)", .contentLanguage: "de", .contentLocation: "/other"]
            )
        }
        try await Harness.run([route]) { app async throws in
            let tag = try #require(try await app.send(.GET, "/h")["ETag"])
            let unchanged = try await app.send(.GET, "/h", [("If-None-Match", tag)])
            #expect(unchanged.status == 304)
            #expect(unchanged["Set-Cookie"] == "id=2")
            #expect(unchanged["Content-Location"] == "/other")
            #expect(unchanged["Content-Language"] == nil)
        }
    }

    @Test("9111 5.2.2: A handler's max-age shortens the ttl and what clients may keep", arguments: Backing.allCases)
    func maxAge(backing: Backing) async throws {
        let route = handlerRoute(CachePolicy(ttl: .seconds(60))) { _ in Self.text("x", [.cacheControl: "max-age=5"]) }
        try await Harness.run([route], on: backing) { app async throws in
            let miss = try await app.send(.GET, "/h")
            #expect(miss["Cache-Control"] == "max-age=5")
            let hit = try await app.stored("/h")
            #expect(hit.cacheStatus == "CachedRoutes; hit; ttl=5")
            #expect(hit["Cache-Control"] == "max-age=5")
        }
    }

    @Test("9111 5.2.2.2: must-revalidate forbids a stale answer")
    func mustRevalidate() async throws {
        let isBroken = Switch()
        let policy = CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(60), staleIfError: .seconds(600))
        let route = handlerRoute(policy) { _ in
            if isBroken.isOn { throw HandlerError(status: 503, "broken") }
            return Self.text("x", [.cacheControl: "must-revalidate"])
        }
        try await Harness.run([route]) { app async throws in
            #expect(try await app.stored("/h")["Cache-Control"] == "max-age=60, must-revalidate")
            isBroken.turnOn()
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send(.GET, "/h").status == 503)
        }
    }

    @Test("9457: What a handler throws becomes a problem document, of its own or one that tells nothing")
    func problems() async throws {
        struct Secret: Error {}
        let refusing = handlerRoute { _ in throw HandlerError(status: 422, "Not on Sundays.") }
        try await Harness.run([refusing]) { app async throws in
            let response = try await app.send(.GET, "/h")
            #expect(response.status == 422)
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(
                response.text
                    == #"{"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"Not on Sundays."}"#
            )
        }
        let failing = handlerRoute { _ in throw Secret() }
        try await Harness.run([failing]) { app async throws in
            let response = try await app.send(.GET, "/h")
            #expect(response.status == 500)
            #expect(!response.text.contains("Secret"))
            #expect(app.log.lines.contains { $0.contains("Secret") })
        }
        let missing = handlerRoute(CachePolicy(negativeTTL: .seconds(9))) { _ in
            throw HandlerError(status: 404, "No such report.")
        }
        try await Harness.run([missing]) { app async throws in
            let hit = try await app.stored("/h")
            #expect(hit.status == 404)
            #expect(hit.text.contains("No such report."))
        }
    }

    @Test(
        "9110 15.5: An answer without a field that its status asks for is an error of the handler, returned or thrown",
        arguments: [(405, "Allow"), (407, "Proxy-Authenticate"), (426, "Upgrade")]
    )
    func missingFields(status: Int, field: String) async throws {
        for isThrown in [false, true] {
            let route = handlerRoute { _ in
                if isThrown { throw HandlerError(status: status, "Not so.") }
                return HandlerResponse(status: status)
            }
            try await Harness.run([route]) { app async throws in
                for _ in 0..<3 { #expect(try await app.send(.GET, "/h").status == 500) }
                let errors = app.log.lines.filter { $0.hasPrefix("error A handler's response can't be sent ") }
                #expect(errors.count == 1)
                #expect(errors.first?.contains("field=\(field) ") == true, "\(errors)")
                #expect(errors.first?.contains("needs '\(field)' (RFC 9110, 15.5.") == true, "\(errors)")
                #expect(errors.first?.contains("route=handler") == true, "\(errors)")
            }
        }
        let allowing = handlerRoute { _ in HandlerResponse(status: 405, headerFields: [.allow: "GET"]) }
        try await Harness.run([allowing]) { app async throws in
            let answer = try await app.send(.GET, "/h")
            #expect(answer.status == 405 && answer["Allow"] == "GET")
        }
    }

    @Test(
        "What can't be sent is an error of the handler, which the log tells once with its place and the reason",
        arguments: [
            (HandlerResponse(status: 206), nil, "206"), (HandlerResponse(status: 304), nil, "304"),
            (HandlerResponse(status: 100), nil, "100"), (HandlerResponse(status: 600), nil, "600"),
            (HandlerResponse(bytes: ByteBuffer(string: "x"), contentType: "text/plain", status: 204), nil, "no body"),
            (HandlerResponse(bytes: ByteBuffer(string: "x"), contentType: ""), nil, "no content type"),
            (HandlerResponse(status: 200, headerFields: [.contentLength: "7"]), "Content-Length", "from its body"),
            (HandlerResponse(status: 200, headerFields: [.vary: "Cookie"]), "Vary", "declare it"),
            (HandlerResponse(status: 200, headerFields: [.connection: "close"]), "Connection", "the connection"),
            (HandlerResponse(status: 200, headerFields: [.date: "today"]), "Date", "the time"),
            (
                HandlerResponse(status: 200, headerFields: [HTTPField.Name("cached-routes-date")!: "x"]),
                "cached-routes-date", "only this service sets it"
            ),
            (HandlerResponse(status: 200, headerFields: [.eTag: "mine"]), "ETag", "in double quotes"),
            (HandlerResponse(status: 200, headerFields: [.eTag: "w/\"mine\""]), "ETag", "in double quotes"),
            (HandlerResponse(status: 200, headerFields: [.lastModified: "today"]), "Last-Modified", "not a date"),
        ] as [(HandlerResponse, String?, String)]
    )
    func invalid(answer: HandlerResponse, field: String?, reason: String) async throws {
        try await Harness.run([handlerRoute { _ in answer }]) { app async throws in
            for _ in 0..<3 {
                let response = try await app.send(.GET, "/h")
                #expect(response.status == 500)
                #expect(response["Content-Type"] == "application/problem+json")
                #expect(!response.text.contains(reason))
            }
            let errors = app.log.lines.filter { $0.hasPrefix("error") }
            #expect(errors.count == 1)
            #expect(errors.first?.contains("route=handler") == true)
            #expect(errors.first?.contains(reason) == true, "\(errors)")
            if let field { #expect(errors.first?.contains("field=\(field)") == true, "\(errors)") }
        }
    }
}
