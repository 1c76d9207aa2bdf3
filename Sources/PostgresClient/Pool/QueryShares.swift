/// The queries under way, by group, and whether a group may have one more (a bulkhead).
///
/// A group may not have what is left for others, whether or not they are there yet: one that had taken all connections for
/// queries of a second would keep those that come next waiting for as long.
struct QueryShares {
    private var counts: [UInt64: Int] = [:]
    private(set) var total = 0

    /// The queries of the group that are under way.
    func count(of group: UInt64) -> Int { counts[group] ?? 0 }

    /// A query of the group has a connection.
    mutating func begin(_ group: UInt64) {
        counts[group, default: 0] += 1
        total += 1
    }

    /// It has none any more.
    mutating func end(_ group: UInt64) {
        guard let count = counts[group] else { return }
        counts[group] = count > 1 ? count - 1 : nil
        total -= 1
    }

    /// Tells whether a group that has `held` of something may have one more, of which `free` are left.
    static func admits(_ concurrency: StatementConcurrency, held: Int, free: Int) -> Bool {
        switch concurrency {
        case .unlimited: true
        case .atMost(let limit): held < max(1, limit)
        // The more of them others have, the less is left to take: the groups that want most come to have equal shares, and
        // something is always left for a group that has nothing.
        case .share: held == 0 || free > 1 && held < 3 * free
        }
    }
}
