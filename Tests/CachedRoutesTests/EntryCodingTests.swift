import CachedRoutes
import NIOCore
import RouteModel
import Testing

@Suite("An entry")
struct EntryCodingTests {
    private let key = CacheKey(whole: Array("users-api:3f9a01c2:get:/api/v1/users:limit=20&skip=0".utf8))
    private let now: Int64 = 1_700_000_000_000

    private func entry(body: String = #"[{"id":1}]"#, tokens: [Token] = []) -> CacheEntry {
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
                CR1 status=200 stored-at=1700000000000 ttl=60000 etag=0123456789abcdef0123456789abcdef \
                type=application%2Fjson made-in=12 length=10
                [{"id":1}]
                """
        )
    }

    @Test("reads back as it was written", arguments: [0, 2, 100_000])
    func roundTrip(length: Int) {
        let body = String(repeating: "a\n", count: length / 2)
        let tokens = [Token(value: "a b=%", server: "run@1"), Token(value: "z", server: "")]
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
            text + " ", "CR2" + text.dropFirst(3), text.replacing("status=200", with: "status=99"),
            text.replacing("ttl=60000", with: "ttl=-1"), text.replacing("ttl=60000", with: "ttl=1 ttl=2"),
            text.replacing(" made-in=12", with: ""), text.replacing("made-in=12", with: "made-in=12 new=1"),
            text.replacing("length=10", with: "length=010000000000000000000"), text.replacing("CR1 ", with: "CR1  "),
            text.replacing("%2F", with: "%2"), "\n", "CR1\n", "CR1", "[]",
        ] {
            #expect(EntryCoding.decode(ByteBuffer(string: broken), key: key, now: now) == nil, "\(broken)")
        }
    }

    @Test("never crashes the reader, whatever single byte is changed")
    func flippedBytes() {
        let bytes = Array(EntryCoding.encode(entry(), key: key).readableBytesView)
        for index in bytes.indices {
            for value in [0, 0x0A, 0x20, 0x25, 0x3D, 0x7F, 0xFF] as [UInt8] where bytes[index] != value {
                var changed = bytes
                changed[index] = value
                if let decoded = EntryCoding.decode(ByteBuffer(bytes: changed), key: key, now: now) {
                    #expect(decoded.body.readableBytes == 10)
                }
            }
        }
    }
}
