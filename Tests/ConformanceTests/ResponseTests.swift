import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@Suite("Responses (RFC 9111, 4 and 5)")
struct ResponseTests {
    /// A body that is worth compressing.
    static let long = "[" + String(repeating: #"{"name":"value"},"#, count: 100) + "1]"
    static let gzip = ("Accept-Encoding", "gzip")

    // MARK: - The same answer from both sides

    @Test("Contract 5: hit and miss give the same status, body, ETag and content type", arguments: Backing.allCases)
    func sameAnswer(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            let miss = try await app.send()
            let hit = try await app.stored()
            for answer in [miss, hit] {
                #expect(answer.status == 200)
                #expect(answer.text == "[1]")
                #expect(answer["Content-Type"] == "application/json")
                #expect(answer["Content-Length"] == "3")
            }
            #expect(miss["ETag"] != nil)
            #expect(hit["ETag"] == miss["ETag"])
            #expect(hit["Last-Modified"] == miss["Last-Modified"])
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("RFC 9110, 14.2: Range may be ignored: the whole answer, by hit and miss")
    func range() async throws {
        try await Harness.run([route()]) { app in
            let range = [("Range", "bytes=1-1")]
            for answer in [try await app.send(.GET, "/r", range), try await app.stored("/r", range)] {
                #expect(answer.status == 200)
                #expect(answer.text == "[1]")
                #expect(answer["Content-Range"] == nil)
            }
        }
    }

    // MARK: - ETag

    @Test("RFC 9110, 8.8.3: the tag is strong and quoted")
    func strongTag() async throws {
        try await Harness.run([route()]) { app in
            let tag = try #require(try await app.send()["ETag"])
            #expect(tag.wholeMatch(of: /"[!#-~]+"/) != nil)
        }
    }

    @Test("Contract 5: another service gives the same bytes the same tag", arguments: Backing.allCases)
    func tagOfAnotherService(backing: Backing) async throws {
        for _ in 0..<2 {
            try await Harness.run([route()], on: backing) { app async throws in
                // Written down, so that other processes and machines have to agree as well.
                #expect(try await app.send()["ETag"] == #""080a9ed428559ef602668b4c00f114f1""#)
            }
        }
    }

    @Test("Contract 5: a refresh with the same bytes keeps the tag", arguments: Backing.allCases)
    func tagAfterRefresh(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            let tag = try await app.stored()["ETag"]
            app.clock.advance(by: .seconds(61))
            #expect(try await app.send()["ETag"] == tag)
            #expect(app.database.queryCount == 2)
            #expect(try await app.fresh()["ETag"] == tag)
        }
    }

    @Test("RFC 9110, 8.8.1: other bytes have another tag", arguments: Backing.allCases)
    func tagOfOtherBytes(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app in
            let tag = try await app.stored()["ETag"]
            app.database.answer(json: "[2]")
            app.clock.advance(by: .seconds(61))
            let new = try await app.send()
            #expect(new.text == "[2]")
            #expect(new["ETag"] != nil)
            #expect(new["ETag"] != tag)
            #expect(try await app.fresh()["ETag"] == new["ETag"])
        }
    }

    @Test("RFC 9110, 8.8.3.3: each coding has a tag of its own, on hit and miss", arguments: Backing.allCases)
    func tagOfCoding(backing: Backing) async throws {
        try await Harness.run([route()], on: backing, database: CannedDatabase(json: Self.long)) { app in
            let miss = try await app.send(.GET, "/r", [Self.gzip])
            #expect(miss["Content-Encoding"] == "gzip")
            #expect(miss.body.readableBytes < Self.long.utf8.count)
            let hit = try await app.stored("/r", [Self.gzip])
            #expect(hit["Content-Encoding"] == "gzip")
            #expect(hit["ETag"] == miss["ETag"])
            #expect(hit.body == miss.body)
            let plain = try await app.stored("/r")
            #expect(plain["Content-Encoding"] == nil)
            #expect(plain.text == Self.long)
            #expect(plain["ETag"] != nil)
            #expect(plain["ETag"] != hit["ETag"])
            #expect(app.database.queryCount == 1)
        }
    }

    // MARK: - Last-Modified

    @Test(
        "RFC 9110, 8.8.2: Last-Modified is the second in which the bytes were first made",
        arguments: Backing.allCases
    )
    func lastModified(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app async throws in
            app.clock.advance(by: .milliseconds(700))
            #expect(try await app.send()["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT")
            #expect(try await app.stored()["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT")
        }
    }

    /// Without and with a time in which the old answer is still given; it has to be there when it is made anew.
    static let refreshed = [
        CachePolicy(), CachePolicy(staleWhileRevalidate: .seconds(30)), CachePolicy(staleIfError: .seconds(30)),
    ]

    @Test(
        "RFC 9110, 8.8.2: a refresh with the same bytes after the ttl keeps Last-Modified",
        arguments: Backing.allCases,
        refreshed
    )
    func lastModifiedIsKept(backing: Backing, cache: CachePolicy) async throws {
        try await Harness.run([route(cache)], on: backing) { app in
            try await app.stored()
            app.clock.advance(by: .seconds(61))
            let new = try await app.fresh()
            #expect(app.database.queryCount == 2)
            #expect(new["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT")
            #expect(new["Date"] == "Tue, 14 Nov 2023 22:14:21 GMT")
        }
    }

    @Test("RFC 9110, 8.8.2: so does one for a client that gets the bytes coded", arguments: Backing.allCases)
    func lastModifiedOfCoded(backing: Backing) async throws {
        try await Harness.run([route()], on: backing, database: CannedDatabase(json: Self.long)) { app in
            let tag = try await app.stored("/r", [Self.gzip])["ETag"]
            app.clock.advance(by: .seconds(61))
            let new = try await app.fresh("/r", [Self.gzip])
            #expect(app.database.queryCount == 2)
            #expect(new["Content-Encoding"] == "gzip")
            #expect(new["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT")
            #expect(new["ETag"] == tag)
            #expect(try await app.fresh()["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT")
        }
    }

    @Test(
        "RFC 9110, 8.8.2: other bytes have a new Last-Modified, the old ones too when they are back",
        arguments: Backing.allCases,
        refreshed
    )
    func lastModifiedIsNew(backing: Backing, cache: CachePolicy) async throws {
        try await Harness.run([route(cache)], on: backing) { app in
            try await app.stored()
            app.database.answer(json: "[2]")
            app.clock.advance(by: .seconds(61))
            #expect(try await app.fresh()["Last-Modified"] == "Tue, 14 Nov 2023 22:14:21 GMT")
            app.database.answer(json: "[1]")
            app.clock.advance(by: .seconds(61))
            #expect(try await app.fresh()["Last-Modified"] == "Tue, 14 Nov 2023 22:15:22 GMT")
        }
    }

    @Test("RFC 9110, 8.8.2.2: two bodies of one second don't share a date: the second has none until made anew")
    func lastModifiedOfOneSecond() async throws {
        try await Harness.run([route(CachePolicy(ttl: .milliseconds(200)))]) { app in
            try await app.stored()
            app.database.answer(json: "[2]")
            app.clock.advance(by: .milliseconds(300))
            let second = try await app.send()
            #expect(second.text == "[2]")
            #expect(second["Last-Modified"] == nil)
            app.clock.advance(by: .milliseconds(1000))
            let third = try await app.send()
            #expect(try CacheStatusField(of: third) == .forwarded("stale", stored: true))
            #expect(third["Last-Modified"] == "Tue, 14 Nov 2023 22:13:21 GMT")
        }
    }

    // MARK: - Age and Date

    @Test("RFC 9111, 5.1: Age is the time since the answer was made, and Date stays", arguments: Backing.allCases)
    func age(backing: Backing) async throws {
        try await Harness.run([route()], on: backing) { app async throws in
            let miss = try await app.send()
            #expect(miss["Age"] == nil)
            #expect(miss["Date"] == "Tue, 14 Nov 2023 22:13:20 GMT")
            #expect(try await app.stored()["Age"] == "0")
            app.clock.advance(by: .milliseconds(12_900))
            let hit = try await app.send()
            #expect(hit["Age"] == "12")
            #expect(hit["Date"] == miss["Date"])
            #expect(hit.cacheStatus == "CachedRoutes; hit; ttl=47")
        }
    }

    @Test("RFC 9111, 4: a stale answer has its Age and Date too", arguments: Backing.allCases)
    func ageOfStale(backing: Backing) async throws {
        try await Harness.run([route(CachePolicy(staleWhileRevalidate: .seconds(30)))], on: backing) { app in
            let miss = try await app.stored()
            app.clock.advance(by: .seconds(75))
            let stale = try await app.send()
            #expect(stale["Age"] == "75")
            #expect(stale["Date"] == miss["Date"])
            let new = try await app.fresh()
            #expect(new["Age"] == "0")
            #expect(new["Date"] == "Tue, 14 Nov 2023 22:14:35 GMT")
        }
    }

    @Test("RFC 9110, 6.6.1: an answer has one Date, a problem and an unknown path too")
    func oneDate() async throws {
        try await Harness.run([route(CachePolicy(), RouteInput(.query, "n", .int, optional: true))]) {
            app async throws in
            for target in ["/r", "/r", "/r?n=x", "/unknown"] {
                #expect(try await app.send(.GET, target)["Date"] != nil, "\(target)")
            }
        }
    }
}
