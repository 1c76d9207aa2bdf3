import CZlib
import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import TestApp
import Testing

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

    @Test("Contract 4: The variant is a second key, with the bytes as they are sent")
    func keys() async throws {
        try await Harness.run([route()], on: .redis, database: CannedDatabase(json: Self.large)) { app async throws in
            try await app.stored()
            try await app.stored("/r", gzip)
            let key = "conformance:0badcafe:get:/r:"
            #expect(try await app.entryKeys() == [key, "\(key);gzip"])
            let header = try await app.redis("GETRANGE", "\(key);gzip", "0", "400").split(separator: "\n")[0]
            #expect(header.contains(" coding=gzip "))
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

    @Test("Contract 4: What is small, or gains nothing, is kept as it is under both keys", arguments: Backing.allCases)
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

    @Test("Contract 5: A variant that was lost is made from the other one, and nobody is asked")
    func lostVariant() async throws {
        try await Harness.run([route()], on: .redis, database: CannedDatabase(json: Self.large)) { app async throws in
            let tag = try await app.stored("/r", gzip)["ETag"]
            #expect(try await app.redis("DEL", "conformance:0badcafe:get:/r:;gzip") == "1")
            let hit = try await app.send(.GET, "/r", gzip)
            #expect(hit.cacheStatus == "CachedRoutes; hit; ttl=60")
            #expect(hit["Content-Encoding"] == "gzip")
            #expect(hit["ETag"] == tag)
            try await poll("it is kept") {
                try await app.redis("EXISTS", "conformance:0badcafe:get:/r:;gzip") == "1"
            }
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("5861 4: Where a variant was lost the other one stands in for an error")
    func lostVariantAndError() async throws {
        let policy = CachePolicy(ttl: .seconds(60), staleIfError: .seconds(600))
        try await Harness.run([route(policy)], on: .redis, database: CannedDatabase(json: Self.large)) {
            app async throws in
            try await app.stored("/r", gzip)
            #expect(try await app.redis("DEL", "conformance:0badcafe:get:/r:;gzip") == "1")
            app.clock.advance(by: .seconds(61))
            app.database.answer { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(.unavailable, "") }
            let stale = try await app.send(.GET, "/r", gzip)
            #expect(stale.status == 200)
            #expect(stale.text == Self.large)
            #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-1; detail=database-away")
        }
    }

    @Test("Contract 5: A variant that was lost is made from the other one by a renewal, which asks nobody again")
    func lostVariantWhileStale() async throws {
        let windows = route(CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(600)))
        try await Harness.run([windows], on: .redis, database: CannedDatabase(json: Self.large)) { app async throws in
            try await app.stored("/r", gzip)
            let old = try await app.redis("GET", "conformance:0badcafe:get:/r:;gzip")
            #expect(!old.isEmpty)
            let key = "conformance:0badcafe:get:/r:;gzip"
            #expect(try await app.redis("RENAME", key, "old") == "OK")
            app.clock.advance(by: .seconds(61))
            _ = try await app.send()
            try await poll("the new answer") { try await app.send().cacheStatus == "CachedRoutes; hit; ttl=60" }
            #expect(try await app.redis("RENAME", "old", key) == "OK")
            let stale = try await app.send(.GET, "/r", gzip)
            #expect(stale.cacheStatus == "CachedRoutes; hit; ttl=-1")
            try await poll("its other form") {
                try await app.send(.GET, "/r", gzip).cacheStatus == "CachedRoutes; hit; ttl=60"
            }
            #expect(app.database.queryCount == 2)
        }
    }

    @Test("Contract 5: A variant that was lost is made from the other one in a fleet")
    func lostVariantInFleet() async throws {
        let fleet = route(CachePolicy(coalesce: .fleet))
        try await Harness.run([fleet], on: .redis, database: CannedDatabase(json: Self.large)) { app async throws in
            let tag = try await app.stored("/r", gzip)["ETag"]
            #expect(try await app.redis("DEL", "conformance:0badcafe:get:/r:;gzip") == "1")
            let found = try await app.send(.GET, "/r", gzip)
            #expect(found["Content-Encoding"] == "gzip")
            #expect(found["ETag"] == tag)
            try await poll("it is kept") {
                try await app.redis("EXISTS", "conformance:0badcafe:get:/r:;gzip") == "1"
            }
            #expect(app.database.queryCount == 1)
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
