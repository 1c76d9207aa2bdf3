import HTTPTypes
import NIOCore
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Preconditions (RFC 9110, 13)")
struct ReadPreconditionsTests {
    /// Sun, 06 Nov 1994 08:49:37.250 GMT
    private static let lastModified: Int64 = 784_111_777_250
    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    private func isNotModified(
        _ fields: HTTPFields,
        lastModified: Int64? = Self.lastModified,
        storedAt: Int64 = Self.lastModified + 60_000
    ) -> Bool {
        ReadPreconditions.isNotModified(fields, entityTag: "tag", lastModified: lastModified, storedAt: storedAt)
    }

    @Test("are not met where there are none")
    func none() {
        #expect(!isNotModified([:]))
        #expect(!isNotModified([.ifMatch: "\"tag\"", .ifUnmodifiedSince: Self.date, .eTag: "\"tag\""]))
    }

    @Test("of tags are met by one that is listed, on any line (13.1.2)")
    func tags() {
        for value in ["\"tag\"", "W/\"tag\"", "*", "\"x\", \"tag\""] {
            #expect(isNotModified([.ifNoneMatch: value]), "\(value)")
            #expect(isNotModified([.ifNoneMatch: value], lastModified: nil), "\(value)")
        }
        for value in ["\"x\"", "tag", ""] { #expect(!isNotModified([.ifNoneMatch: value]), "\(value)") }
        var lines: HTTPFields = [.ifNoneMatch: "\"x\""]
        lines.append(HTTPField(name: .ifNoneMatch, value: "\"tag\""))
        #expect(isNotModified(lines))
    }

    @Test("of tags decide alone, even malformed (13.1.3)", arguments: ["\"x\"", "", " ", "tag", "w/\"tag\"", "\"tag"])
    func tagsFirst(value: String) {
        #expect(!isNotModified([.ifNoneMatch: value, .ifModifiedSince: Self.date]))
        #expect(isNotModified([.ifNoneMatch: "\"tag\"", .ifModifiedSince: "Thu, 01 Jan 1970 00:00:00 GMT"]))
        #expect(isNotModified([.ifModifiedSince: Self.date]))
    }

    @Test(
        "of a date are met where the answer is no newer, in whole seconds (13.1.3)",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", true), ("Sun, 06 Nov 1994 08:49:38 GMT", true),
            ("Sun, 06 Nov 1994 08:49:36 GMT", false), ("Sunday, 06-Nov-94 08:49:37 GMT", true),
            ("Sun Nov  6 08:49:36 1994", false), ("Sun Nov  6 08:49:37 1994", true),
            ("Fri, 31 Dec 9999 23:59:59 GMT", true), ("Wed, 31 Dec 1969 23:59:59 GMT", false),
        ]
    )
    func dates(date: String, isMet: Bool) {
        #expect(isNotModified([.ifModifiedSince: date]) == isMet)
    }

    @Test("complete a year of two digits by the time the answer was made (5.6.7)")
    func century() {
        // 1994 is the past of 1994, and 2094 that of 2094.
        let in2094 = Self.lastModified + 3_155_760_000_000
        #expect(isNotModified([.ifModifiedSince: "Sunday, 07-Nov-94 08:49:37 GMT"]))
        #expect(
            isNotModified(
                [.ifModifiedSince: "Sunday, 07-Nov-94 08:49:37 GMT"],
                lastModified: in2094 - 2000,
                storedAt: in2094
            )
        )
    }

    @Test(
        "of a date are ignored where it is malformed, or there are several (13.1.3)",
        arguments: [
            ["Sun, 06 Nov 1994 08:49:37"], ["sun, 06 nov 1994 08:49:37 gmt"], [""], ["784111777"],
            ["Sun, 31 Nov 1994 08:49:37 GMT"], [Self.date, Self.date], ["", Self.date], [Self.date, ""],
        ]
    )
    func malformed(lines: [String]) {
        var fields = HTTPFields()
        for line in lines { fields.append(HTTPField(name: .ifModifiedSince, value: line)) }
        #expect(!isNotModified(fields))
    }

    @Test(
        "of a date are met only where it is a strong validator (8.8.2.2)",
        arguments: [(0, false), (999, false), (1000, false), (1001, true), (-5000, false)] as [(Int64, Bool)]
    )
    func strength(sinceLastModified: Int64, isMet: Bool) {
        let storedAt = Self.lastModified + sinceLastModified
        #expect(isNotModified([.ifModifiedSince: Self.date], storedAt: storedAt) == isMet)
        #expect(isNotModified([.ifNoneMatch: "\"tag\""], storedAt: storedAt))
    }

    @Test("of a date are ignored where nobody knows when the answer last changed (13.1.3)")
    func unknown() {
        #expect(!isNotModified([.ifModifiedSince: Self.date], lastModified: nil))
    }

    @Test(
        "of a handler's own date are met once its second is over (8.8.2.2)",
        arguments: [(0, false), (749, false), (750, false), (999, false), (1000, true), (60_000, true), (-5000, false)]
            as [(Int64, Bool)]
    )
    func given(sinceLastModified: Int64, isMet: Bool) {
        let lastModified = Self.lastModified - 250
        let isNotModified = ReadPreconditions.isNotModified(
            [.ifModifiedSince: Self.date],
            entityTag: nil,
            lastModified: lastModified,
            isGiven: true,
            storedAt: lastModified + sinceLastModified
        )
        #expect(isNotModified == isMet)
    }

    @Test(
        "of If-Match fail where the handler's tag is not listed, by strong comparison (13.1.1)",
        arguments: [
            (#""v1""#, false, true), (#""v1-gzip""#, false, true), (#"W/"v1""#, true, true),
            (#""x", "v1""#, false, true),
            ("*", false, false), (#""x""#, true, true), ("v1", true, true), ("", true, true), (#""v1", x"#, true, true),
            (#""v1-br""#, true, true), (#"W/"v1", "v1""#, false, true),
        ]
    )
    func ifMatch(value: String, strongFails: Bool, weakFails: Bool) {
        func fail(_ origin: EntityTag.Origin, status: Int = 200, _ fields: HTTPFields) -> Bool {
            let parts = CacheEntry.Parts(
                status: status,
                storedAt: 0,
                ttl: 1,
                entityTag: "v1",
                tagOrigin: origin,
                contentType: "text/plain",
                madeIn: 0,
                body: ByteBuffer(string: "x")
            )
            return ReadPreconditions.fail(fields, for: CacheEntry(parts))
        }
        #expect(fail(.handler(isWeak: false), [.ifMatch: value]) == strongFails)
        #expect(fail(.handler(isWeak: true), [.ifMatch: value]) == weakFails)
        #expect(!fail(.body, [.ifMatch: value]))
        #expect(!fail(.handler(isWeak: false), [:]))
        // Conditions are for what would be a success (13.2.1).
        for status in [301, 404, 503] { #expect(!fail(.handler(isWeak: false), status: status, [.ifMatch: value])) }
    }
}
