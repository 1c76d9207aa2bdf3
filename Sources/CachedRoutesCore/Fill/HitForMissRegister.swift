import RouteModel
import Synchronization

/// Remembers the keys whose last response could not be stored, so that requests that miss them don't wait for responses
/// that they can't use.
///
/// The number of keys is bounded: the least recently used one is forgotten first.
final class HitForMissRegister: Sendable {
    private let known = Mutex<LRUCache<CacheKey, ResponseReuseScope>>(LRUCache(budget: 16_384))
    private let clock: WallClock
    /// The time for which a key is remembered, in milliseconds.
    private static let memory: Int64 = 10_000

    init(clock: WallClock) {
        self.clock = clock
    }

    /// Returns the audience of the previous response under a key; `nil` if it was stored or is not known.
    ///
    /// - Parameter key: the key of the form without a coding.
    func audience(of key: CacheKey) -> ResponseReuseScope? {
        known.withLock { $0.count == 0 ? nil : $0.value(for: key, at: clock.now) }
    }

    /// Records the audience of a response that was made.
    func note(_ key: CacheKey, _ made: MadeAnswer) {
        guard let audience = made.expectedAudience else { return }
        known.withLock { known in
            if audience == .everyone {
                if known.count > 0 { known.removeValue(for: key) }
            } else {
                _ = known.insert(audience, for: key, cost: 1, expiry: clock.now + Self.memory)
            }
        }
    }
}
