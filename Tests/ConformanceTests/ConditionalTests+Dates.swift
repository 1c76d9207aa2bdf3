import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

extension ConditionalTests {
    /// The second in which the first answer of each test is made.
    static let made = "Tue, 14 Nov 2023 22:13:20 GMT"
    static let secondBefore = "Tue, 14 Nov 2023 22:13:19 GMT"

    /// Runs `body` when `/r` has been made again, 61 seconds later and with the same bytes.
    private static func refreshed(
        on backing: Backing = .memory,
        _ body: (Harness) async throws -> Void
    ) async throws {
        try await Harness.run([route()], on: backing) { app in
            try await app.stored()
            app.clock.advance(by: .seconds(61))
            #expect(try await app.fresh()["Last-Modified"] == made)
            #expect(app.database.queryCount == 2)
            try await body(app)
        }
    }

    private static func status(since date: String, _ app: Harness) async throws -> Int {
        try await app.send(.GET, "/r", [("If-Modified-Since", date)]).status
    }

    // MARK: - If-Modified-Since

    @Test(
        "RFC 9110, 8.8.2.2: a date decides nothing until the same bytes were made over a second later",
        arguments: Backing.allCases
    )
    func weakDate(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            // Nothing is there, and nothing was.
            #expect(try await Self.status(since: Self.made, app) == 200)
            #expect(try await app.stored()["Last-Modified"] == Self.made)
            #expect(try await Self.status(since: Self.made, app) == 200)
            app.clock.advance(by: .seconds(59))
            // Age alone proves nothing: the bytes may have changed since within that second.
            #expect(try await Self.status(since: Self.made, app) == 200)
            app.clock.advance(by: .seconds(2))
            let refreshed = try await app.send(.GET, "/r", [("If-Modified-Since", Self.made)])
            #expect(try CacheStatusField(of: refreshed) == .forwarded("stale", stored: true))
            #expect(refreshed.status == 304)
            try await app.fresh()
            #expect(try await Self.status(since: Self.made, app) == 304)
        }
    }

    @Test("RFC 9110, 8.8.2.2: one second later is not enough, more is", arguments: [(1000, 200), (1001, 304)])
    func oneSecond(milliseconds: Int, status: Int) async throws {
        try await Harness.run([route(CachePolicy(ttl: .milliseconds(500)))]) { app in
            try await app.stored()
            app.clock.advance(by: .milliseconds(milliseconds))
            let refreshed = try await app.send(.GET, "/r", [("If-Modified-Since", Self.made)])
            #expect(try CacheStatusField(of: refreshed) == .forwarded("stale", stored: true))
            #expect(refreshed.status == status)
        }
    }

    @Test("RFC 9110, 13.1.3: not modified since that date is 304, modified is the answer", arguments: Backing.allCases)
    func date(backing: Backing) async throws {
        try await Self.refreshed(on: backing) { app in
            #expect(try await Self.status(since: Self.secondBefore, app) == 200)
            #expect(try await Self.status(since: Self.made, app) == 304)
            #expect(try await Self.status(since: "Tue, 14 Nov 2023 22:13:21 GMT", app) == 304)
            let head = try await app.send(.HEAD, "/r", [("If-Modified-Since", Self.made)])
            #expect(head.status == 304)
            app.database.answer(json: "[2]")
            app.clock.advance(by: .seconds(61))
            #expect(try await Self.status(since: Self.made, app) == 200)
            #expect(try await app.fresh()["Last-Modified"] == "Tue, 14 Nov 2023 22:15:22 GMT")
            #expect(try await Self.status(since: Self.made, app) == 200)
        }
    }

    @Test(
        "RFC 9110, 5.6.7: the three formats of a date are read",
        arguments: [
            ("Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 22:13:19 GMT"),
            ("Tuesday, 14-Nov-23 22:13:20 GMT", "Tuesday, 14-Nov-23 22:13:19 GMT"),
            ("Tue Nov 14 22:13:20 2023", "Tue Nov 14 22:13:19 2023"),
        ]
    )
    func formats(date: String, before: String) async throws {
        try await Self.refreshed { app async throws in
            #expect(try await Self.status(since: date, app) == 304)
            #expect(try await Self.status(since: before, app) == 200)
        }
    }

    @Test("RFC 9110, 5.6.7: two digits of a year are the past where they would be over 50 years ahead")
    func twoDigits() async throws {
        try await Self.refreshed { app async throws in
            // 1994, and 2073.
            #expect(try await Self.status(since: "Sunday, 06-Nov-94 08:49:37 GMT", app) == 200)
            #expect(try await Self.status(since: "Sunday, 05-Nov-73 08:49:37 GMT", app) == 304)
        }
    }

    @Test("RFC 9110, 13.1.3: what is no date is ignored")
    func invalidDate() async throws {
        try await Self.refreshed { app async throws in
            for value in [
                "", "yesterday", "0", "1700000060", "2024-11-14T22:13:20Z", "Tue, 14 Nov 2024 22:13:20 +0000",
                "Tue, 14 Nov 2024 22:13:20", "Tue, 14 Nov 2024 22:13:20 UTC", "Thu, 32 Nov 2024 22:13:20 GMT",
                "Thu, 30 Feb 2025 22:13:20 GMT", "Thu, 14 Nov 2024 24:13:20 GMT", "Xyz, 14 Nov 2024 22:13:20 GMT",
                "Thu, 14 nov 2024 22:13:20 GMT", "Thu, 14 Nov 24 22:13:20 GMT", "Thu, 14 Nov 2024 22:13:20 GMT x",
                "\"Thu, 14 Nov 2024 22:13:20 GMT\"", "Thu, 14 Nov 99999999999999999999 22:13:20 GMT",
            ] {
                #expect(try await Self.status(since: value, app) == 200, "\(value)")
            }
            // The same date in order, so that each of them fails by its own fault.
            #expect(try await Self.status(since: "Thu, 14 Nov 2024 22:13:20 GMT", app) == 304)
        }
    }

    @Test("RFC 9110, 13.1.3: several lines are no date")
    func severalDates() async throws {
        try await Self.refreshed { app in
            let answer = try await app.send(
                .GET,
                "/r",
                [("If-Modified-Since", Self.made), ("If-Modified-Since", Self.made)]
            )
            #expect(answer.status == 200)
        }
    }

    // MARK: - Both

    @Test("RFC 9110, 13.1.3: If-None-Match decides alone, even when it is malformed")
    func both() async throws {
        try await Self.refreshed { app in
            let tag = try #require(try await app.send()["ETag"])
            for (value, date, status) in [
                (tag, Self.secondBefore, 304), (tag, "yesterday", 304), ("*", Self.secondBefore, 304),
                (#""x""#, Self.made, 200), ("malformed", Self.made, 200), ("", Self.made, 200), (",", Self.made, 200),
            ] {
                for fields in [
                    [("If-None-Match", value), ("If-Modified-Since", date)],
                    [("If-Modified-Since", date), ("If-None-Match", value)],
                ] {
                    #expect(try await app.send(.GET, "/r", fields).status == status, "\(value), \(date)")
                }
            }
        }
    }

    @Test("RFC 9110, 13.1.3: a date has no say where the answer is not kept, and so has no date")
    func bypassed() async throws {
        try await Self.refreshed { app in
            let answer = try await app.send(
                .GET,
                "/r",
                [("If-Modified-Since", Self.made), ("Authorization", "Bearer x")]
            )
            #expect(answer.status == 200)
            #expect(answer["Last-Modified"] == nil)
        }
    }
}
