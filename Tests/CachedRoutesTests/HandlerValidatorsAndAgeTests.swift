import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("What a handler says of its answer's version and age")
struct HandlerValidatorsAndAgeTests {
    private static let now: Int64 = 1_700_000_000_000

    private func given(_ fields: HTTPFields) throws -> (HandlerValidatorsAndAge, rest: HTTPFields) {
        var fields = fields
        let given = try HandlerValidatorsAndAge(taking: &fields, now: Self.now)
        return (given, fields)
    }

    @Test(
        "is an entity tag, strong or weak, of any characters that one may have (RFC 9110, 8.8.3)",
        arguments: [
            (#""v1""#, "v1", false), (#"W/"v1""#, "v1", true), (#""""#, "", false), (#"W/"""#, "", true),
            (#""W/""#, "W/", false), (#""a,b""#, "a,b", false), (#""a\b""#, #"a\b"#, false), (#""é""#, "é", false),
            ("\"e\u{301}\"", "e\u{301}", false), (#""!#~""#, "!#~", false), (" \"v1\"\t", "v1", false),
            (#""v1-gzip""#, "v1-gzip", false), (#""*""#, "*", false),
        ]
    )
    func tags(value: String, opaque: String, isWeak: Bool) throws {
        let (given, rest) = try given([.eTag: value, .server: "x"])
        #expect(given.entityTag.map { Array($0.opaque.utf8) } == Array(opaque.utf8))
        #expect(given.entityTag?.isWeak == isWeak)
        #expect(rest == [.server: "x"])
        let trimmed = String(value.drop { $0 == " " }).replacing("\t", with: "")
        #expect(given.entityTag?.fieldValue == trimmed)
    }

    @Test(
        "is refused where the entity tag is none, with the field and the reason",
        arguments: [
            ("v1", "in double quotes"), ("'v1'", "in double quotes"), (#""v1"#, "in double quotes"),
            (#"v1""#, "in double quotes"), (#"w/"v1""#, "in double quotes"), (#"W/v1"#, "in double quotes"),
            (#"W "v1""#, "in double quotes"), ("", "in double quotes"), ("*", "in double quotes"),
            (#"""#, "in double quotes"), (#"W/"#, "in double quotes"), (#"W/""#, "in double quotes"),
            (#""a b""#, "has a space"), (#""a"b""#, "has a space"), (#""a", "b""#, "has a space"),
            ("\"a\tb\"", "has a space"), ("\"a\u{7F}\"", "has a space"), (#"W/W/"a""#, "in double quotes"),
        ]
    )
    func malformedTags(value: String, reason: String) {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .eTag, lenientValue: Array(value.utf8)))
        let error = #expect(throws: HandlerResponse.ValidationError.self) { try given(fields) }
        #expect(error?.field == .eTag)
        #expect(error?.description.contains("'ETag'") == true)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test("is refused where a field stands twice, or is no UTF-8", arguments: [HTTPField.Name.eTag, .lastModified])
    func notOne(name: HTTPField.Name) {
        let value = name == .eTag ? #""a""# : "Sun, 06 Nov 1994 08:49:37 GMT"
        var twice = HTTPFields()
        for _ in 0..<2 { twice.append(HTTPField(name: name, value: value)) }
        let error = #expect(throws: HandlerResponse.ValidationError.self) { try given(twice) }
        #expect(error?.description == "'\(name)' occurs more than once")
        var bytes = HTTPFields()
        bytes.append(HTTPField(name: name, lenientValue: [0x22, 0xE9, 0x22]))
        #expect(throws: HandlerResponse.ValidationError.self) { try given(bytes) }
    }

    @Test(
        "is a date in any of HTTP's formats, of any time (RFC 9110, 5.6.7)",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777_000),
            ("Sun Nov  6 08:49:37 1994", 784_111_777_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Wed, 31 Dec 1969 23:59:59 GMT", -1000), ("Mon, 01 Jan 0001 00:00:00 GMT", HTTPDate.earliest),
            (" Sun, 06 Nov 1994 08:49:37 GMT ", 784_111_777_000),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799_000),
        ] as [(String, Int64)]
    )
    func dates(value: String, milliseconds: Int64) throws {
        let (given, rest) = try given([.lastModified: value])
        #expect(given.lastModified == milliseconds)
        #expect(rest.isEmpty)
    }

    @Test(
        "is refused where the date is none",
        arguments: [
            "", "0", "yesterday", "1700000000", "2023-11-14T22:13:20Z", "Sun, 06 Nov 1994 08:49:37",
            "Sun, 31 Nov 1994 08:49:37 GMT", "sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 08:49:37 +0000",
        ]
    )
    func malformedDates(value: String) {
        let error = #expect(throws: HandlerResponse.ValidationError.self) { try given([.lastModified: value]) }
        #expect(error?.field == .lastModified)
        #expect(error?.description.hasPrefix("'Last-Modified' is not a date") == true)
    }

    @Test(
        "is an age in seconds, the first of several, and none where that is none (RFC 9111, 5.1 and 1.2.2)",
        arguments: [
            (["0"], 0), (["30"], 30), (["007"], 7), ([" 30 "], 30), (["30, 40"], 30), (["30", "40"], 30),
            (["30,x"], 30),
            (["30 ,40"], 30), (["99999999999999999999999"], 2_147_483_648), ([""], nil), (["-1"], nil), (["+1"], nil),
            (["1.5"], nil), (["x"], nil), (["x, 30"], nil), ([", 30"], nil), (["30s"], nil), (["3 0"], nil),
            (["\"30\""], nil), (["0x1e"], nil), (["３０"], nil),
        ] as [([String], Int64?)]
    )
    func ages(lines: [String], seconds: Int64?) throws {
        var fields: HTTPFields = [.server: "x"]
        for line in lines { fields.append(HTTPField(name: .age, value: line)) }
        let (given, rest) = try given(fields)
        #expect(given.age == seconds)
        #expect(rest == [.server: "x"])
    }

    @Test("is nothing where a handler says nothing")
    func nothing() throws {
        let (given, rest) = try given([.server: "x"])
        #expect(given == .none)
        #expect(rest == [.server: "x"])
    }

    // MARK: - The entry that is made of it

    private func decide(
        _ cache: CachePolicy?,
        status: Int = 200,
        _ fields: HTTPFields,
        body: String = "[1]",
        after previous: CacheEntry? = nil,
        at now: Int64 = Self.now,
        madeIn: Int64 = 0,
        draw: Double = 0
    ) throws -> StoragePolicy.Decision {
        let route = RouteDefinition(
            RouteDeclaration(
                "route",
                RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/r", inputs: []),
                .read(cache),
                status: status
            ),
            .handler({ _ in HandlerResponse(status: 200) })
        )
        let answer = HandlerResponse(
            bytes: ByteBuffer(string: body),
            contentType: body.isEmpty ? "" : "text/plain",
            headerFields: fields
        )
        return StoragePolicy(plan: RoutePlan(route), now: now, draw: draw)
            .decide(try OriginResponse(answer, of: route, at: now), after: previous, madeIn: madeIn, tokens: [])
    }

    @Test("counts into the age from the first moment, with the time that the answer took (RFC 9111, 4.2.3)")
    func initialAge() throws {
        let decision = try decide(CachePolicy(ttl: .seconds(60)), [.age: "20"], madeIn: 1500)
        let entry = decision.entry
        #expect(entry.initialAge == 21_500)
        #expect(entry.age(at: Self.now) == 21_500)
        #expect(entry.age(at: Self.now + 10_000) == 31_500)
        #expect(entry.remainingFreshness(at: Self.now) == 38_500)
        #expect(decision.audience == .everyone)
        #expect(decision.lifetime == 48_500)
        #expect(try decide(CachePolicy(ttl: .seconds(60)), [.age: "x"]).entry.initialAge == nil)
        #expect(try decide(CachePolicy(ttl: .seconds(60)), [.age: "0"]).entry.initialAge == 0)
    }

    @Test("shortens what is left of a ttl, which jitter shortens further and never to nothing")
    func jitter() throws {
        let cache = CachePolicy(ttl: .seconds(60), jitter: 50)
        for (draw, left) in [(0.0, 20_000), (0.5, 15_000), (1.0, 10_000)] as [(Double, Int64)] {
            let entry = try decide(cache, [.age: "40"], draw: draw).entry
            #expect(entry.remainingFreshness(at: Self.now) == left)
        }
        #expect(try decide(cache, [.age: "59"], madeIn: 999, draw: 1).entry.remainingFreshness(at: Self.now) == 1)
    }

    @Test(
        "leaves nothing for others of an answer that was fresh for all of its life before it came",
        arguments: [
            ("60", nil, "no-store"), ("61", nil, "no-store"), ("99999999999", nil, "no-store"),
            ("20", "max-age=20", "no-cache"), ("30", "max-age=20", "no-cache"),
            ("5", "s-maxage=5, max-age=9", "no-cache"),
            ("20", "private, max-age=20", "private, max-age=20"), ("5", "no-store", "no-store"),
        ] as [(String, String?, String)]
    )
    func stale(age: String, control: String?, sent: String) throws {
        var fields: HTTPFields = [.age: age]
        if let control { fields[.cacheControl] = control }
        let cache = CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(600), staleIfError: .seconds(600))
        let decision = try decide(cache, fields)
        #expect(decision.audience == .requester)
        #expect(decision.replacesOlder)
        #expect(decision.entry.fields[.cacheControl] == sent)
    }

    @Test(
        "is counted once beside max-age, and beside Expires, which counts from when the answer was made",
        arguments: [
            ([.age: "20", .cacheControl: "max-age=50"], 30_000, "max-age=50"),
            ([.age: "20", .expires: HTTPDate.string(milliseconds: Self.now + 30_000)], 30_000, "max-age=50"),
            ([.age: "20"], 40_000, nil),
        ] as [(HTTPFields, Int64, String?)]
    )
    func lifetimes(fields: HTTPFields, left: Int64, sent: String?) throws {
        let entry = try decide(CachePolicy(ttl: .seconds(60)), fields).entry
        #expect(entry.remainingFreshness(at: Self.now) == left)
        #expect(entry.fields[.cacheControl] == sent)
    }

    @Test("counts for answers that say that there is nothing")
    func negative() throws {
        let cache = CachePolicy(ttl: .seconds(60), negativeTTL: .seconds(10))
        #expect(try decide(cache, status: 404, [.age: "4"]).lifetime == 6000)
        #expect(try decide(cache, status: 404, [.age: "10"]).audience == .requester)
    }

    @Test("takes the place of the tag and the date that are made from the bytes, whatever the status")
    func validators() throws {
        let fields: HTTPFields = [.eTag: #"W/"v1""#, .lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"]
        let cache = CachePolicy(negativeTTL: .seconds(10))
        for (status, body) in [(200, "x"), (200, ""), (204, ""), (301, ""), (404, "x"), (503, "x")] {
            let entry = try decide(cache, status: status, fields, body: body).entry
            #expect(entry.entityTag == "v1")
            #expect(entry.tagOrigin == .handler(isWeak: true))
            #expect(entry.lastModified == 784_111_777_000)
            #expect(entry.givesLastModified)
            #expect(entry.fields[.eTag] == nil && entry.fields[.lastModified] == nil)
        }
    }

    @Test("has no date later than the answer's own (RFC 9110, 8.8.2.1)")
    func future() throws {
        for ahead in [0, 1, 999, 1000, 60_000, 1_000_000_000_000] as [Int64] {
            let date = HTTPDate.string(milliseconds: Self.now + ahead)
            let entry = try decide(CachePolicy(), [.lastModified: date], at: Self.now + 400).entry
            #expect(entry.lastModified == Self.now)
        }
        let before = HTTPDate.string(milliseconds: Self.now - 1000)
        #expect(try decide(CachePolicy(), [.lastModified: before]).entry.lastModified == Self.now - 1000)
    }

    @Test("keeps the date of an answer while its tag is the same, and no longer")
    func observedDate() throws {
        let first = try decide(CachePolicy(), [.eTag: #""v1""#]).entry
        #expect(first.lastModified == Self.now)
        #expect(!first.givesLastModified)
        let later = Self.now + 70_000
        for (tag, body, date) in [
            (#""v1""#, "[1]", Self.now), (#""v1""#, "[2]", Self.now), (#""v2""#, "[1]", later),
            (#"W/"v1""#, "[1]", later),
        ] {
            let entry = try decide(CachePolicy(), [.eTag: tag], body: body, after: first, at: later).entry
            #expect(entry.lastModified == date, "\(tag) \(body)")
        }
        #expect(try decide(CachePolicy(), [:], after: first, at: later).entry.lastModified == later)
        let coded = first.coded(.gzip, ByteBuffer(string: "x"))
        #expect(try decide(CachePolicy(), [.eTag: #""v1""#], after: coded, at: later).entry.lastModified == Self.now)
        // Two spellings of one letter are two tags.
        let composed = try decide(CachePolicy(), [.eTag: "\"\u{E9}\""]).entry
        let decomposed = try decide(CachePolicy(), [.eTag: "\"e\u{301}\""], after: composed, at: later).entry
        #expect(decomposed.lastModified == later)
    }

    // MARK: - What is not a handler's to say

    /// Each with a value that is in order.
    private static let reserved = [
        "Cache-Status", "Cached-Routes-Date", "Cached-Routes-Purge", "Connection", "Content-Length", "Content-Range",
        "Content-Type", "Date", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Vary",
    ]

    @Test("A field that is not a handler's is refused by its name, in any case, with the reason")
    func reservedFields() throws {
        #expect(ReservedFields.namesForAll == Self.reserved)
        let route = RouteDefinition(
            RouteDeclaration(
                "route",
                RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/r", inputs: []),
                .read(.off)
            ),
            .handler({ _ in HandlerResponse(status: 200) })
        )
        for name in Self.reserved {
            for spelling in [name, name.lowercased(), name.uppercased()] {
                let field = try #require(HTTPField.Name(spelling))
                let answer = HandlerResponse(status: 200, headerFields: [field: "x"])
                let error = #expect(throws: HandlerResponse.ValidationError.self) {
                    try OriginResponse(answer, of: route, at: 0)
                }
                #expect(error?.field == field)
                #expect(error?.description.hasPrefix("a handler can't set '\(spelling)': ") == true)
            }
        }
    }

    @Test("Of its version and age a handler that writes says nothing", arguments: ["Age", "ETag", "Last-Modified"])
    func writes(name: String) throws {
        let route = RouteDefinition(
            RouteDeclaration(
                "route",
                RouteSignature(namespace: "t", fingerprint: "0", method: .put, path: "/r", inputs: []),
                .write(WritePolicy())
            ),
            .handler({ _ in HandlerResponse(status: 200) })
        )
        let field = try #require(HTTPField.Name(name))
        let value = [.eTag: #""v1""#, .lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"][field] ?? "1"
        let answer = HandlerResponse(status: 200, headerFields: [field: value])
        let error = #expect(throws: HandlerResponse.ValidationError.self) { try OriginResponse(answer, ofWrite: route) }
        #expect(error?.field == field)
    }

    @Test("An answer with 401 has a challenge, the handler's or one for it (RFC 9110, 15.5.2)")
    func challenges() throws {
        let route = RouteDefinition(
            RouteDeclaration(
                "route",
                RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/r", inputs: []),
                .read(.off),
                status: 401
            ),
            .handler({ _ in HandlerResponse(status: 200) })
        )
        for (status, fields, challenge) in [
            (401, [:], "Bearer"), (nil, [:], "Bearer"),
            (401, [.wwwAuthenticate: "Basic realm=\"x\""], "Basic realm=\"x\""),
            (403, [:], nil), (200, [:], nil),
        ] as [(Int?, HTTPFields, String?)] {
            let answer = HandlerResponse(
                bytes: ByteBuffer(string: "x"),
                contentType: "text/plain",
                status: status,
                headerFields: fields
            )
            #expect(try OriginResponse(answer, of: route, at: 0).fields[.wwwAuthenticate] == challenge)
            #expect(try OriginResponse(answer, ofWrite: route).fields[.wwwAuthenticate] == challenge)
        }
    }
}
