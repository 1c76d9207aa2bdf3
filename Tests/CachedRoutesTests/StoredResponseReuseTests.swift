import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("What may be done with an entry")
struct StoredResponseReuseTests {
    private let start: Int64 = 1_700_000_000_000

    private func entry(swr: Int64 = 0, sie: Int64 = 0, tokens: [TagVersion] = []) -> CacheEntry {
        CacheEntry(
            status: 200,
            storedAt: start,
            ttl: 60_000,
            staleWhileRevalidate: swr,
            staleIfError: sie,
            entityTag: "t",
            contentType: "application/json",
            madeIn: 0,
            tokens: tokens,
            body: ByteBuffer(string: "[]")
        )
    }

    private func verdict(
        _ entry: CacheEntry,
        age: Int64,
        beside tokens: [TagVersion?] = [],
        _ change: (inout RequestDirectives) -> Void = { _ in },
        pause: RefreshBackoff.State = .none
    ) -> StoredResponseReuse.Verdict {
        var directives = RequestDirectives.none
        change(&directives)
        return StoredResponseReuse(now: start + age).verdict(on: entry, tokens, directives, pause: pause)
    }

    @Test("It is given while it is fresh, and no longer")
    func fresh() {
        #expect(verdict(entry(), age: 0) == .fresh)
        #expect(verdict(entry(), age: 59_999) == .fresh)
        #expect(verdict(entry(), age: 60_000) == .miss(.stale, nil))
        #expect(verdict(entry(), age: -5000) == .fresh)
        #expect(verdict(entry(), age: -5001) == .miss(.miss, .unreadable))
    }

    @Test("It is given only beside the tokens it was made under, all of them there and from the same server")
    func tokens() {
        let (one, two) = (TagVersion(value: "1", server: "a"), TagVersion(value: "2", server: "a"))
        let kept = entry(swr: 30_000, sie: 600_000, tokens: [one, two])
        #expect(verdict(kept, age: 0, beside: [one, two]) == .fresh)
        #expect(verdict(kept, age: 70_000, beside: [one, two]) == .stale(renew: true, nil))
        let others: [[TagVersion?]] = [
            [], [one], [two, one], [one, nil], [nil, two], [one, two, nil], [one, two, one],
            [one, TagVersion(value: "3", server: "a")], [TagVersion(value: "1", server: "b"), two],
        ]
        let reuse = StoredResponseReuse(now: start)
        #expect(reuse.isFresh(kept, under: [one, two]))
        #expect(!StoredResponseReuse(now: start + 60_000).isFresh(kept, under: [one, two]))
        for tokens in others {
            if tokens.allSatisfy({ $0 != nil }) { #expect(!reuse.isFresh(kept, under: tokens.compactMap { $0 })) }
            #expect(verdict(kept, age: 0, beside: tokens) == .miss(.miss, .purged))
            #expect(verdict(kept, age: 70_000, beside: tokens) == .miss(.miss, .purged))
            #expect(!StoredResponseReuse(now: start + 61_000).mayReplaceFailure(kept, tokens, .none))
        }
        #expect(StoredResponseReuse(now: start + 61_000).mayReplaceFailure(kept, [one, two], .none))
        #expect(verdict(entry(), age: 0, beside: [one]) == .miss(.miss, .purged))
    }

    @Test("It is given stale, and made anew, within the window of stale-while-revalidate (RFC 5861, 3)")
    func staleWhileRevalidate() {
        #expect(verdict(entry(swr: 30_000), age: 60_000) == .stale(renew: true, nil))
        #expect(verdict(entry(swr: 30_000), age: 89_999) == .stale(renew: true, nil))
        #expect(verdict(entry(swr: 30_000), age: 90_000) == .miss(.stale, nil))
        #expect(verdict(entry(swr: 30_000), age: 70_000, pause: .elsewhere) == .stale(renew: true, nil))
        #expect(verdict(entry(swr: 30_000), age: 70_000, pause: .failed(.deadline)) == .stale(renew: false, .deadline))
        #expect(verdict(entry(swr: 30_000), age: 90_000, pause: .failed(.deadline)) == .miss(.stale, nil))
    }

    @Test("It is given stale after a failure, within the window of stale-if-error (RFC 5861, 4)")
    func staleIfError() {
        let kept = entry(sie: 600_000)
        #expect(verdict(kept, age: 60_000) == .miss(.stale, nil))
        #expect(verdict(kept, age: 60_000, pause: .elsewhere) == .miss(.stale, nil))
        #expect(verdict(kept, age: 60_000, pause: .failed(.databaseAway)) == .stale(renew: false, .databaseAway))
        #expect(verdict(kept, age: 659_999, pause: .failed(.databaseAway)) == .stale(renew: false, .databaseAway))
        #expect(verdict(kept, age: 660_000, pause: .failed(.databaseAway)) == .miss(.stale, nil))
        #expect(StoredResponseReuse(now: start + 659_999).mayReplaceFailure(kept, [], .none))
        #expect(!StoredResponseReuse(now: start + 660_000).mayReplaceFailure(kept, [], .none))
        #expect(!StoredResponseReuse(now: start + 60_000).mayReplaceFailure(entry(swr: 600_000), [], .none))
    }

    @Test("What the request says counts for fresh and for stale entries (RFC 9111, 5.2.1)")
    func directives() {
        #expect(verdict(entry(), age: 10_000) { $0.noCache = true } == .miss(.request, nil))
        #expect(verdict(entry(), age: 10_001) { $0.maxAge = 10_000 } == .miss(.request, nil))
        #expect(verdict(entry(), age: 10_000) { $0.maxAge = 10_000 } == .fresh)
        #expect(verdict(entry(), age: 10_000) { $0.minFresh = 50_001 } == .miss(.request, nil))
        #expect(verdict(entry(swr: 30_000), age: 70_000) { $0.maxAge = 65_000 } == .miss(.stale, nil))
        #expect(verdict(entry(swr: 30_000), age: 70_001) { $0.maxStale = 10_000 } == .miss(.stale, nil))
        #expect(!StoredResponseReuse(now: start + 61_000).mayReplaceFailure(entry(sie: 9000)) { $0.noCache = true })
    }

    @Test("max-stale takes stale answers within the declared windows, and nowhere else")
    func maxStale() {
        #expect(verdict(entry(sie: 600_000), age: 70_000) { $0.maxStale = .max } == .stale(renew: false, nil))
        #expect(verdict(entry(sie: 600_000), age: 70_000) { $0.maxStale = 10_000 } == .stale(renew: false, nil))
        #expect(verdict(entry(sie: 600_000), age: 700_000) { $0.maxStale = .max } == .miss(.stale, nil))
        #expect(verdict(entry(), age: 60_001) { $0.maxStale = .max } == .miss(.stale, nil))
    }
}

extension StoredResponseReuse {
    fileprivate func mayReplaceFailure(_ entry: CacheEntry, _ change: (inout RequestDirectives) -> Void) -> Bool {
        var directives = RequestDirectives.none
        change(&directives)
        return mayReplaceFailure(entry, [], directives)
    }
}
