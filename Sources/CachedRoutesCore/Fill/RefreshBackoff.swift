import RouteModel
import Synchronization

/// Remembers the entries that are not to be refreshed for a while, because that has just failed or another process does
/// it.
///
/// The number of entries is bounded: the least recently used one is forgotten first.
package final class RefreshBackoff: Sendable {
    private let backoff = Mutex(LRUCache<CacheKey, FillFailure?>(budget: 16_384))
    private let clock: WallClock

    /// The longest time for which a failure is remembered, in milliseconds: FusionCache's default. A shorter ttl bounds
    /// it.
    static let longest: Int64 = 30_000
    /// The pause before the next attempt to acquire a lock that another process holds, in milliseconds.
    static let elsewhere: Int64 = 100

    init(clock: WallClock) {
        self.clock = clock
    }

    /// The state of an entry.
    package enum State: Sendable, Hashable {
        /// It may be refreshed.
        case none
        /// Another process refreshes it, or the new response could not be stored.
        case elsewhere
        /// The refresh has failed.
        case failed(FillFailure)
    }

    /// Returns the state of the entry under `key`, the key of its form without a coding.
    func state(of key: CacheKey) -> State {
        let now = clock.now
        guard let pause = backoff.withLock({ $0.value(for: key, at: now) }) else { return .none }
        return pause.map(State.failed) ?? .elsewhere
    }

    /// Pauses the refreshing of an entry after a failure.
    func fail(_ key: CacheKey, _ failure: FillFailure, of plan: RoutePlan) {
        pause(key, failure, for: min(Self.longest, plan.cache?.ttl ?? 0))
    }

    /// Pauses the refreshing of an entry briefly, because another process does it or because the new response could not
    /// be stored.
    func leave(_ key: CacheKey) {
        pause(key, nil, for: Self.elsewhere)
    }

    /// Ends the pause of an entry.
    func end(_ key: CacheKey) {
        backoff.withLock { if $0.count > 0 { $0.removeValue(for: key) } }
    }

    private func pause(_ key: CacheKey, _ failure: FillFailure?, for milliseconds: Int64) {
        let expiry = clock.now + milliseconds
        backoff.withLock { _ = $0.insert(failure, for: key, cost: 1, expiry: expiry) }
    }
}
