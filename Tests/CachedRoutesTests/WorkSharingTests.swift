import CachedRoutesTesting
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutesCore

@Suite("The requests that share the work for a response")
struct WorkSharingTests {
    @Test(
        "are as many as the route allows, the store can tell apart, and the previous response was for",
        arguments: CachePolicy.Coalescing.allCases,
        [true, false]
    )
    func table(coalescing: CachePolicy.Coalescing, hasTagVersions: Bool) {
        for earlier in [nil, ResponseReuseScope.requester, .waiters] {
            let sharing = WorkSharing(coalescing, hasTagVersions: hasTagVersions, earlier: earlier)
            let expected: WorkSharing =
                switch (coalescing.kind, hasTagVersions, earlier) {
                case (.off, _, _), (_, _, .requester): .none
                case (_, false, _): .epoch
                case (.process, true, _), (.fleet, true, .waiters): .process
                case (.fleet, true, _): .fleet
                }
            #expect(sharing == expected, "\(coalescing), \(hasTagVersions), \(earlier as Any)")
        }
    }
}

@Suite("The audience to expect of the next response")
struct HitForMissRegisterTests {
    private static let key = CacheKey(whole: [1])

    private static func made(_ audience: ResponseReuseScope, expected: ResponseReuseScope?) -> MadeAnswer {
        let entry = CacheEntry(
            CacheEntry.Parts(
                status: 200,
                storedAt: 0,
                ttl: 1,
                entityTag: "",
                contentType: "",
                madeIn: 0,
                body: ByteBuffer()
            )
        )
        return MadeAnswer(forms: ResponseForms(entry), audience: audience, expectedAudience: expected)
    }

    @Test("is that of the last one that tells, and is forgotten when one is stored, or after a while")
    func register() {
        let time = ManualClock()
        let register = HitForMissRegister(clock: time.wallClock)
        #expect(register.audience(of: Self.key) == nil)
        for audience in [ResponseReuseScope.waiters, .requester] {
            register.note(Self.key, Self.made(audience, expected: audience))
            #expect(register.audience(of: Self.key) == audience)
            // A failure of the database tells nothing.
            register.note(Self.key, Self.made(.waiters, expected: nil))
            #expect(register.audience(of: Self.key) == audience)
        }
        register.note(Self.key, Self.made(.everyone, expected: .everyone))
        #expect(register.audience(of: Self.key) == nil)
        register.note(Self.key, Self.made(.requester, expected: .requester))
        time.advance(by: .seconds(60))
        #expect(register.audience(of: Self.key) == nil)
    }
}
