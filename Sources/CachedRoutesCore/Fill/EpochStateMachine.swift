import NIOCore
package import RouteModel

/// Decides which requests without tag versions share a query, and when a query may start. A value type: its owner locks and
/// starts the work.
///
/// An epoch, of a key, is the time between the beginnings of two queries. A query answers the requests of the epoch that
/// its beginning ends.
package struct EpochStateMachine<Work> {
    /// The number of queries that have started, for each class of keys. Requests for a key that have read the same
    /// number share a query.
    private var begun = [UInt64](repeating: 0, count: 4096)
    private var underWay: [CacheKey: Int] = [:]
    /// Work that waits for its turn, by ascending numbers.
    private var waiting: [CacheKey: [UInt64: Work]] = [:]
    /// The numbers in the order of arrival. Those of forgotten work are no longer in ``waiting``.
    private var order: [CacheKey: CircularBuffer<UInt64>] = [:]
    private var lastNumber: UInt64 = 0
    private let concurrency: Int

    /// - Parameter concurrency: the largest number of queries for one key that run at once.
    package init(concurrency: Int) {
        self.concurrency = concurrency
    }

    /// Returns the epoch of a request that arrives now.
    package func number(for key: CacheKey) -> UInt64 { begun[Self.classOf(key)] }

    /// Adds the work of an epoch. Where its turn has come, its query begins, and requests that arrive from then on belong to
    /// another epoch.
    ///
    /// - Parameters:
    ///   - key: the key of the response.
    ///   - work: the work, which is kept if it has to wait.
    /// - Returns: `nil` if the caller starts the work now; else the number of the work that waits.
    package mutating func enter(_ key: CacheKey, _ work: Work) -> UInt64? {
        guard underWay[key, default: 0] >= concurrency else {
            underWay[key, default: 0] += 1
            begun[Self.classOf(key)] += 1
            return nil
        }
        lastNumber += 1
        waiting[key, default: [:]][lastNumber] = work
        order[key, default: []].append(lastNumber)
        return lastNumber
    }

    /// Removes work that waits for its turn. It has no effect on work that was started.
    package mutating func forget(_ number: UInt64, of key: CacheKey) {
        guard waiting[key]?.removeValue(forKey: number) != nil else { return }
        if waiting[key]?.isEmpty ?? true {
            waiting[key] = nil
            order[key] = nil
        }
    }

    /// Ends work that was started.
    ///
    /// - Returns: the work whose turn has come, which the caller starts.
    package mutating func end(_ key: CacheKey) -> Work? {
        while let number = order[key]?.popFirst() {
            guard let next = waiting[key]?.removeValue(forKey: number) else { continue }
            if waiting[key]?.isEmpty ?? true {
                waiting[key] = nil
                order[key] = nil
            }
            begun[Self.classOf(key)] += 1
            return next
        }
        let left = underWay[key, default: 1] - 1
        underWay[key] = left == 0 ? nil : left
        return nil
    }

    private static func classOf(_ key: CacheKey) -> Int { key.hashValue & 4095 }
}
