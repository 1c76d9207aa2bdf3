import RouteModel
import Synchronization

/// Decides which tag versions are renewed when an entry is stored under them.
///
/// Each is renewed once in a while. A version that is evicted from here is renewed too early, never too late.
package final class TagVersionRenewalSchedule: Sendable {
    private let renewed: Mutex<LRUCache<TagVersion, Int64>>
    private let lifetime: TagVersionLifetime
    private let clock: WallClock

    /// Makes the record of renewals.
    ///
    /// - Parameters:
    ///   - life: the lifetime of tag versions.
    ///   - clock: the clock by which renewals become due.
    ///   - limit: the largest number of tag versions that are recorded.
    package init(life: TagVersionLifetime, clock: WallClock, limit: Int = 10_000) {
        renewed = Mutex(LRUCache(budget: limit))
        lifetime = life
        self.clock = clock
    }

    /// The keys of the tag versions that are due for renewal, which then counts as done.
    ///
    /// - Parameters:
    ///   - names: the keys of the tag versions.
    ///   - tokens: the versions in the order of their keys.
    package func due(_ names: [TagVersionKey], _ tokens: [TagVersion]) -> [TagVersionKey] {
        let now = clock.now
        let expiry = now + lifetime.renewalPause
        return renewed.withLock { renewed in
            zip(names, tokens).compactMap { name, token in
                if renewed.value(for: token, at: now) != nil { return nil }
                _ = renewed.insert(now, for: token, cost: 1, expiry: expiry)
                return name
            }
        }
    }
}
