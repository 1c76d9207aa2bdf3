import RouteModel

/// Purges that have not reached the store: for each token the last one. A value type: it remembers, others send.
struct PurgeQueue {
    /// Purges to be sent together.
    struct Batch: Sendable {
        fileprivate let rounds: [TagVersionKey: UInt64]
        var names: [TagVersionKey] { Array(rounds.keys) }
    }

    /// The most tokens that are remembered one by one.
    let limit: Int
    private var rounds: [TagVersionKey: UInt64] = [:]
    private var lastRound: UInt64 = 0

    init(limit: Int = 100_000) {
        self.limit = limit
    }

    /// How many tokens wait to be purged.
    var count: Int { rounds.count }

    /// Whether one of these waits.
    func holds(anyOf names: [TagVersionKey]) -> Bool { names.contains { rounds[$0] != nil } }

    /// Remembers a purge.
    ///
    /// - Parameter routes: the tokens that every answer of this process' routes carries, which are purged instead where too many
    ///   wait.
    /// - Returns: whether there is room for it: `false` when the routes had to stand in.
    mutating func add(_ names: [TagVersionKey], insteadOfMany routes: @autoclosure () -> [TagVersionKey]) -> Bool {
        lastRound += 1
        for name in names { rounds[name] = lastRound }
        guard rounds.count > limit else { return true }
        rounds = Dictionary(routes().map { ($0, lastRound) }) { first, _ in first }
        return false
    }

    /// Some of what waits.
    func batch(_ count: Int = 1000) -> Batch {
        Batch(
            rounds: rounds.count <= count ? rounds : Dictionary(uniqueKeysWithValues: rounds.prefix(count).map { $0 })
        )
    }

    /// The store has done what the batch says. What was added since still waits.
    mutating func done(_ batch: Batch) {
        for (name, round) in batch.rounds where rounds[name] == round { rounds[name] = nil }
    }
}
