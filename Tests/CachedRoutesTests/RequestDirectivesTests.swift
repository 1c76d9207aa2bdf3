import HTTPTypes
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Request directives (RFC 9111, 5.2.1)")
struct RequestDirectivesTests {
    private func directives(
        noCache: Bool = false,
        noStore: Bool = false,
        onlyIfCached: Bool = false,
        maxAge: Int64? = nil,
        minFresh: Int64? = nil,
        maxStale: Int64? = nil
    ) -> RequestDirectives {
        var directives = RequestDirectives()
        directives.noCache = noCache
        directives.noStore = noStore
        directives.onlyIfCached = onlyIfCached
        directives.maxAge = maxAge
        directives.minFresh = minFresh
        directives.maxStale = maxStale
        return directives
    }

    private func read(_ lines: String...) -> RequestDirectives {
        var fields = HTTPFields()
        for line in lines { fields.append(HTTPField(name: .cacheControl, value: line)) }
        return RequestDirectives(fields)
    }

    @Test("ask nothing where the field is absent, empty or unknown")
    func none() {
        #expect(RequestDirectives([:]) == .none)
        #expect(RequestDirectives.none == directives())
        for value in [
            "", ",", "no-transform", "x, y=1", "s-maxage=0", "stale-if-error=10", "must-revalidate", "nocache",
        ] {
            #expect(read(value) == .none, "\(value)")
        }
    }

    @Test("are read in any case, anywhere in a list, beside unknown ones")
    func lists() {
        for value in [
            "no-cache", "NO-CACHE", " No-Cache ", "x, no-cache", "x=\"a, b\",no-cache,y", "no-cache, no-cache",
        ] {
            #expect(read(value) == directives(noCache: true), "\(value)")
        }
        for value in ["no-store", "No-Store", "x=1,no-store"] {
            #expect(read(value) == directives(noStore: true), "\(value)")
        }
        for value in ["only-if-cached", "ONLY-IF-CACHED", ",only-if-cached,"] {
            #expect(read(value) == directives(onlyIfCached: true), "\(value)")
        }
        #expect(
            read("max-age=1, min-fresh=2, max-stale=3, no-cache, no-store, only-if-cached")
                == directives(
                    noCache: true,
                    noStore: true,
                    onlyIfCached: true,
                    maxAge: 1000,
                    minFresh: 2000,
                    maxStale: 3000
                )
        )
    }

    @Test("are read over several lines of the field (RFC 9110, 5.3)")
    func lines() {
        #expect(read("max-age=1", "no-store") == directives(noStore: true, maxAge: 1000))
        #expect(read("x", "", "min-fresh=3", "max-age=2, y") == directives(maxAge: 2000, minFresh: 3000))
        #expect(read("x=\"a", "no-cache") == directives(noCache: true))
    }

    @Test(
        "have seconds as arguments, quoted or not (RFC 9111, 1.2.2)",
        arguments: [
            ("0", 0), ("10", 10_000), ("\"10\"", 10_000), ("\"1\\0\"", 10_000), ("007", 7000),
            ("2147483648", 2_147_483_648_000), ("99999999999999999999", 2_147_483_648_000),
        ] as [(String, Int64)]
    )
    func arguments(argument: String, milliseconds: Int64) {
        #expect(read("max-age=\(argument)") == directives(maxAge: milliseconds))
        #expect(read("Min-Fresh=\(argument)") == directives(minFresh: milliseconds))
        #expect(read("MAX-STALE=\(argument)") == directives(maxStale: milliseconds))
    }

    @Test(
        "are ignored where a needed argument is malformed",
        arguments: ["=", "=\"\"", "=-1", "=1.5", "=1s", "= 1", " = 1", "=\"1", "=\" 1\"", "=a", "=1 1"]
    )
    func malformed(argument: String) {
        for name in ["max-age", "min-fresh", "max-stale"] {
            #expect(read(name + argument) == .none)
            #expect(read(name + argument + ", no-cache") == directives(noCache: true))
        }
        #expect(read("max-age=5, max-age\(argument)") == directives(maxAge: 5000))
    }

    @Test("need an argument, but for max-stale, which then takes any staleness (5.2.1.2)")
    func missing() {
        #expect(read("max-age") == .none)
        #expect(read("min-fresh") == .none)
        #expect(read("max-stale") == directives(maxStale: .max))
    }

    @Test("that are repeated count in their most restrictive form")
    func repeated() {
        #expect(read("max-age=5, max-age=3, max-age=4") == directives(maxAge: 3000))
        #expect(read("min-fresh=4, min-fresh=5", "min-fresh=3") == directives(minFresh: 5000))
        #expect(read("max-stale=5, max-stale=3, max-stale=4") == directives(maxStale: 3000))
        #expect(read("max-stale, max-stale=3") == directives(maxStale: 3000))
        #expect(read("max-stale=3, max-stale") == directives(maxStale: 3000))
        #expect(read("max-age=0, max-age=3") == directives(maxAge: 0))
    }

    @Test("are told by Pragma only where Cache-Control is absent (5.4)")
    func pragma() throws {
        let pragma = try #require(HTTPField.Name("Pragma"))
        for value in ["no-cache", "No-Cache", "x=\"y\", no-cache"] {
            #expect(RequestDirectives([pragma: value]) == directives(noCache: true), "\(value)")
        }
        for value in ["", "x", "no-store", "max-age=1", "only-if-cached", "x=no-cache"] {
            #expect(RequestDirectives([pragma: value]) == .none, "\(value)")
        }
        #expect(RequestDirectives([pragma: "no-cache", .cacheControl: ""]) == .none)
        #expect(RequestDirectives([pragma: "no-cache", .cacheControl: "max-age=1"]) == directives(maxAge: 1000))
    }

    @Test(
        "of none accept every stored answer",
        arguments: [(0, 1), (0, 60_000), (60_000, 0), (90_000, -30_000), (.max, .min)] as [(Int64, Int64)]
    )
    func unconstrained(age: Int64, remaining: Int64) {
        #expect(RequestDirectives.none.accepts(age: age, remainingFreshness: remaining))
        #expect(directives(onlyIfCached: true).accepts(age: age, remainingFreshness: remaining))
        #expect(!directives(noCache: true).accepts(age: age, remainingFreshness: remaining))
        #expect(!directives(noStore: true).accepts(age: age, remainingFreshness: remaining))
        #expect(!directives(noCache: true, maxStale: .max).accepts(age: age, remainingFreshness: remaining))
    }

    @Test(
        "with max-age accept what is fresh and no older (5.2.1.1)",
        arguments: [
            (10_000, 0, 1, true), (10_000, 10_000, 1, true), (10_000, 10_001, 1, false), (10_000, 10_500, 1, false),
            (0, 0, 1, true), (0, 1, 1, false), (10_000, 5000, 0, false), (10_000, 5000, -1, false),
        ] as [(Int64, Int64, Int64, Bool)]
    )
    func maxAge(maxAge: Int64, age: Int64, remaining: Int64, isAccepted: Bool) {
        #expect(directives(maxAge: maxAge).accepts(age: age, remainingFreshness: remaining) == isAccepted)
    }

    @Test(
        "with min-fresh accept what stays fresh that long (5.2.1.3)",
        arguments: [
            (10_000, 10_000, true), (10_000, 10_001, true), (10_000, 9999, false), (10_000, -1, false), (0, 1, true),
            (0, 0, false), (0, -1, false),
        ] as [(Int64, Int64, Bool)]
    )
    func minFresh(minFresh: Int64, remaining: Int64, isAccepted: Bool) {
        #expect(directives(minFresh: minFresh).accepts(age: 0, remainingFreshness: remaining) == isAccepted)
    }

    @Test(
        "with max-stale accept what has not been stale longer (5.2.1.2)",
        arguments: [
            (10_000, 5000, true), (10_000, 0, true), (10_000, -10_000, true), (10_000, -10_001, false), (0, 0, true),
            (0, -1, false), (.max, -1_000_000_000_000, true),
        ] as [(Int64, Int64, Bool)]
    )
    func maxStale(maxStale: Int64, remaining: Int64, isAccepted: Bool) {
        #expect(directives(maxStale: maxStale).accepts(age: 0, remainingFreshness: remaining) == isAccepted)
        // It lifts the demand for freshness that max-age implies, not the age itself.
        let both = directives(maxAge: 1000, maxStale: maxStale)
        #expect(both.accepts(age: 1000, remainingFreshness: remaining) == isAccepted)
        #expect(!both.accepts(age: 1001, remainingFreshness: remaining))
    }

    @Test("are all to be satisfied where there are several")
    func combined() {
        let all = directives(maxAge: 10_000, minFresh: 5000, maxStale: 20_000)
        #expect(all.accepts(age: 10_000, remainingFreshness: 5000))
        #expect(!all.accepts(age: 10_001, remainingFreshness: 5000))
        #expect(!all.accepts(age: 10_000, remainingFreshness: 4999))
        #expect(!all.accepts(age: 10_000, remainingFreshness: -1))
    }
}
