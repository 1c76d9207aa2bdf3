import Fuzzing
import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Entries that nobody has written")
struct EntryFuzzTests {
    private static let now: Int64 = 1_700_000_000_000

    private static let mutation = ByteMutation(pieces: [
        " ", "\n", "=", "%", "%0", "%00", "%0A", "%40", "@", "CR2", "sum=", " status=200", " ttl=1", " length=0",
        " length=1",
        " etag=", " type=", " coding=gzip", " coding=identity", " field=X%3A%20y", " field=Content-Length%3A%201",
        " key=a",
        " token=a%40b", " token=", " made-in=0", " stored-at=0", " last-modified=0", " stale-if-error=1", "-1",
        "999999999999999999", "9999999999999999999", "\0", "é", "\u{7F}", " x=y", "  ", " given-etag=%22v%22",
        " given-etag=W%2F%22v%22", "%22", " age=1", " given-last-modified=0",
        " given-last-modified=-1000", "given-",
    ])

    @Test("are no entries, or are entries that are written the same")
    func forged() throws {
        let cases = FuzzCases(3_000)
        var decodedOnes = 0
        for seed in cases {
            var random = SeededRandom(seed: seed)
            let key = Self.key(&random)
            let entry = Self.entry(&random)
            let written = EntryCoding.encode(entry, key: key)
            guard EntryCoding.decode(written, key: key, now: Self.now) == entry else {
                Issue.record("seed \(seed): does not read back\n\(escaped(written.readableBytesView))")
                continue
            }
            var bytes = Array(written.readableBytesView)
            Self.mutation.apply(random.number(1...3), to: &bytes, &random)
            // Damage shows by the checksum.
            let damaged = ByteBuffer(bytes: bytes)
            if let decoded = EntryCoding.decode(damaged, key: key, now: Self.now), damaged != written {
                Issue.record("seed \(seed): damage is read as \(decoded)\n\(escaped(bytes))")
            }
            // Whoever forges can add up, too.
            var forged = damaged
            EntryCoding.seal(&forged, key: key)
            guard let decoded = EntryCoding.decode(forged, key: key, now: Self.now) else { continue }
            decodedOnes += 1
            let again = EntryCoding.encode(decoded, key: key)
            #expect(
                EntryCoding.decode(again, key: key, now: Self.now) == decoded,
                "seed \(seed): \(escaped(forged.readableBytesView)) is written as \(escaped(again.readableBytesView))"
            )
            #expect(
                EntityTag.isWellFormed(decoded.entityTag, coding: decoded.coding, origin: decoded.tagOrigin)
                    && (decoded.initialAge ?? 0) <= max(0, decoded.ttl)
                    && (decoded.lastModified ?? 0) >= HTTPDate.earliest,
                "seed \(seed)"
            )
            let problem = ResponseRules.problem(
                status: decoded.status,
                contentType: decoded.contentType,
                bodyLength: decoded.body.readableBytes,
                fields: decoded.fields
            )
            #expect(problem == nil, "seed \(seed)")
            #expect(
                forged.readableBytesView.suffix(decoded.body.readableBytes).elementsEqual(
                    decoded.body.readableBytesView
                )
            )
        }
        if cases.count >= 1000 { #expect(decodedOnes > cases.count / 50, "\(decodedOnes)") }
    }

    @Test("are no entries where their bytes are of any kind, with a beginning and a checksum or without")
    func noise() {
        for seed in FuzzCases(20_000) {
            var random = SeededRandom(seed: seed)
            var bytes: [UInt8] = random.oneIn(4) ? [] : Array("CR2 sum=0000000000000000".utf8)
            let alphabet = random.oneIn(2) ? Array(" =%@\nsttldecoing0189".utf8) : Array(0...255)
            for _ in 0..<random.number(0...200) { bytes.append(random.pick(alphabet)) }
            var buffer = ByteBuffer(bytes: bytes)
            let key = Self.key(&random)
            EntryCoding.seal(&buffer, key: key)
            let decoded = EntryCoding.decode(buffer, key: key, now: Self.now)
            #expect(decoded == nil, "seed \(seed): \(escaped(bytes))")
        }
    }

    private static func key(_ random: inout SeededRandom) -> CacheKey {
        let length = random.oneIn(4) ? random.number(500...700) : random.number(0...40)
        return CacheKey(
            whole: Array("n:f:get:/a:q=".utf8) + (0..<length).map { _ in random.pick(Array("x%2B&=:".utf8)) }
        )
    }

    private static func entry(_ random: inout SeededRandom) -> CacheEntry {
        func time(_ random: inout SeededRandom) -> Int64 {
            random.oneIn(2) ? 0 : Int64(random.below(1_000_000_000_000_000_000))
        }
        let length = random.oneIn(6) ? 0 : random.oneIn(10) ? random.below(40_000) : random.below(60)
        let body = ByteBuffer(bytes: (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        let tag = random.oneIn(4) ? "" : EntityTag.opaque(for: body)
        let storedAt = now - Int64(random.below(1_000_000))
        var fields: HTTPFields = [:]
        for _ in 0..<random.pick([0, 0, 1, 2]) {
            let name = HTTPField.Name(random.pick(["X-Thing", "Content-Language", "Cache-Control", "x", "!"]))!
            fields.append(HTTPField(name: name, value: random.pick(["", "a", "a b", "max-age=5", "a=%\"@", "x\ty"])))
        }
        var entry = CacheEntry(
            status: length == 0 ? random.pick([200, 204, 205, 404, 410]) : random.pick([200, 203, 301, 404, 299]),
            storedAt: storedAt,
            ttl: time(&random),
            staleWhileRevalidate: time(&random),
            staleIfError: time(&random),
            entityTag: tag,
            lastModified: tag.isEmpty || random.oneIn(2) ? nil : storedAt / 1000 * 1000,
            contentType: length == 0 ? "" : random.pick(["application/json", "text/plain; charset=utf-8", "a/b"]),
            fields: fields,
            madeIn: time(&random),
            tokens: (0..<random.pick([0, 1, 2])).map { _ in
                TagVersion(
                    value: random.pick(["", "a", "a b=%", "a@b", "0123456789abcdef"]),
                    server: random.pick(["", "run", "r%u"])
                )
            },
            body: body
        )
        if random.oneIn(3) {
            let opaque = random.pick(["v1", "", "a,b", "é", "W/", "-gzip", "a%\\"])
            let (isWeak, hasDate, hasAge) = (random.oneIn(2), random.oneIn(2), random.oneIn(2))
            let date = random.pick([0, -1000, HTTPDate.earliest, storedAt / 1000 * 1000])
            entry.change { parts in
                parts.entityTag = opaque
                parts.tagOrigin = .handler(isWeak: isWeak)
                if hasDate { (parts.lastModified, parts.givesLastModified) = (date, true) }
                if hasAge, parts.ttl > 0 { parts.initialAge = parts.ttl - 1 }
            }
        }
        return length > 0 && random.oneIn(4) ? entry.coded(.gzip, body) : entry
    }
}
