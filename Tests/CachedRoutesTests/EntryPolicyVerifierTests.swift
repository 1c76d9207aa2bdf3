import Fuzzing
import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// An entry that is not quite one that a statement makes.
private struct Forgery: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rejection: EntryPolicyViolation?
    let change: @Sendable (inout CacheEntry.Parts) -> Void

    init(
        _ what: String,
        _ rejection: EntryPolicyViolation?,
        _ change: @escaping @Sendable (inout CacheEntry.Parts) -> Void
    ) {
        testDescription = what
        self.rejection = rejection
        self.change = change
    }

    fileprivate static func field(_ name: HTTPField.Name, _ value: String) -> @Sendable (inout CacheEntry.Parts) -> Void
    {
        { $0.fields.append(HTTPField(name: name, value: value)) }
    }

    fileprivate static let ofStatements: [Forgery] = [
        Forgery("nothing", nil) { _ in },
        Forgery("a shorter life", nil) { $0.ttl = 1 },
        Forgery("no windows", nil) { ($0.staleWhileRevalidate, $0.staleIfError) = (0, 0) },
        Forgery("another status", .status) { $0.status = 201 },
        Forgery("a redirect", .status) { $0.status = 301 },
        Forgery("410", .status) { $0.status = 410 },
        Forgery("no life", .lifetime) { $0.ttl = 0 },
        Forgery("Cache-Control", .fields, field(.cacheControl, "public, max-age=31536000")),
        Forgery("the route's own Cache-Control", .fields, field(.cacheControl, "max-age=60")),
        Forgery("Expires", .fields, field(.expires, "Thu, 01 Jan 2099 00:00:00 GMT")),
        Forgery("Location", .fields, field(.location, "https://example.org/")),
        Forgery("a handler's tag", .metadata) { ($0.entityTag, $0.tagOrigin) = ("v", .handler(isWeak: false)) },
        Forgery("no tag", .metadata) { ($0.entityTag, $0.lastModified) = ("", nil) },
        Forgery("a handler's date", .metadata) { ($0.lastModified, $0.givesLastModified) = (0, true) },
        Forgery("an age", .metadata) { $0.initialAge = 1_007 },
        Forgery("another content type", .contentType) { $0.contentType = "text/html" },
        Forgery("a problem that is none", .contentType) { $0.contentType = Problem.contentType },
        Forgery("no body", .contentType) {
            ($0.contentType, $0.entityTag, $0.body, $0.lastModified) = ("", "", ByteBuffer(), nil)
        },
        Forgery("a coding", .coding) { ($0.coding, $0.entityTag) = (.gzip, $0.entityTag + "-gzip") },
        Forgery("a longer body", .length) { $0.body = ByteBuffer(repeating: 0x20, count: 1_001) },
    ]
}

@Suite("The entries that a route may have stored")
struct EntryPolicyVerifierTests {
    private static let now: Int64 = 1_700_000_000_000
    private static let key = CacheKey(whole: Array("t:0:get:/r:".utf8))
    private static let signature = RouteSignature(
        namespace: "t",
        fingerprint: "0",
        method: .get,
        path: "/r",
        inputs: []
    )

    private static func cache(negative: Bool = true, compress: Bool = true, clientTTL: Duration? = nil) -> CachePolicy {
        CachePolicy(
            ttl: .seconds(60),
            jitter: 10,
            staleWhileRevalidate: .milliseconds(30_500),
            staleIfError: .seconds(600),
            negativeTTL: negative ? .seconds(5) : nil,
            clientTTL: clientTTL,
            maxBody: 1_000,
            compress: compress
        )
    }

    private static func statement(
        _ cache: CachePolicy = EntryPolicyVerifierTests.cache(),
        status: Int? = nil,
        returns: RouteDeclaration.Returns = .many
    ) -> RoutePlan {
        RoutePlan(
            RouteDefinition(
                RouteDeclaration("r", signature, .read(cache), returns: returns, status: status, isPublic: true),
                .sql("SELECT 1")
            )
        )
    }

    private static func handler(_ cache: CachePolicy = EntryPolicyVerifierTests.cache(), public isPublic: Bool = false)
        -> RoutePlan
    {
        RoutePlan(
            RouteDefinition(
                RouteDeclaration("r", signature, .read(cache), isPublic: isPublic),
                .handler({ _ in HandlerResponse(status: 200) })
            )
        )
    }

    /// An entry as the route's statement makes it.
    private func entry(_ plan: RoutePlan = EntryPolicyVerifierTests.statement(), status: Int? = nil, draw: Double = 0)
        throws -> CacheEntry
    {
        let answer =
            status == 404
            ? OriginResponse.notFound(.notFound)
            : OriginResponse(
                status: status ?? plan.route.status.code,
                contentType: "application/json",
                body: ByteBuffer(string: String(repeating: "[1]\n", count: 100))
            )
        return try stored(answer, plan, draw: draw)
    }

    private func stored(_ answer: OriginResponse, _ plan: RoutePlan, draw: Double = 0) throws -> CacheEntry {
        let decision = StoragePolicy(plan: plan, now: Self.now, draw: draw).decide(
            answer,
            after: nil,
            madeIn: 7,
            tokens: []
        )
        guard case .everyone = decision.audience else {
            throw HandlerResponse.ValidationError("the answer is not stored")
        }
        return decision.entry
    }

    private func rejection(_ entry: CacheEntry, _ plan: RoutePlan, coded: Bool = false) throws -> EntryPolicyViolation?
    {
        do {
            _ = try accepted(entry, plan, coded: coded)
            return nil
        } catch let rejection as EntryPolicyViolation {
            return rejection
        }
    }

    private func accepted(_ entry: CacheEntry, _ plan: RoutePlan, coded: Bool = false) throws -> CacheEntry {
        try #require(plan.cache).verifier.accept(entry, mayBeCoded: coded)
    }

    // MARK: - What a service stores

    @Test("are those that a statement's answers make", arguments: [0, 0.5, 1])
    func ofStatements(draw: Double) throws {
        let plan = Self.statement()
        for status in [nil, 404] {
            let entry = try entry(plan, status: status, draw: draw)
            #expect(try rejection(entry, plan) == nil)
            #expect(try rejection(entry.coded(.gzip, ByteBuffer(string: "x")), plan, coded: true) == nil)
        }
        let none = Self.statement(returns: .none)
        let empty = OriginResponse(status: none.route.status.code, contentType: "", body: ByteBuffer())
        #expect(try rejection(stored(empty, none), none) == nil)
    }

    private static let directives = [
        "max-age=5", "max-age=0", "max-age=1000", "max-age=\"7\"", "max-age =1", "max-age", "s-maxage=3", "s-maxage=60",
        "s-maxage=100000", "no-cache", "no-store", "private", "public", "must-revalidate", "proxy-revalidate",
        "immutable",
        "stale-while-revalidate=1", "stale-while-revalidate=500", "stale-if-error=2", "stale-if-error=9999999",
        "no-transform", "ext=\"a, b\"", "ext=\"q\\\"\\\\\"", "ext=tok", "EXT", "x=\"no-transform\"", "=", "é", "",
        "max-age=-1",
    ]

    @Test("are those that a handler's answers make, whatever it says of caching")
    func ofHandlers() throws {
        let plans = [
            Self.handler(), Self.handler(public: true), Self.handler(Self.cache(clientTTL: .zero)),
            Self.handler(Self.cache(clientTTL: .seconds(1))), Self.handler(Self.cache(clientTTL: .seconds(100_000))),
        ]
        let cases = FuzzCases(1_000)
        var count = 0
        for seed in cases {
            var random = SeededRandom(seed: seed)
            var fields: HTTPFields = [:]
            for _ in 0..<random.below(3) {
                let value = (0..<random.number(1...3)).map { _ in random.pick(Self.directives) }.joined(separator: ", ")
                fields.append(HTTPField(name: .cacheControl, value: value))
            }
            if random.oneIn(4) { fields[.expires] = random.pick(["0", "Tue, 14 Nov 2023 22:13:50 GMT"]) }
            if random.oneIn(4) { fields[.eTag] = random.pick(["\"v\"", "W/\"v\""]) }
            if random.oneIn(4) { fields[.age] = random.pick(["1", "30", "x"]) }
            if random.oneIn(4) { fields[.contentLanguage] = "de" }
            let plan = random.pick(plans)
            let answer = HandlerResponse(
                bytes: ByteBuffer(string: "x"),
                contentType: "text/plain",
                status: random.pick([nil, nil, 301, 404, 410]),
                headerFields: fields
            )
            guard let source = try? OriginResponse(answer, of: plan.route, at: Self.now) else { continue }
            let decision = StoragePolicy(plan: plan, now: Self.now, draw: 0.5)
                .decide(source, after: nil, madeIn: 7, tokens: [])
            guard case .everyone = decision.audience else { continue }
            count += 1
            let bytes = EntryCoding.encode(decision.entry, key: Self.key)
            let entry = EntryCoding.decode(bytes, key: Self.key, now: Self.now)
            #expect(entry == decision.entry, "seed \(seed)")
            // A second time what was known is compared.
            for _ in 0..<2 { #expect(try rejection(decision.entry, plan) == nil, "seed \(seed): \(fields)") }
            if decision.mayBeCoded {
                let coded = decision.entry.coded(.gzip, ByteBuffer(string: "x"))
                #expect(try rejection(coded, plan, coded: true) == nil, "seed \(seed): \(fields)")
            }
        }
        if cases.count >= 1_000 { #expect(count > cases.count / 10) }
    }

    @Test("of a version with longer lives get the route's own, and those of one with shorter lives keep theirs")
    func otherVersions() throws {
        let short = Self.statement(CachePolicy(ttl: .seconds(30), negativeTTL: .seconds(1)))
        let long = Self.statement()
        for status in [200, 404] {
            let found = try entry(long, status: status)
            #expect(found.ttl > (status == 200 ? 30_000 : 1_000))
            #expect(try rejection(found, short) == nil)
            let narrowed = try accepted(found, short)
            #expect(narrowed.ttl == (status == 200 ? 30_000 : 1_000))
            #expect(narrowed.staleWhileRevalidate == 0 && narrowed.staleIfError == 0)
            #expect(narrowed.body == found.body && narrowed.entityTag == found.entityTag)
            #expect(narrowed.tokens == found.tokens && narrowed.storedAt == found.storedAt)
            let other = try entry(short, status: status)
            #expect(try rejection(other, long) == nil)
            #expect(try accepted(other, long) == other)
        }
        #expect(try rejection(entry(long, status: 404), Self.statement(Self.cache(negative: false))) == .status)
    }

    @Test(
        "never live longer than their route allows, whoever has written them",
        arguments: [Int64.max, 60_001, 1 << 40]
    )
    func forgedLives(life: Int64) throws {
        let plan = Self.statement()
        let own = try entry(plan)
        var forged = own
        forged.change { ($0.ttl, $0.staleWhileRevalidate, $0.staleIfError) = (life, life, .max) }
        let narrowed = try accepted(forged, plan)
        #expect(narrowed.ttl == 60_000)
        #expect(narrowed.staleWhileRevalidate == own.staleWhileRevalidate && narrowed.staleIfError == own.staleIfError)
    }

    // MARK: - What nobody stores

    @Test("do not have what a statement's answer never has", arguments: Forgery.ofStatements)
    fileprivate func statements(forgery: Forgery) throws {
        let plan = Self.statement()
        var forged = try entry(plan)
        forged.change(forgery.change)
        #expect(try rejection(forged, plan) == forgery.rejection)
        // It is one all the same as far as its bytes say.
        if forgery.rejection != .lifetime {
            #expect(EntryCoding.decode(EntryCoding.encode(forged, key: Self.key), key: Self.key, now: Self.now) != nil)
        }
    }

    @Test("have the coding of their place")
    func codings() throws {
        let coded = try entry().coded(.gzip, ByteBuffer(string: "x"))
        for (mayBeCoded, compress, rejection) in [
            (true, true, nil), (true, false, EntryPolicyViolation.coding), (false, true, .coding),
        ] {
            #expect(
                try self.rejection(coded, Self.statement(Self.cache(compress: compress)), coded: mayBeCoded)
                    == rejection
            )
        }
        let plan = Self.handler()
        var fixed = coded
        fixed.change { $0.fields[.cacheControl] = "max-age=60, no-transform" }
        for _ in 0..<2 { #expect(try rejection(fixed, plan, coded: true) == .coding) }
        fixed.change { ($0.coding, $0.entityTag) = (.identity, $0.identityTag) }
        for _ in 0..<2 { #expect(try rejection(fixed, plan) == nil) }
    }

    @Test(
        "have a handler's Cache-Control in the form that the route gives it",
        arguments: [
            ("max-age=60", nil), ("max-age=5", nil), ("no-cache", nil), ("max-age=60, immutable", nil),
            ("max-age=5, s-maxage=3", nil), ("max-age=5, stale-while-revalidate=30", nil),
            ("max-age=61", EntryPolicyViolation.cacheControl), ("public, max-age=5", .cacheControl),
            ("private, max-age=5", .cacheControl), ("max-age=5, s-maxage=61", .cacheControl),
            ("max-age=5, stale-while-revalidate=31", .cacheControl), ("max-age=5, stale-if-error=601", .cacheControl),
            ("no-store", .cacheControl), ("max-age=5, no-store", .cacheControl), ("", .cacheControl),
            ("immutable", .cacheControl), ("max-age=5,immutable", .cacheControl), ("MAX-AGE=5", .cacheControl),
        ]
    )
    func controls(value: String, rejection: EntryPolicyViolation?) throws {
        let plan = Self.handler()
        var entry = try entry()
        entry.change { parts in
            parts.fields[.cacheControl] = value
            parts.staleWhileRevalidate = 0
        }
        for _ in 0..<2 { #expect(try self.rejection(entry, plan) == rejection) }
        entry.change { $0.fields.append(HTTPField(name: .cacheControl, value: value)) }
        #expect(try self.rejection(entry, plan) == .cacheControl)
        entry.change { $0.fields = [.expires: "0"] }
        #expect(try self.rejection(entry, plan) == .fields)
    }

    @Test("are the same after any change of their header by somebody who can add up, or are not used")
    func mutations() throws {
        let mutation = ByteMutation(pieces: [
            " field=Cache-Control%3A%20max-age%3D999", " field=Expires%3A%200", " field=X%3A%20%FF", " age=1", "9",
            "ttl=600000", "stale-if-error=9999999", "status=201", "status=404", "type=%20", "type=", "%20", "gzip",
            " coding=gzip", "etag=", " given-etag=%22v%22", " given-last-modified=0", "0", " ", "\n",
        ])
        let plan = Self.statement()
        let bounds = StaleWindows(Self.cache())
        for seed in FuzzCases(1_500) {
            var random = SeededRandom(seed: seed)
            let entry = try entry(plan, status: random.oneIn(4) ? 404 : nil)
            let written = EntryCoding.encode(entry, key: Self.key)
            let header = try #require(written.readableBytesView.firstIndex(of: 0x0A))
            var head = Array(written.readableBytesView[..<header])
            mutation.apply(random.number(1...3), to: &head, &random)
            var forged = ByteBuffer(bytes: head + written.readableBytesView[header...])
            EntryCoding.seal(&forged, key: Self.key)
            guard let found = EntryCoding.decode(forged, key: Self.key, now: Self.now),
                try rejection(found, plan) == nil
            else { continue }
            let decoded = try accepted(found, plan)
            let isNegative = decoded.status == 404
            let isStorable =
                (decoded.status == 200 || isNegative) && (1...(isNegative ? 5_000 : 60_000)).contains(decoded.ttl)
                && decoded.staleWhileRevalidate <= (isNegative ? 0 : bounds.whileRevalidate)
                && decoded.staleIfError <= (isNegative ? 0 : bounds.ifError) && decoded.fields.isEmpty
                && decoded.initialAge == nil && !decoded.givesLastModified && decoded.tagOrigin == .body
                && decoded.coding == .identity && decoded.entityTag.isEmpty == isNegative
                && decoded.contentType == (isNegative ? "application/problem+json" : "application/json")
                && decoded.storedAt <= Self.now + 5_000 && (decoded.lastModified ?? 0) <= decoded.storedAt
            #expect(isStorable, "seed \(seed): \(escaped(forged.readableBytesView))")
        }
    }

    // MARK: - Fields (RFC 9110, 5.5 and 5.6.2)

    /// Encoded bytes as the value of a header's name.
    private func decoded(_ field: [UInt8]) throws -> CacheEntry? {
        var value: [UInt8] = []
        PercentEncoding.encode(field, spaceAsPlus: false) { value.append($0) }
        let text = String(buffer: EntryCoding.encode(try entry(), key: Self.key))
        let forged = text.replacing(" made-in", with: " field=\(String(decoding: value, as: UTF8.self)) made-in")
        var bytes = ByteBuffer(string: forged)
        EntryCoding.seal(&bytes, key: Self.key)
        return EntryCoding.decode(bytes, key: Self.key, now: Self.now)
    }

    @Test("have field names that are tokens, and values of visible characters, spaces and tabs, in UTF-8")
    func fieldBytes() throws {
        let tokens = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect((try decoded(Array("X".utf8) + [byte] + Array("Y: a".utf8)) != nil) == tokens.contains(byte))
            let isInside = (0x20...0x7E).contains(byte) || byte == 0x09
            #expect((try decoded(Array("X: a".utf8) + [byte] + Array("b".utf8)) != nil) == isInside, "\(byte)")
            let isEnd = (0x21...0x7E).contains(byte)
            #expect((try decoded(Array("X: ".utf8) + [byte]) != nil) == isEnd, "\(byte)")
        }
        #expect(try decoded(Array("X: é".utf8)) != nil)
        for bytes: [UInt8] in [[0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80]] {
            #expect(try decoded(Array("X: a".utf8) + bytes) == nil)
        }
    }

    @Test(
        "have a content type that is not blank, as a handler's answer has",
        arguments: ["%20", "%20%20", "%09", "a%0Ab", "%E9"]
    )
    func contentTypes(type: String) throws {
        let text = String(buffer: EntryCoding.encode(try entry(), key: Self.key))
        var bytes = ByteBuffer(string: text.replacing("type=application%2Fjson", with: "type=\(type)"))
        EntryCoding.seal(&bytes, key: Self.key)
        #expect(EntryCoding.decode(bytes, key: Self.key, now: Self.now) == nil)
        let blank = HandlerResponse(bytes: ByteBuffer(string: "x"), contentType: "  ")
        #expect(throws: HandlerResponse.ValidationError.self) { try blank.checked(otherwise: 200) }
    }
}
