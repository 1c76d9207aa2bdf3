import RouteModel
import Synchronization

/// Decides which tag versions are renewed when an entry is stored under them.
///
/// Each is renewed once in a while. A version that is evicted from here is renewed too early, never too late.
package final class TagVersionRenewals: Sendable {
    private let known: Mutex<LRUCache<TagVersion, Int64>>
    private let life: TagVersionLifetime
    private let clock: WallClock

    package init(life: TagVersionLifetime, clock: WallClock, limit: Int = 10_000) {
        known = Mutex(LRUCache(budget: limit))
        self.life = life
        self.clock = clock
    }

    /// The keys of the tag versions that are due for renewal, which then counts as done.
    ///
    /// - Parameters:
    ///   - names: the keys of the tag versions.
    ///   - tokens: the versions in the order of their keys.
    package func due(_ names: [TagVersionKey], _ tokens: [TagVersion]) -> [TagVersionKey] {
        let now = clock.now
        let expiry = now + life.renewalPause
        return known.withLock { known in
            zip(names, tokens).compactMap { name, token in
                if known.value(for: token, at: now) != nil { return nil }
                _ = known.insert(now, for: token, cost: 1, expiry: expiry)
                return name
            }
        }
    }
}
