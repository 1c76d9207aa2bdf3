import CachedRoutesTesting
import TestApp
import TestServers
import Testing

extension BeforeRouterTests {
    /// Requests for which the server without a framework has responses of its own.
    private static func differs(_ request: String) -> Bool {
        // It describes resources, invites bodies only that it reads, and keeps no connection of HTTP/1.0.
        request.hasPrefix("OPTIONS") || request.contains("Expect:") || request.contains("HTTP/1.0")
    }

    @Test("The server without a framework gives the responses that the router gives, alone and before another one")
    func sameAnswersOfServer() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        let clock = ManualClock(milliseconds: 1_700_000_000_000)
        let database = CannedDatabase(json: ResponseTests.long)
        let table = Self.table
        try await Harness.run(table, redis: redis, database: database, clock: clock, isBeforeRouter: false) {
            router async throws in
            try await Harness.run(table, redis: redis, database: database, clock: clock, isServer: true) {
                server async throws in
                for target in ["/r", "/r/a", "/r/a%2Fb", "/r/%C3%A9"] {
                    try await router.stored(target)
                    try await router.stored(target, [ResponseTests.gzip])
                }
                clock.advance(by: .seconds(1))
                let tag = try #require(try await router.stored()["ETag"]).filter { $0 != "\"" }
                func transcript(_ text: String, _ app: Harness) async throws -> WireAnswers {
                    let heads: Set = text.hasPrefix("HEAD") ? [0] : []
                    var answers = WireAnswers(
                        try await RawConnection.transcript(text, port: app.port),
                        heads: heads
                    ).timeless
                    for index in answers.answers.indices {
                        // The framework's own have no document, and it does not know of OPTIONS.
                        if answers.answers[index].statusLine.contains(" 404 ") {
                            answers.answers[index].fields = []
                            answers.answers[index].body = ""
                        }
                        answers.answers[index].fields = answers.answers[index].fields.map {
                            $0.replacing(", OPTIONS", with: "")
                        }
                    }
                    return answers
                }
                for request in Self.requests.map({ $0.replacing("TAG", with: tag) }) where !Self.differs(request) {
                    for text in [request, request + Self.get("/r", "Connection: close\r\n")] {
                        let expected = try await transcript(text, router)
                        let answers = try await transcript(text, server)
                        #expect(answers == expected, "\(text)")
                    }
                }
            }
        }
    }
}
