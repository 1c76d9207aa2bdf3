import CZlib
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Content codings (RFC 9110, 8.4 and 12.5.3)")
struct CompressionTests {
    private static let large =
        "[" + (0..<400).map { #"{"id":\#($0),"name":"user \#($0 % 7)"}"# }.joined(separator: ",") + "]"
    private let gzip = [("Accept-Encoding", "gzip")]

    @Test(
        "8.4: Who accepts gzip gets gzip, on the miss and on hits, with the same bytes and tag",
        arguments: Backing.allCases
    )
    func variants(backing: Backing) async throws {
        try await Harness.run([route()], on: backing, database: CannedDatabase(json: Self.large)) { app async throws in
            let miss = try await app.send(.GET, "/r", gzip)
            let hit = try await app.stored("/r", gzip)
            let plain = try await app.stored()
            for response in [miss, hit] {
                #expect(response["Content-Encoding"] == "gzip")
                #expect(response.body.readableBytes < plain.body.readableBytes / 4)
                #expect(response["Content-Length"] == String(response.body.readableBytes))
                #expect(response["Vary"] == "Accept-Encoding")
                #expect(try inflate(response.body) == Self.large)
            }
            #expect(miss.body == hit.body)
            #expect(miss["ETag"] == hit["ETag"])
            #expect(miss["Last-Modified"] == hit["Last-Modified"])
            #expect(plain.text == Self.large)
            #expect(plain["Content-Encoding"] == nil)
            #expect(plain["Vary"] == "Accept-Encoding")
            #expect(plain["ETag"] != hit["ETag"], "8.8.3.3: a strong tag is distinct for each coding")
            #expect(app.database.queryCount == 1)
        }
    }

    private static let key = "conformance:0badcafe:get:/r:"

    @Test(
        "Contract 4: Stored is the form that was asked for; the other one is a second key once a client has asked for it"
    )
    func keys() async throws {
        for (first, second) in [([], gzip), (gzip, [])] {
            try await Harness.run([route()], on: .redis, database: CannedDatabase(json: Self.large)) {
                app async throws in
                let keys = first.isEmpty ? [Self.key, "\(Self.key);gzip"] : ["\(Self.key);gzip", Self.key]
                try await app.stored("/r", first)
                try await app.stored("/r", first)
                #expect(try await app.entryKeys() == [keys[0]])
                app.clock.advance(by: .seconds(7))
                let derived = try await app.send(.GET, "/r", second)
                #expect(derived.cacheStatus == "CachedRoutes; hit; ttl=53")
                #expect(derived["Age"] == "7")
                try await poll("the other form") { try await app.entryKeys() == keys.sorted() }
                let headers = [try await header(keys[0], app), try await header(keys[1], app)]
                for name in ["stored-at", "ttl", "token", "made-in", "type", "last-modified"] {
                    #expect(headers[0][name] == headers[1][name], "\(name)")
                }
                #expect(headers.map { $0["coding"] } == (first.isEmpty ? [nil, "gzip"] : ["gzip", nil]))
                let life = try await Int(app.redis("PTTL", keys[0])) ?? 0
                let otherLife = try await Int(app.redis("PTTL", keys[1])) ?? 0
                // It expires no later than its source, as the clock of the service has it.
                #expect(otherLife > 0 && otherLife <= life - 6_000)
                #expect(app.database.queryCount == 1)
            }
        }
    }

    /// The pairs in the header line of an entry.
    private func header(_ key: String, _ app: Harness) async throws -> [String: String] {
        let line = try await app.redis("GETRANGE", key, "0", "500").split(separator: "\n").first ?? ""
        let pairs = line.split(separator: " ").dropFirst().map { $0.split(separator: "=", maxSplits: 1) }
        return Dictionary(pairs.map { (String($0[0]), $0.count > 1 ? String($0[1]) : "") }) { $0 + " " + $1 }
    }

    @Test("Contract 4: Nothing is stored twice where gzip does not pay, and every client finds it in one round trip")
    func onlyForm() async throws {
        // Bytes that do not compress at all are no text; a handler may send them.
        var random: UInt64 = 7
        let noise = ByteBuffer(
            bytes: (0..<4000).map { _ -> UInt8 in
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: random >> 56)
            }
        )
        let bodies: [(ByteBuffer, String?)] = [(ByteBuffer(string: "[1]"), nil), (noise, "identity")]
        for (body, coding) in bodies {
            for first in [[], gzip] {
                let route = handlerRoute { _ in HandlerResponse(bytes: body, contentType: "application/octet-stream") }
                try await Harness.run([route], on: .redis) { app async throws in
                    for fields in [first, gzip, [], gzip, []] {
                        let hit = try await app.stored("/h", fields)
                        #expect(hit.body == body)
                        #expect(hit["Content-Encoding"] == nil)
                        #expect(hit["Vary"] == "Accept-Encoding")
                    }
                    let key = "conformance:0badcafe:get:/h:"
                    try await poll("the mark") { try await header(key, app)["coding"] == coding }
                    #expect(try await app.entryKeys() == [key])
                    _ = try await app.redis("CONFIG", "RESETSTAT")
                    for fields in [gzip, [], gzip] {
                        #expect(
                            try await app.send(.GET, "/h", fields).cacheStatus?.hasPrefix("CachedRoutes; hit") == true
                        )
                    }
                    let calls = try await app.redis("INFO", "commandstats").split(whereSeparator: \.isNewline)
                        .filter { !$0.hasPrefix("#") && !$0.contains("config") && !$0.contains("info") }
                    #expect(calls.count == 1 && calls[0].hasPrefix("cmdstat_mget:calls=3,"), "\(calls)")
                }
            }
        }
    }

    @Test(
        "Contract 5: One query for each expiry, whichever forms are asked for in between",
        arguments: Backing.allCases
    )
    func oneQueryAnExpiry(backing: Backing) async throws {
        for window in [Duration.zero, .seconds(300)] {
            let policy = CachePolicy(ttl: .seconds(60), staleWhileRevalidate: window)
            try await Harness.run([route(policy)], on: backing, database: CannedDatabase(json: Self.large)) {
                app async throws in
                for expiry in 1...6 {
                    let order = expiry % 2 == 0 ? [gzip, []] : [[], gzip]
                    for fields in order + order {
                        let response = try await app.fresh("/r", fields)
                        #expect((response["Content-Encoding"] == "gzip") == !fields.isEmpty)
                        let text = try fields.isEmpty ? response.text : inflate(response.body)
                        #expect(text == Self.large)
                    }
                    #expect(app.database.queryCount == expiry)
                    app.clock.advance(by: .seconds(61))
                }
            }
        }
    }

    @Test("5861 3: A stale response is given at once in the form that is not stored, and made anew in that form")
    func staleOtherForm() async throws {
        for (first, second) in [([], gzip), (gzip, [])] {
            let policy = CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(600))
            let gate = Gate()
            let isHeld = Switch()
            let database = CannedDatabase { _, _ in
                if isHeld.isOn { await gate.pass() }
                return Self.large
            }
            try await Harness.run([route(policy)], on: .redis, database: database) { app async throws in
                try await app.stored("/r", first)
                app.clock.advance(by: .seconds(61))
                isHeld.turnOn()
                let stale = try await app.send(.GET, "/r", second)
                #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-1")
                #expect((stale["Content-Encoding"] == "gzip") == !second.isEmpty)
                #expect(try second.isEmpty ? stale.text == Self.large : inflate(stale.body) == Self.large)
                await gate.arrivals(1)
                gate.open()
                let fresh = second.isEmpty ? [Self.key] : ["\(Self.key);gzip"]
                try await poll("the new response, and no other form") { try await app.entryKeys() == fresh }
                #expect(try await app.send(.GET, "/r", first).cacheStatus == "CachedRoutes; hit; ttl=60")
                #expect(app.database.queryCount == 2)
            }
        }
    }

    @Test("Contract 4: A gzip body that is none is removed, and the response made anew")
    func damaged() async throws {
        try await Harness.run([route()], on: .redis, database: CannedDatabase(json: Self.large)) { app async throws in
            let stored = try await app.stored("/r", gzip)
            let entry = try await app.redis("GET", "\(Self.key);gzip")
            #expect(!entry.isEmpty)
            let key = CacheKey(whole: Array(Self.key.utf8), variant: .gzip)
            let tokens = try await header("\(Self.key);gzip", app)["token"] ?? ""
            let parts = tokens.split(separator: "%").map(String.init)
            for body in ["no gzip at all, but long enough to be one", String(repeating: "\u{1F}\u{8B}", count: 40)] {
                let forged = CacheEntry(
                    status: 200,
                    storedAt: app.clock.now,
                    ttl: 60_000,
                    entityTag: String(try #require(stored["ETag"]).dropFirst().dropLast()),
                    contentType: "application/json",
                    coding: .gzip,
                    madeIn: 0,
                    tokens: [TagVersion(value: parts[0], server: String(parts[1].dropFirst(2)))],
                    body: ByteBuffer(string: body)
                )
                let bytes = EntryCoding.encode(forged, key: key)
                _ = try await app.redis("DEL", Self.key)
                _ = try await app.redis("SET", "\(Self.key);gzip", String(buffer: bytes))
                let queries = app.database.queryCount
                let response = try await app.send()
                #expect(response.status == 200)
                #expect(response.text == Self.large)
                #expect(app.database.queryCount == queries + 1)
                try await poll("the new response") { try await app.entryKeys() == [Self.key] }
                #expect(app.log.lines.contains { $0.contains("damaged value under a key") })
            }
        }
    }

    @Test(
        "12.5.3: The coding is chosen by weights",
        arguments: [
            ("gzip", true), ("GZip", true), ("x-gzip", true), ("*", true), ("br, gzip;q=0.1", true),
            ("deflate, *;q=0.5", true),
            ("gzip;q=0", false), ("gzip;q=0.000, *", false), ("identity, gzip;q=0.5", false), ("br", false),
            ("", false),
            ("gzip;q=0.5, identity;q=0.4", true), ("gzipped", false), ("*;q=0", false),
        ]
    )
    func negotiation(field: String, isCoded: Bool) async throws {
        try await Harness.run([route()], database: CannedDatabase(json: Self.large)) { app async throws in
            for _ in 0..<2 {
                let response = try await app.send(.GET, "/r", [("Accept-Encoding", field)])
                #expect((response["Content-Encoding"] == "gzip") == isCoded)
                #expect(response.status == 200)
            }
        }
    }

    @Test("12.5.3: Several lines are one list")
    func lines() async throws {
        try await Harness.run([route()], database: CannedDatabase(json: Self.large)) { app async throws in
            let response = try await app.send(.GET, "/r", [("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")])
            #expect(response["Content-Encoding"] == "gzip")
        }
    }

    @Test("Contract 4: What is small is the same for all clients", arguments: Backing.allCases)
    func notWorthIt(backing: Backing) async throws {
        try await Harness.run([route()], on: backing, database: CannedDatabase(json: "[1]")) { app async throws in
            let miss = try await app.send(.GET, "/r", gzip)
            let hit = try await app.stored("/r", gzip)
            #expect(miss["Content-Encoding"] == nil)
            #expect(hit["Content-Encoding"] == nil)
            #expect(hit.text == "[1]")
            #expect(try await app.stored()["ETag"] == hit["ETag"])
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("9110 9.3.2: HEAD has the fields of the variant, and no body")
    func head() async throws {
        try await Harness.run([route()], on: .redis, database: CannedDatabase(json: Self.large)) { app async throws in
            let get = try await app.stored("/r", gzip)
            let head = try await app.send(.HEAD, "/r", gzip)
            #expect(head["Content-Encoding"] == "gzip")
            #expect(head["Content-Length"] == get["Content-Length"])
            #expect(head["ETag"] == get["ETag"])
            #expect(head.body.readableBytes == 0)
        }
    }

    @Test("Contract 2: Without compress there is one form and no Vary")
    func off() async throws {
        try await Harness.run(
            [route(CachePolicy(compress: false))],
            on: .redis,
            database: CannedDatabase(json: Self.large)
        ) { app async throws in
            let response = try await app.stored("/r", gzip)
            #expect(response["Content-Encoding"] == nil)
            #expect(response["Vary"] == nil)
            #expect(try await app.entryKeys().count == 1)
        }
    }

    @Test("9110 7.7: What a handler has coded itself, or forbids to transform, stays as it is")
    func handlers() async throws {
        for fields in [[.contentEncoding: "br"], [.cacheControl: "no-transform"]] as [HTTPFields] {
            let route = handlerRoute { _ in
                HandlerResponse(bytes: ByteBuffer(string: Self.large), contentType: "text/plain", headerFields: fields)
            }
            try await Harness.run([route]) { app async throws in
                let hit = try await app.stored("/h", gzip)
                #expect(hit["Content-Encoding"] == fields[.contentEncoding])
                #expect(hit.text == Self.large)
            }
        }
    }

    @Test("Contract 5: Waiters of one flight get their forms of one query", arguments: Backing.allCases)
    func oneQuery(backing: Backing) async throws {
        let gate = Gate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return Self.large
        }
        try await Harness.run([route()], on: backing, database: database) { app async throws in
            async let plain = app.send()
            async let coded = app.send(.GET, "/r", gzip)
            async let other = app.send(.GET, "/r", gzip)
            try await poll("all wait") { app.service.waitingRequests == 3 }
            gate.open()
            #expect(try await plain.text == Self.large)
            #expect(try await coded["Content-Encoding"] == "gzip")
            #expect(try await other.body == coded.body)
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("5861 4: Where only the other form is stored it stands in for an error, in the form that the client gets")
    func otherFormAndError() async throws {
        let policy = CachePolicy(ttl: .seconds(60), staleIfError: .seconds(600))
        for (first, second) in [([], gzip), (gzip, [])] {
            try await Harness.run([route(policy)], on: .redis, database: CannedDatabase(json: Self.large)) {
                app async throws in
                try await app.stored("/r", first)
                app.clock.advance(by: .seconds(61))
                app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
                for _ in 0..<2 {
                    let stale = try await app.send(.GET, "/r", second)
                    #expect(stale.status == 200)
                    #expect(try second.isEmpty ? stale.text == Self.large : inflate(stale.body) == Self.large)
                    #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-1; detail=database-away")
                }
            }
        }
    }

    @Test("Contract 5: The other form is made from the stored one in a fleet")
    func otherFormInFleet() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet))
        for (first, second) in [([], gzip), (gzip, [])] {
            try await Harness.run([fleet], on: .redis, database: CannedDatabase(json: Self.large)) {
                app async throws in
                try await app.stored("/r", first)
                let found = try await app.send(.GET, "/r", second)
                #expect((found["Content-Encoding"] == "gzip") == !second.isEmpty)
                try await poll("it is stored") { try await app.entryKeys().count == 2 }
                #expect(app.database.queryCount == 1)
            }
        }
    }

    /// What zlib itself makes of a gzip body.
    private func inflate(_ body: ByteBuffer) throws -> String {
        var stream = z_stream()
        try #require(inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        var input = Array(body.readableBytesView)
        var output = [UInt8](repeating: 0, count: 1 << 20)
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                return CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END ? output.count - Int(stream.avail_out) : -1
            }
        }
        try #require(count >= 0)
        return String(decoding: output[..<count], as: UTF8.self)
    }
}
