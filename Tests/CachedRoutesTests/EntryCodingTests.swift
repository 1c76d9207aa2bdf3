import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("An entry")
struct EntryCodingTests {
    private let key = CacheKey(whole: Array("users-api:3f9a01c2:get:/api/v1/users:limit=20&skip=0".utf8))
    private let now: Int64 = 1_700_000_000_000

    private func entry(body: String = #"[{"id":1}]"#, tokens: [TagVersion] = []) -> CacheEntry {
        CacheEntry(
            status: 200,
            storedAt: now,
            ttl: 60_000,
            entityTag: "0123456789abcdef0123456789abcdef",
            contentType: "application/json",
            madeIn: 12,
            tokens: tokens,
            body: ByteBuffer(string: body)
        )
    }

    @Test("is one readable header line and then the body as it is sent")
    func layout() {
        let text = String(buffer: EntryCoding.encode(entry(), key: key))
        #expect(
            text == """
                CR2 sum=3ec1f97dfcaa3d97 status=200 stored-at=1700000000000 ttl=60000 etag=0123456789abcdef0123456789abcdef \
                type=application%2Fjson made-in=12 length=10
                [{"id":1}]
                """
        )
    }

    @Test("is one under its own key alone")
    func otherKeys() {
        let bytes = EntryCoding.encode(entry(), key: key)
        #expect(EntryCoding.decode(bytes, key: key.variant(.gzip), now: now) != nil)
        for index in key.whole.indices {
            var other = key.whole
            other[index] ^= 1
            #expect(EntryCoding.decode(bytes, key: CacheKey(whole: other), now: now) == nil)
            #expect(EntryCoding.decode(bytes, key: CacheKey(whole: Array(key.whole[..<index])), now: now) == nil)
        }
        #expect(EntryCoding.decode(bytes, key: CacheKey(whole: key.whole + [0x31]), now: now) == nil)
    }

    @Test("reads back as it was written", arguments: [0, 2, 100_000])
    func roundTrip(length: Int) {
        let body = String(repeating: "a\n", count: length / 2)
        let tokens = [TagVersion(value: "a b=%", server: "run@1"), TagVersion(value: "z", server: "")]
        for entry in [entry(body: body), entry(body: body, tokens: [tokens[1]])] {
            #expect(EntryCoding.decode(EntryCoding.encode(entry, key: key), key: key, now: now) == entry)
        }
    }

    @Test("carries the whole key where the store sees a cut one, and is refused under another")
    func cutKey() {
        let long = CacheKey(whole: Array(("n:f:get:/a:q=" + String(repeating: "x", count: 600)).utf8))
        let other = CacheKey(whole: Array(("n:f:get:/a:q=" + String(repeating: "x", count: 601)).utf8))
        let bytes = EntryCoding.encode(entry(), key: long)
        #expect(String(buffer: bytes).contains(" key=n%3Af%3Aget%3A%2Fa%3Aq%3Dxxx"))
        #expect(EntryCoding.decode(bytes, key: long, now: now) == entry())
        #expect(EntryCoding.decode(bytes, key: other, now: now) == nil)
        #expect(EntryCoding.decode(bytes, key: key, now: now) == nil)
        #expect(EntryCoding.decode(EntryCoding.encode(entry(), key: key), key: long, now: now) == nil)
    }

    @Test("carries the longest key that a request can make")
    func longestKey() {
        let raw = String(repeating: "%21", count: 80_000)
        let long = CacheKey(whole: Array("n:f:get:/a:q=\(raw)".utf8))
        #expect(EntryCoding.decode(EntryCoding.encode(entry(), key: long), key: long, now: now) == entry())
    }

    @Test("of a time more than five seconds ahead is not used")
    func future() {
        let bytes = EntryCoding.encode(entry(), key: key)
        #expect(EntryCoding.decode(bytes, key: key, now: now - 5000) != nil)
        #expect(EntryCoding.decode(bytes, key: key, now: now - 5001) == nil)
    }

    @Test("that is cut short, longer, or of another form is not an entry")
    func garbage() {
        let bytes = EntryCoding.encode(entry(), key: key)
        let text = String(buffer: bytes)
        for length in 0..<bytes.readableBytes {
            #expect(EntryCoding.decode(bytes.getSlice(at: 0, length: length)!, key: key, now: now) == nil)
        }
        for broken in [
            text + " ", "CR1" + text.dropFirst(3), text.replacing("ttl=60000", with: "ttl=-1"),
            text.replacing("ttl=60000", with: "ttl=1 ttl=2"),
            text.replacing(" made-in=12", with: ""), text.replacing("made-in=12", with: "made-in=12 new=1"),
            text.replacing("length=10", with: "length=010000000000000000000"),
            text.replacing(" status", with: "  status"), text.replacing("CR2 sum", with: "CR2 Sum"),
            text.replacing("%2F", with: "%2"), "\n", "CR2\n", "CR2", "CR2 sum=\n", "[]", "",
        ] {
            #expect(decode(sealed(broken)) == nil, "\(broken)")
        }
    }

    private func decode(_ bytes: ByteBuffer) -> CacheEntry? { EntryCoding.decode(bytes, key: key, now: now) }

    /// Bytes with the checksum that belongs to them, where they have a place for one: whoever can write can add up, too.
    private func sealed(_ text: String) -> ByteBuffer {
        var bytes = ByteBuffer(string: text)
        EntryCoding.seal(&bytes, key: key)
        return bytes
    }

    /// An entry's bytes in which `text` stands in the place of another.
    private func forged(_ text: String, _ other: String, body: String = "[9]") throws -> ByteBuffer {
        let whole = String(buffer: EntryCoding.encode(entry(body: body), key: key))
        try #require(whole.contains(text))
        return sealed(whole.replacing(text, with: other))
    }

    @Test("of a status that is never stored, or whose answers have no body, is none (RFC 9110, 15; RFC 9111, 3)")
    func statuses() throws {
        for status in 0...999 {
            let isStored =
                (200...299).contains(status) && status != 206
                || [300, 301, 302, 303, 307, 308, 404, 410].contains(status)
            let hasNoBody = status == 204 || status == 205
            let decoded = decode(try forged("status=200", "status=\(status)"))
            #expect((decoded != nil) == (isStored && !hasNoBody), "\(status)")
        }
        #expect(decode(try forged("status=200 ", "status=0200 ")) != nil)
        for status in ["99999999", "-204", "2e2", "", "%32%30%30"] {
            #expect(decode(try forged("status=200", "status=\(status)")) == nil, "\(status)")
        }
        // Without a body and its type they are answers.
        for status in [204, 205] {
            var empty = entry(body: "")
            empty.change { parts in
                parts.status = status
                parts.contentType = ""
                parts.entityTag = ""
            }
            #expect(decode(EntryCoding.encode(empty, key: key)) == empty)
        }
        #expect(decode(try forged("type=application%2Fjson", "type=")) == nil, "a body without a type")
    }

    @Test("with a field that no handler can set is none, in any case and however it is written")
    func fields() throws {
        let allowed = [
            "X-Thing: 1", "Content-Language: de", "Cache-Control: max-age=5", "Content-Encoding: br", "X-Empty: ",
        ]
        let refused = [
            "Content-Length: 1", "content-length: 1", "Transfer-Encoding: chunked", "TRANSFER-ENCODING: gzip", "TE: x",
            "Connection: close", "Keep-Alive: x", "Proxy-Connection: x", "Trailer: x", "Upgrade: h2c", "Date: x",
            "Age: 1",
            "ETag: \"x\"", "Last-Modified: x", "Vary: *", "Cache-Status: x", "Content-Range: x",
            "Content-Type: text/html",
            "Set-Cookie: a=b", "X-A: b\r\nX-C: d", "X-A: b\nX-C: d", "X-A: b\0", "X-A : b", " X-A: b", "X-A:b",
            "X A: b",
            "X-A", ": b", ":status: 200", "X-A\r\n: b", "X-É: b", "X-A: \u{7F}",
        ]
        for (field, isAllowed) in allowed.map({ ($0, true) }) + refused.map({ ($0, false) }) {
            var value: [UInt8] = []
            PercentEncoding.encode(Array(field.utf8), spaceAsPlus: false) { value.append($0) }
            let name = "field=\(String(decoding: value, as: UTF8.self))"
            #expect((decode(try forged(" made-in", " \(name) made-in")) != nil) == isAllowed, "\(field)")
        }
    }

    @Test("is looked at as a handler's answer is")
    func likeHandlers() throws {
        for status in 100...599 {
            for (type, body) in [("", ""), ("", "x"), ("text/plain", ""), ("text/plain", "x"), ("text/\u{1}", "x")] {
                let answer = HandlerResponse(bytes: ByteBuffer(string: body), contentType: type, status: status)
                let isAnswer = (try? answer.checked(otherwise: 200)) != nil
                var made = entry(body: body)
                made.change { parts in
                    parts.status = status
                    parts.contentType = type
                }
                let isEntry = decode(EntryCoding.encode(made, key: key)) != nil
                let isStored = HTTPResponse.Status.isCacheable(status) || HTTPResponse.Status.isNegative(status)
                #expect(isEntry == (isAnswer && isStored), "\(status) \(type) \(body)")
            }
        }
        let answer = HandlerResponse(bytes: ByteBuffer(string: "x"), contentType: "text/plain")
        #expect(throws: HandlerResponse.ValidationError.self) { try answer.checked(otherwise: 204) }
    }

    @Test("whose tag, date or coding is not one that is made of an answer is none")
    func forgedParts() throws {
        let tag = "etag=0123456789abcdef0123456789abcdef"
        for other in [
            "etag=x", "etag=%22", tag + "-gzip", tag + "-br", tag + "0", "etag=0123456789ABCDEF0123456789ABCDEF",
        ] {
            #expect(decode(try forged(tag, other)) == nil, "\(other)")
        }
        #expect(decode(try forged(tag, "etag=")) != nil)
        for date in ["last-modified=1700000000001", "last-modified=1700000001000", "last-modified=999999999999999999"] {
            #expect(decode(try forged(" type", " \(date) type")) == nil, "\(date)")
        }
        #expect(decode(try forged(" type", " last-modified=1600000000000 type")) != nil)
        #expect(decode(try forged(tag, "etag= last-modified=1600000000000")) == nil)
        #expect(decode(try forged(" type", " coding=gzip type")) == nil, "the tag is not that of the coding")
        #expect(decode(try forged("\(tag) type", "\(tag)-gzip type")) == nil)
        let coded = try forged("\(tag) type=application%2Fjson", "\(tag)-gzip type=application%2Fjson coding=gzip")
        #expect(decode(coded)?.identityTag == "0123456789abcdef0123456789abcdef")
        let twice = try forged(
            "\(tag) type=application%2Fjson",
            "\(tag)-gzip type=application%2Fjson coding=gzip field=Content-Encoding%3A%20br"
        )
        #expect(decode(twice) == nil)
    }

    /// An entry whose handler says more of it.
    private func given(_ change: (inout CacheEntry.Parts) -> Void) -> CacheEntry {
        var entry = entry()
        entry.change { parts in
            parts.entityTag = "v1"
            parts.tagOrigin = .handler(isWeak: false)
            change(&parts)
        }
        return entry
    }

    @Test("has what a handler says of its version and age, and nothing more")
    func givenMetadata() {
        let entry = given { parts in
            parts.lastModified = 784_111_777_000
            parts.givesLastModified = true
            parts.initialAge = 20_012
        }
        let text = String(buffer: EntryCoding.encode(entry, key: key))
        #expect(
            text.dropFirst(24) == """
                 status=200 stored-at=1700000000000 ttl=60000 given-etag=%22v1%22 given-last-modified=784111777000 age=20012 \
                type=application%2Fjson made-in=12 length=10
                [{"id":1}]
                """
        )
        #expect(decode(EntryCoding.encode(entry, key: key)) == entry)
    }

    @Test("reads back whatever a handler has said", arguments: ["v1", "", "W/", "a%b,c", "é", "e\u{301}", "-gzip"])
    func givenRoundTrip(opaque: String) {
        for isWeak in [false, true] {
            for lastModified in [nil, 0, -1000, HTTPDate.earliest, now] {
                for age in [nil, 0, 59_999] as [Int64?] {
                    let entry = given { parts in
                        parts.entityTag = opaque
                        parts.tagOrigin = .handler(isWeak: isWeak)
                        parts.lastModified = lastModified
                        parts.givesLastModified = lastModified != nil
                        parts.initialAge = age
                    }
                    for entry in [entry, entry.coded(.gzip, ByteBuffer(string: "x"))] {
                        let decoded = decode(EntryCoding.encode(entry, key: key))
                        #expect(decoded == entry)
                        #expect(decoded.map { Array($0.identityTag.utf8) } == Array(opaque.utf8))
                    }
                }
            }
        }
        // A handler's date needs no tag.
        var untagged = entry()
        untagged.change { parts in
            parts.entityTag = ""
            parts.lastModified = 0
            parts.givesLastModified = true
        }
        #expect(decode(EntryCoding.encode(untagged, key: key)) == untagged)
    }

    @Test("whose version or age no handler could have said is none")
    func forgedMetadata() throws {
        let tag = "etag=0123456789abcdef0123456789abcdef"
        for other in [
            "given-etag=v1", "given-etag=", "given-etag=%22", "given-etag=%22v1", "given-etag=%22a%20b%22",
            "given-etag=%22a%22b%22", "given-etag=w%2F%22v1%22", "given-etag=%22v1%22%20", "given-etag=%22%E9%22",
            "given-etag=%22v1%22 given-etag=%22v1%22", "given-etag=%22a%0D%0Ab%22", "given-etag=%22v%00%22",
            "\(tag) given-etag=%22v1%22", "etag= given-etag=%22v1%22", "etag=v1", "",
        ] {
            #expect(decode(try forged(" \(tag)", other.isEmpty ? "" : " \(other)")) == nil, "\(other)")
        }
        for other in ["given-etag=%22v1%22", "given-etag=\"v1\"", "given-etag=W%2F%22v1%22", "given-etag=%22%C3%A9%22"]
        {
            #expect(decode(try forged(tag, other)) != nil, "\(other)")
        }
        for (fields, isEntry) in [
            ("given-last-modified=1700000000000", true), ("given-last-modified=-1000", true),
            ("given-last-modified=1700000001000", false), ("given-last-modified=1700000000001", false),
            ("given-last-modified=-1", false), ("given-last-modified=-62135596801000", false),
            ("given-last-modified=-62135596800000", true), ("given-last-modified=", false),
            ("given-last-modified=-", false), ("given-last-modified=--1000", false),
            ("last-modified=0 given-last-modified=0", false), ("given-last-modified=0 last-modified=0", false),
            ("last-modified=-1000", false), ("age=0", true), ("age=59999", true), ("age=60000", false),
            ("age=-1", false), ("age=", false), ("age=1 age=1", false), ("age=999999999999999999", false),
        ] {
            #expect((decode(try forged(" type", " \(fields) type")) != nil) == isEntry, "\(fields)")
        }
        let typed = "\(tag) type=application%2Fjson"
        for (other, isEntry) in [
            ("given-etag=%22v1-gzip%22", true), ("given-etag=%22v1%22", false), ("given-etag=W%2F%22v1%22", true),
            ("given-etag=%22-gzip%22", true), ("given-etag=%22gzip%22", false),
        ] {
            let coded = try forged(typed, "\(other) type=application%2Fjson coding=gzip")
            #expect((decode(coded) != nil) == isEntry, "\(other)")
        }
    }

    @Test("of which any byte is another one is none")
    func flippedBytes() {
        for body in ["", String(repeating: "0123456789", count: 6)] {
            let entry = entry(body: body, tokens: [TagVersion(value: TagVersion.randomValue(), server: "run")])
            let bytes = Array(EntryCoding.encode(entry, key: key).readableBytesView)
            for index in bytes.indices {
                for bits: UInt8 in [1, 0x20, 0x80, 0xFF] {
                    var changed = bytes
                    changed[index] ^= bits
                    #expect(decode(ByteBuffer(bytes: changed)) == nil, "byte \(index), bits \(bits)")
                }
            }
        }
    }

    @Test("of a long body of which any byte is another one is none")
    func flippedBytesOfLongBody() {
        let entry = entry(body: String(repeating: "0123456789abcde\n", count: 20_000))
        let bytes = EntryCoding.encode(entry, key: key)
        #expect(decode(bytes) == entry)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20 {
            let index = Int.random(in: 0..<bytes.readableBytes, using: &generator)
            var changed = bytes
            changed.setInteger(bytes.getInteger(at: index)! ^ UInt8(1 << Int.random(in: 0..<8)), at: index)
            #expect(decode(changed) == nil, "byte \(index)")
        }
    }

    @Test("never crashes the reader, whatever single byte is changed by somebody who can add up")
    func forgedBytes() {
        let bytes = Array(EntryCoding.encode(entry(), key: key).readableBytesView)
        for index in bytes.indices {
            for value in [0, 0x0A, 0x20, 0x25, 0x3D, 0x7F, 0xFF] as [UInt8] where bytes[index] != value {
                var changed = bytes
                changed[index] = value
                if let decoded = decode(sealed(String(decoding: changed, as: UTF8.self))) {
                    #expect(decoded.body.readableBytes == 10)
                }
            }
        }
    }
}
