import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("What becomes of an answer")
struct StoragePolicyTests {
    private let start: Int64 = 1_700_000_000_000

    private func plan(_ cache: CachePolicy = CachePolicy(ttl: .seconds(60)), public isPublic: Bool = false) -> RoutePlan
    {
        RoutePlan(
            RouteDefinition(
                RouteDeclaration(
                    "route",
                    RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/r", inputs: []),
                    .read(cache),
                    returns: .many,
                    isPublic: isPublic
                ),
                .sql("SELECT 1")
            )
        )
    }

    private func decide(
        _ plan: RoutePlan,
        status: Int = 200,
        _ fields: HTTPFields = [:],
        body: String = "[1]",
        after previous: CacheEntry? = nil,
        at now: Int64? = nil,
        draw: Double = 0,
        isCurrent: Bool = true
    ) -> StoragePolicy.Decision {
        StoragePolicy(plan: plan, now: now ?? start, draw: draw).decide(
            OriginResponse(
                status: status,
                fields: fields,
                contentType: body.isEmpty ? "" : "application/json",
                body: ByteBuffer(string: body),
                isCurrent: isCurrent
            ),
            after: previous,
            madeIn: 7,
            tokens: []
        )
    }

    @Test(
        "An answer is stored by its status (RFC 9111, 3)",
        arguments: [
            (200, true), (201, true), (204, true), (301, true), (308, true), (400, false), (401, false), (403, false),
            (404, false), (410, false), (429, false), (500, false), (503, false), (599, false), (305, false),
        ]
    )
    func statuses(status: Int, isStored: Bool) {
        let decision = decide(plan(), status: status)
        #expect((decision.audience != .waiters) == isStored)
        #expect((decision.entry.fields[.cacheControl] == "no-store") == !isStored)
    }

    @Test("404 is stored for the negative ttl, without windows, and never longer kept")
    func negative() {
        let plan = plan(
            CachePolicy(staleWhileRevalidate: .seconds(30), staleIfError: .seconds(600), negativeTTL: .seconds(10))
        )
        let decision = decide(plan, status: 404)
        #expect(decision.audience == .everyone)
        #expect(decision.lifetime == 10_000)
        #expect(decision.entry.ttl == 10_000)
        #expect(decision.entry.longestWindow == 0)
        #expect(decision.entry.entityTag.isEmpty)
        #expect(decision.entry.lastModified == nil)
        #expect(plan.downstream.negativeValue == "max-age=10")
        #expect(decide(plan, status: 404, draw: 1).entry.ttl == 9_000)
    }

    @Test(
        "Jitter shortens a ttl and never lengthens it",
        arguments: [(0.0, 60_000), (0.5, 54_000), (1.0, 48_000)] as [(Double, Int64)]
    )
    func jitter(draw: Double, ttl: Int64) {
        #expect(decide(plan(CachePolicy(ttl: .seconds(60), jitter: 20)), draw: draw).entry.ttl == ttl)
        #expect(decide(plan(CachePolicy(ttl: .seconds(60), jitter: 0)), draw: draw).entry.ttl == 60_000)
        #expect(decide(plan(CachePolicy(ttl: .milliseconds(1), jitter: 99)), draw: draw).entry.ttl == 1)
    }

    @Test("The store keeps an entry for its longest window and a moment more")
    func lifetime() {
        func lifetime(_ cache: CachePolicy) -> Int64 {
            let decision = decide(plan(cache))
            #expect(decision.audience == .everyone)
            return decision.lifetime
        }
        #expect(lifetime(CachePolicy(ttl: .seconds(60))) == 70_000)
        #expect(lifetime(CachePolicy(ttl: .seconds(4))) == 8_000)
        #expect(lifetime(CachePolicy(ttl: .milliseconds(100))) == 1_100)
        #expect(
            lifetime(CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(30))) == 100_000
        )
        let both = CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(30), staleIfError: .seconds(600))
        #expect(lifetime(both) == 670_000)
    }

    @Test("What is too large, or older than what is known to be committed, is shared and not stored")
    func notStored() {
        #expect(decide(plan(CachePolicy(maxBody: 2))).audience == .waiters)
        #expect(decide(plan(CachePolicy(maxBody: 3))).audience != .waiters)
        let behind = decide(plan(), isCurrent: false)
        #expect(behind.audience == .waiters)
        #expect(behind.entry.lastModified == nil)
    }

    // MARK: - Handlers

    @Test(
        "A handler's veto keeps its answer from everybody else (RFC 9111, 5.2.2)",
        arguments: [
            ("no-store", "no-store"), ("private", "private, no-cache"), ("no-cache", "no-cache"),
            ("max-age=0", "no-cache"), ("s-maxage=0", "no-cache"), ("max-age=60, No-Store", "no-store"),
            ("max-age=x", "no-cache"), ("private=\"Set-Cookie\", max-age=5", "private, max-age=5"),
            ("private, max-age=500, immutable", "private, max-age=60, immutable"),
            ("max-age=60, s-maxage=0", "no-cache"),
            ("no-cache, max-age=60, must-revalidate", "no-cache, must-revalidate"),
        ]
    )
    func veto(value: String, sent: String) {
        let decision = decide(plan(), [.cacheControl: value])
        #expect(decision.audience == .requester)
        #expect(decision.entry.fields[.cacheControl] == sent)
    }

    @Test("What is not stored here is kept nowhere for longer, and is no more public than its route")
    func unstoredControl() {
        let control: HTTPFields = [.cacheControl: "public, max-age=600"]
        #expect(decide(plan(), status: 410, control).entry.fields[.cacheControl] == "max-age=60")
        #expect(decide(plan(), status: 410, [.cacheControl: "public"]).entry.fields[.cacheControl] == "no-cache")
        #expect(decide(plan(), status: 503, control).entry.fields[.cacheControl] == "no-store")
        let cookie = decide(plan(public: true), [.cacheControl: "public, max-age=600", .setCookie: "a=b"])
        #expect(cookie.audience == .requester)
        #expect(cookie.entry.fields[.cacheControl] == "private, max-age=60")
    }

    @Test("An answer that can't replace an older entry ends it, unless it says nothing about the answer")
    func replacesOlder() {
        #expect(decide(plan(), status: 404).replacesOlder)
        #expect(decide(plan(), status: 403).replacesOlder)
        #expect(decide(plan(), [.cacheControl: "no-store"]).replacesOlder)
        #expect(decide(plan(CachePolicy(maxBody: 2))).replacesOlder)
        #expect(!decide(plan(), status: 503).replacesOlder)
        #expect(!decide(plan(), isCurrent: false).replacesOlder)
    }

    @Test("Set-Cookie is a veto, and says so downstream")
    func cookies() {
        let decision = decide(plan(), [.setCookie: "a=b"])
        #expect(decision.audience == .requester)
        #expect(decision.entry.fields[.cacheControl] == "no-store")
        #expect(decision.entry.fields[.setCookie] == "a=b")
    }

    @Test(
        "A handler shortens what the manifest allows and never lengthens it",
        arguments: [
            ("max-age=5", 5_000, "public, max-age=5"),
            ("max-age=500", 60_000, "public, max-age=60"),
            ("s-maxage=5", 5_000, "public, max-age=5"),
            ("max-age=0, s-maxage=20", 20_000, "public, no-cache"),
            ("max-age=20, s-maxage=500", 60_000, "public, max-age=20, s-maxage=60"),
            ("max-age=3600, s-maxage=1", 1_000, "public, max-age=60, s-maxage=1"),
            ("max-age=5, max-age=9", 5_000, "public, max-age=5"),
            (
                "immutable, ext=\"a, b\"", 60_000,
                "public, max-age=60, immutable, ext=\"a, b\""
            ),
            ("must-revalidate", 60_000, "public, max-age=60, must-revalidate"),
            ("stale-while-revalidate=9999, public", 60_000, "public, max-age=60, stale-while-revalidate=30"),
            ("stale-while-revalidate=7", 60_000, "public, max-age=60, stale-while-revalidate=7"),
            ("stale-while-revalidate=0", 60_000, "public, max-age=60"),
        ] as [(String, Int64, String)]
    )
    func handlerLimits(value: String, ttl: Int64, sent: String) {
        let plan = plan(CachePolicy(ttl: .seconds(60), staleWhileRevalidate: .seconds(30)), public: true)
        let decision = decide(plan, [.cacheControl: value])
        #expect(decision.entry.ttl == ttl)
        #expect(decision.entry.fields[.cacheControl] == sent)
        // The route's window is this store's, whatever clients are told.
        let forbidsStale = ["s-maxage", "revalidate, ", "must-revalidate", "revalidate=0"].contains(
            where: value.contains
        )
        #expect((decision.entry.staleWhileRevalidate == 0) == forbidsStale)
    }

    @Test(
        "Expires is heeded where nothing newer says more, counts from the answer, and is not sent (RFC 9111, 5.3)",
        arguments: [
            (.seconds(10), nil, "max-age=10"), (.zero, nil, "no-cache"), (.seconds(-5), nil, "no-cache"),
            (.seconds(36_000), nil, "max-age=60"), (.seconds(-5), "max-age=5", "max-age=5"),
            (.seconds(10), "immutable", "max-age=10, immutable"), (.seconds(10), "s-maxage=5", "max-age=5"),
        ] as [(Duration, String?, String)]
    )
    func expires(after life: Duration, _ control: String?, _ sent: String) {
        var fields: HTTPFields = [.expires: HTTPDate.string(milliseconds: start + life.milliseconds)]
        if let control { fields[.cacheControl] = control }
        let decision = decide(plan(), fields)
        #expect(decision.entry.fields[.cacheControl] == sent)
        #expect(decision.entry.fields[.expires] == nil)
        #expect((decision.audience == .requester) == (sent == "no-cache"))
    }

    @Test("Expires that is no date has passed (RFC 9111, 5.3)", arguments: ["0", "", "-1", "tomorrow"])
    func malformedExpires(_ value: String) {
        let decision = decide(plan(), [.expires: value])
        #expect(decision.audience == .requester)
        #expect(decision.entry.fields[.cacheControl] == "no-cache")
    }

    @Test(
        "A malformed directive that limits caching limits it all the same (RFC 9111, 4.2.1)",
        arguments: [
            ("max-age =1", "no-cache"), ("max-age = 5, public", "no-cache"), ("s-maxage =9", "no-cache"),
            ("no-store =1", "no-store"), ("private=\"x", "private, no-cache"), ("no-cache;x", "no-cache"),
        ]
    )
    func malformed(_ value: String, _ sent: String) {
        let decision = decide(plan(), [.cacheControl: value])
        #expect(decision.audience == .requester)
        #expect(decision.entry.fields[.cacheControl] == sent)
    }

    @Test("410 is kept as 404 is", arguments: [404, 410])
    func negative(status: Int) {
        #expect(decide(plan(), status: status).audience == .waiters)
        let decision = decide(plan(CachePolicy(ttl: .seconds(60), negativeTTL: .seconds(5))), status: status)
        #expect(decision.audience == .everyone)
        #expect(decision.lifetime == 5000)
        #expect(decision.entry.ttl == 5000)
    }

    @Test(
        "What must be revalidated is not given stale (RFC 9111, 5.2.2.2)",
        arguments: ["must-revalidate", "proxy-revalidate", "s-maxage=9"]
    )
    func mustRevalidate(value: String) {
        let plan = plan(CachePolicy(staleWhileRevalidate: .seconds(30), staleIfError: .seconds(600)))
        #expect(decide(plan).entry.longestWindow == 600_000)
        #expect(decide(plan, [.cacheControl: value]).entry.longestWindow == 0)
    }

    @Test("What has a coding, or must not be transformed, is not compressed")
    func coding() {
        #expect(decide(plan()).mayBeCoded)
        #expect(!decide(plan(), [.contentEncoding: "br"]).mayBeCoded)
        #expect(!decide(plan(), [.cacheControl: "no-transform"]).mayBeCoded)
        #expect(decide(plan(), [.contentLanguage: "en"]).mayBeCoded)
    }

    // MARK: - Last-Modified

    @Test("Last-Modified is the second in which the bytes were first seen, and stays while they do")
    func lastModified() {
        let plan = plan()
        let first = decide(plan, at: start + 400).entry
        #expect(first.lastModified == start)
        let second = decide(plan, after: first, at: start + 70_000).entry
        #expect(second.lastModified == start)
        #expect(second.storedAt == start + 70_000)
        let third = decide(plan, body: "[2]", after: second, at: start + 140_900).entry
        #expect(third.lastModified == start + 140_000)
        #expect(decide(plan, after: third, at: start + 200_000).entry.lastModified == start + 200_000)
    }

    @Test("Last-Modified of a coded entry is that of its bytes")
    func lastModifiedOfVariant() {
        let plan = plan()
        let first = decide(plan, at: start).entry.coded(.gzip, ByteBuffer(string: "x"))
        #expect(first.entityTag == "\(first.identityTag)-gzip")
        #expect(first.identityTag == decide(plan, at: start).entry.entityTag)
        #expect(decide(plan, after: first, at: start + 70_000).entry.lastModified == start)
    }

    @Test("Two bodies within a second never have the same Last-Modified")
    func sameSecond() {
        let plan = plan()
        let first = decide(plan, at: start + 100).entry
        let second = decide(plan, body: "[2]", after: first, at: start + 500).entry
        #expect(second.lastModified == nil)
        let third = decide(plan, body: "[3]", after: second, at: start + 900).entry
        #expect(third.lastModified == nil)
        // Known to be the same since a time that lies within the second: the next one is the first that is all its own.
        #expect(decide(plan, body: "[2]", after: second, at: start + 900).entry.lastModified == nil)
        #expect(decide(plan, body: "[2]", after: second, at: start + 60_000).entry.lastModified == start + 1000)
        #expect(decide(plan, body: "[4]", after: second, at: start + 1000).entry.lastModified == start + 1000)
        // A clock that was ahead.
        #expect(decide(plan, body: "[2]", after: first, at: start - 3000).entry.lastModified == nil)
    }
}
