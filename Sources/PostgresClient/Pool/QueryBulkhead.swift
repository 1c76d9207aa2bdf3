/// Counts the running queries of each group and decides if a group may have one more (a bulkhead).
///
/// A group never gets the last connections, even if no other group needs them yet: if its queries took a second each
/// and held all connections, queries of other groups would wait for as long.
struct QueryBulkhead {
    /// The numbers of queries by group, and of all.
    private struct Counts {
        private var byGroup: [UInt64: Int] = [:]
        private(set) var total = 0

        subscript(group: UInt64) -> Int { byGroup[group] ?? 0 }

        mutating func add(_ group: UInt64) {
            byGroup[group, default: 0] += 1
            total += 1
        }

        mutating func remove(_ group: UInt64) {
            guard let count = byGroup[group] else { return }
            byGroup[group] = count > 1 ? count - 1 : nil
            total -= 1
        }
    }

    /// The queries that were assigned a connection.
    private var first = Counts()
    /// The queries that were sent behind others.
    private var followers = Counts()

    /// The number of connections with a query.
    var total: Int { first.total }

    /// Returns the number of connections whose first query is one of the group.
    func count(of group: UInt64) -> Int { first[group] }

    /// Returns the number of the group's queries that have been sent.
    func sentCount(of group: UInt64) -> Int { first[group] + followers[group] }

    /// Counts a query of the group that is sent behind others.
    mutating func follow(_ group: UInt64) { followers.add(group) }

    /// Stops counting a query of the group that is no longer behind others.
    mutating func endFollowing(_ group: UInt64) { followers.remove(group) }

    /// Returns true if a group may have one more connection.
    ///
    /// - Parameter free: the number of connections that are left.
    func admits(_ concurrency: StatementConcurrencyLimit, _ group: UInt64, free: Int) -> Bool {
        if case .atMost = concurrency { return Self.admits(concurrency, held: sentCount(of: group), free: free) }
        return Self.admits(concurrency, held: count(of: group), free: free)
    }

    /// Returns true if a query of the group may be sent behind others.
    ///
    /// - Parameter places: the number of places behind first queries on all connections.
    func admitsFollower(_ concurrency: StatementConcurrencyLimit, _ group: UInt64, places: Int) -> Bool {
        if case .atMost = concurrency { return Self.admits(concurrency, held: sentCount(of: group), free: places) }
        return Self.admits(concurrency, held: followers[group], free: places - followers.total)
    }

    /// Counts a query of the group that was assigned a connection.
    mutating func begin(_ group: UInt64) { first.add(group) }

    /// Stops counting a query of the group that has returned its connection.
    mutating func end(_ group: UInt64) { first.remove(group) }

    /// Returns true if a group that holds `held` connections or places may have one of the `free` ones.
    static func admits(_ concurrency: StatementConcurrencyLimit, held: Int, free: Int) -> Bool {
        switch concurrency {
        case .unlimited: true
        case .atMost(let limit): held < max(1, limit)
        // The more the other groups hold, the less is left. So the groups with the most queries converge to equal
        // shares, and something is always left for a group that holds nothing.
        case .share: held == 0 || free > 1 && held < 3 * free
        }
    }
}
