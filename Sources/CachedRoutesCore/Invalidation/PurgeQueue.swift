package import RouteModel

/// The purges that have not reached the store, at most one for each tag version. A value type that does no I/O.
package struct PurgeQueue {
    /// Purges to be sent together.
    package struct Batch: Sendable {
        fileprivate let rounds: [TagVersionKey: UInt64]
        package var names: [TagVersionKey] { Array(rounds.keys) }
    }

    /// The most tag versions that are queued one by one.
    let limit: Int
    private var rounds: [TagVersionKey: UInt64] = [:]
    private var lastRound: UInt64 = 0

    package init(limit: Int = 100_000) {
        self.limit = limit
    }

    /// The number of queued tag versions.
    package var count: Int { rounds.count }

    /// Indicates that a purge of one of these tag versions is queued.
    package func holds(anyOf names: [TagVersionKey]) -> Bool { names.contains { rounds[$0] != nil } }

    /// Adds a purge.
    ///
    /// - Parameters:
    ///   - names: the tag versions to purge.
    ///   - routes: the tag versions of this process's routes, one of which every response carries; they replace the
    ///     queue when it is full.
    /// - Returns: `false` if the queue was full and now holds the routes instead.
    package mutating func add(_ names: [TagVersionKey], insteadOfMany routes: @autoclosure () -> [TagVersionKey])
        -> Bool
    {
        lastRound += 1
        for name in names { rounds[name] = lastRound }
        guard rounds.count > limit else { return true }
        rounds = Dictionary(routes().map { ($0, lastRound) }) { first, _ in first }
        return false
    }

    /// Returns some of the queued purges.
    package func batch(_ count: Int = 1000) -> Batch {
        Batch(
            rounds: rounds.count <= count ? rounds : Dictionary(uniqueKeysWithValues: rounds.prefix(count).map { $0 })
        )
    }

    /// Removes the purges of a batch that the store has done. Purges that were added since stay queued.
    package mutating func done(_ batch: Batch) {
        for (name, round) in batch.rounds where rounds[name] == round { rounds[name] = nil }
    }
}
