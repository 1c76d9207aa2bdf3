import NIOCore
import RouteModel
import Synchronization

/// Lets those wait together who came before a query began, where nothing else tells whose answers may be shared.
///
/// Without tokens, an answer is for those only who asked before its query began: what was written and acknowledged since would
/// be missing from it. So who comes later makes the next one, together with all others who do; a few at once for one key.
final class EpochCoalescer: Sendable {
    private struct State {
        /// For each class of keys, how many queries had begun when one of them did: those with the same number share one.
        var begun = [UInt64](repeating: 0, count: 4096)
        var underWay: [CacheKey: Int] = [:]
        /// The work that waits for its turn, by numbers that grow.
        var waiting: [CacheKey: [UInt64: @Sendable () -> Void]] = [:]
        /// The numbers, of which those of cancelled work are no longer in ``waiting``.
        var order: [CacheKey: CircularBuffer<UInt64>] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let concurrency: Int

    /// - Parameter concurrency: how many queries for one key are under way at once.
    init(concurrency: Int = 4) {
        self.concurrency = concurrency
    }

    /// Returns the number of the epoch that a request which arrives now belongs to.
    func number(for key: CacheKey) -> UInt64 {
        state.withLock { $0.begun[Self.classOf(key)] }
    }

    /// Does the work of an epoch when it is its turn. Requests that arrive from then on belong to another epoch.
    ///
    /// - Parameters:
    ///   - key: the key of the response.
    ///   - work: starts the work, on any thread; it calls the function that it gets when it ends.
    /// - Returns: the work, for its cancellation. Work that is cancelled before its turn is never started.
    func run(
        _ key: CacheKey,
        _ work: @escaping @Sendable (_ end: @escaping @Sendable () -> Void) -> CancellableWork
    ) -> CancellableWork {
        let sequence = CancellableSequence()
        let start: @Sendable () -> Void = {
            // Work that is given up makes room, whether it heeds that or not.
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

    /// Removes work that waits for its turn. It does not matter if it has had its turn.
    private func forget(_ number: UInt64, of key: CacheKey) {
        state.withLock { state in
            guard state.waiting[key]?.removeValue(forKey: number) != nil else { return }
            if state.waiting[key]?.isEmpty ?? true {
                state.waiting[key] = nil
                state.order[key] = nil
            }
        }
    }

    /// The place of one work among those under way, which it leaves once.
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
