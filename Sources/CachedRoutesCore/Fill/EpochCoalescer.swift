import NIOCore
import RouteModel
import Synchronization

/// Coalesces requests that arrive before a query starts. Used only when no tag versions are available.
///
/// Without tag versions, a response may answer only requests that arrived before its query started: it could lack
/// writes that were acknowledged later. Requests that arrive after that share the next query. The number of queries for
/// one key that run at once is bounded.
final class EpochCoalescer: Sendable {
    private let state: Mutex<EpochStateMachine<@Sendable () -> Void>>

    /// - Parameter concurrency: the largest number of queries for one key that run at once.
    init(concurrency: Int = 4) {
        state = Mutex(EpochStateMachine(concurrency: concurrency))
    }

    /// Returns the epoch of a request that arrives now.
    func number(for key: CacheKey) -> UInt64 {
        state.withLock { $0.number(for: key) }
    }

    /// Runs the work of an epoch when its turn has come. Requests that arrive from then on belong to another epoch.
    ///
    /// - Parameters:
    ///   - key: the key of the response.
    ///   - work: starts the work, on any thread; it calls `end` when it is done.
    /// - Returns: the work, for its cancellation. Work that is cancelled before its turn is never started.
    func run(
        _ key: CacheKey,
        _ work: @escaping @Sendable (_ end: @escaping @Sendable () -> Void) -> CancellableWork
    ) -> CancellableWork {
        let sequence = CancellableChain()
        let start: @Sendable () -> Void = {
            // Cancelled work frees its place at once, even if it goes on.
            let place = Place(self, key)
            sequence.continue {
                let started = work { place.leave() }
                return CancellableWork {
                    place.leave()
                    started.cancel()
                }
            }
        }
        let number = state.withLock { $0.enter(key, start) }
        guard let number else {
            start()
            return sequence.cancellable
        }
        return CancellableWork {
            self.state.withLock { $0.forget(number, of: key) }
            sequence.cancellable.cancel()
        }
    }

    /// The place of one piece of work among those under way, which it leaves once.
    private final class Place: Sendable {
        private let epochs: EpochCoalescer
        private let key: CacheKey
        private let isTaken = Atomic(true)

        init(_ epochs: EpochCoalescer, _ key: CacheKey) {
            self.epochs = epochs
            self.key = key
        }

        func leave() {
            if isTaken.exchange(false, ordering: .relaxed) { epochs.end(key) }
        }
    }

    private func end(_ key: CacheKey) {
        let next = state.withLock { $0.end(key) }
        next?()
    }
}
