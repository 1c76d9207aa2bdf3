import RouteModel
import Synchronization

/// Which tokens have to be looked after when an entry is stored under them: it is to be seen whether they live long enough.
///
/// That is done once in a while for each. What is forgotten here is looked after too early, never too late.
package final class TagVersionRenewals: Sendable {
    private let known: Mutex<LRUCache<TagVersion, Int64>>
    private let life: TagVersionLifetime
    private let clock: WallClock

    package init(life: TagVersionLifetime, clock: WallClock, limit: Int = 10_000) {
        known = Mutex(LRUCache(budget: limit))
        self.life = life
        self.clock = clock
    }

    /// The names of those that are to be looked after now. That is taken for done.
    ///
    /// - Parameters:
    ///   - tokens: the values, in the order of their names.
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
