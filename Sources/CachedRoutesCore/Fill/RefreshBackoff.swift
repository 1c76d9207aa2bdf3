import RouteModel
import Synchronization

/// Which entries are not to be made anew for a while, because that has just failed or somebody else does it.
///
/// Bounded: what was paused longest ago is forgotten first.
final class RefreshBackoff: Sendable {
    private let backoff = Mutex(LRUCache<CacheKey, FillFailure?>(budget: 16_384))
    private let clock: WallClock

    /// How long a failure is remembered at most, in milliseconds (FusionCache's default; a shorter ttl bounds it).
    static let longest: Int64 = 30_000
    /// How long nobody asks again for a lock that somebody else has, in milliseconds.
    static let elsewhere: Int64 = 100

    init(clock: WallClock) {
        self.clock = clock
    }

    /// What is known of an entry.
    enum State: Sendable, Hashable {
        /// It may be made anew.
        case none
        /// Somebody else makes it.
        case elsewhere
        /// It could not be made.
        case failed(FillFailure)
    }

    /// What is known of the entry under `key`, in its form without a coding.
    func state(of key: CacheKey) -> State {
        let now = clock.now
        guard let pause = backoff.withLock({ $0.value(for: key, at: now) }) else { return .none }
        return pause.map(State.failed) ?? .elsewhere
    }

    /// The entry could not be made.
    func fail(_ key: CacheKey, _ failure: FillFailure, of plan: RoutePlan) {
        pause(key, failure, for: min(Self.longest, plan.cache?.ttl ?? 0))
    }

    /// Somebody else makes the entry.
    func leave(_ key: CacheKey) {
        pause(key, nil, for: Self.elsewhere)
    }

    /// The entry was made.
    func end(_ key: CacheKey) {
        backoff.withLock { if $0.count > 0 { $0.removeValue(for: key) } }
    }

    private func pause(_ key: CacheKey, _ failure: FillFailure?, for milliseconds: Int64) {
        let expiry = clock.now + milliseconds
        backoff.withLock { _ = $0.insert(failure, for: key, cost: 1, expiry: expiry) }
    }
}
