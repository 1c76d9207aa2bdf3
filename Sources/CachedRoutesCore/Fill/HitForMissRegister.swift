import RouteModel
import Synchronization

/// Which answers could not be stored when they were last made, so that those who miss them now don't wait for each other in vain.
///
/// Bounded: what was noted longest ago is forgotten first.
final class HitForMissRegister: Sendable {
    /// With whom an answer was shared when it was made.
    enum Use: Sendable, Hashable {
        /// With those who waited for it.
        case shared
        /// With nobody.
        case once
    }

    private let known = Mutex<LRUCache<CacheKey, Use>>(LRUCache(budget: 16_384))
    private let clock: WallClock
    /// How long it is remembered, in milliseconds.
    private static let memory: Int64 = 10_000

    init(clock: WallClock) {
        self.clock = clock
    }

    /// What is known of the answer under `key`, in its form without a coding; `nil`: nothing, or it was stored.
    func use(of key: CacheKey) -> Use? {
        known.withLock { $0.count == 0 ? nil : $0.value(for: key, at: clock.now) }
    }

    /// The answer was made.
    func note(_ key: CacheKey, _ made: MadeAnswer) {
        guard let isStorable = made.isStorable else { return }
        known.withLock { known in
            if isStorable {
                if known.count > 0 { known.removeValue(for: key) }
            } else {
                _ = known.insert(
                    made.isShareable ? .shared : .once,
                    for: key,
                    cost: 1,
                    expiry: clock.now + Self.memory
                )
            }
        }
    }
}
