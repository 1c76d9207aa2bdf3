import NIOCore
import RouteModel
import Synchronization

/// Coalesces requests that arrive before a query starts. Used only when no tag versions are available.
///
/// Without tag versions, a response may answer only requests that arrived before its query started: it could lack
/// writes that were acknowledged later. Requests that arrive after that share the next query. The number of queries for
/// one key that run at once is bounded.
final class EpochCoalescer: Sendable {
    private struct State {
        /// The number of queries that have started, for each class of keys. Requests for a key that have read the same
        /// number share a query.
        var begun = [UInt64](repeating: 0, count: 4096)
        var underWay: [CacheKey: Int] = [:]
        /// Work that waits for its turn, by ascending numbers.
        var waiting: [CacheKey: [UInt64: @Sendable () -> Void]] = [:]
        /// The numbers in the order of arrival. Those of cancelled work are no longer in ``waiting``.
        var order: [CacheKey: CircularBuffer<UInt64>] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let concurrency: Int

    /// - Parameter concurrency: the largest number of queries for one key that run at once.
    init(concurrency: Int = 4) {
        self.concurrency = concurrency
    }

    /// Returns the epoch of a request that arrives now.
    func number(for key: CacheKey) -> UInt64 {
        state.withLock { $0.begun[Self.classOf(key)] }
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
        let number = state.withLock { state -> UInt64? in
            guard state.underWay[key, default: 0] >= concurrency else {
                state.underWay[key, default: 0] += 1
                state.begun[Self.classOf(key)] += 1
                return nil
            }
            state.lastNumber += 1
            state.waiting[key, default: [:]][state.lastNumber] = start
            state.order[key, default: []].append(state.lastNumber)
            return state.lastNumber
        }
        guard let number else {
            start()
            return sequence.cancellable
        }
        return CancellableWork {
            self.forget(number, of: key)
            sequence.cancellable.cancel()
        }
    }

    /// Removes work that waits for its turn. It has no effect on work that was started.
    private func forget(_ number: UInt64, of key: CacheKey) {
        state.withLock { state in
            guard state.waiting[key]?.removeValue(forKey: number) != nil else { return }
            if state.waiting[key]?.isEmpty ?? true {
                state.waiting[key] = nil
                state.order[key] = nil
            }
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
        let next = state.withLock { state -> (@Sendable () -> Void)? in
            while let number = state.order[key]?.popFirst() {
                guard let next = state.waiting[key]?.removeValue(forKey: number) else { continue }
                if state.waiting[key]?.isEmpty ?? true {
                    state.waiting[key] = nil
                    state.order[key] = nil
                }
                state.begun[Self.classOf(key)] += 1
                return next
            }
            let left = state.underWay[key, default: 1] - 1
            state.underWay[key] = left == 0 ? nil : left
            return nil
        }
        next?()
    }

    private static func classOf(_ key: CacheKey) -> Int { key.hashValue & 4095 }
}
