/// A map within a budget of bytes that evicts the least recently used value and never returns an expired one.
///
/// A value type without a lock or a clock. The links, which change at each use, are separate from keys and values, so
/// that a use copies only the returned value.
package struct LRUCache<Key: Hashable, Value> {
    private struct Link {
        var cost: Int
        var expiry: Int64
        var previous: Int
        var next: Int
    }

    private static var none: Int { -1 }
    private var links: [Link] = []
    private var keys: [Key?] = []
    private var values: [Value?] = []
    private var free: [Int] = []
    private var index: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1

    /// The budget in bytes.
    let budget: Int
    /// The cost of all values, in bytes.
    private(set) var cost = 0
    /// The number of values that were evicted to make room.
    private(set) var evictions = 0

    package init(budget: Int) {
        self.budget = budget
    }

    /// The number of values.
    var count: Int { index.count }

    /// Reads a value, which becomes the most recently used.
    ///
    /// - Parameters:
    ///   - key: the key of the value.
    ///   - now: the current time in milliseconds.
    /// - Returns: `nil` without a value, or if it has expired.
    package mutating func value(for key: Key, at now: Int64) -> Value? {
        guard let position = index[key] else { return nil }
        guard links[position].expiry > now else {
            remove(position)
            return nil
        }
        if position != newest {
            unlink(position)
            linkAsNewest(position)
        }
        return values[position]
    }

    /// Inserts a value, and evicts others until all fit into the budget.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - key: its key.
    ///   - cost: its size in bytes.
    ///   - expiry: the time at which it expires, in milliseconds.
    /// - Returns: `false` if the value alone exceeds the budget; an earlier value of the key is then removed too.
    package mutating func insert(_ value: Value, for key: Key, cost: Int, expiry: Int64) -> Bool {
        removeValue(for: key)
        guard cost <= budget else { return false }
        while self.cost + cost > budget, oldest != Self.none {
            remove(oldest)
            evictions += 1
        }
        let link = Link(cost: cost, expiry: expiry, previous: Self.none, next: Self.none)
        let position: Int
        if let reused = free.popLast() {
            position = reused
            links[position] = link
            keys[position] = key
            values[position] = value
        } else {
            position = links.count
            links.append(link)
            keys.append(key)
            values.append(value)
        }
        index[key] = position
        self.cost += cost
        linkAsNewest(position)
        return true
    }

    /// Extends the lifetime of a value to at least `expiry`, if it exists.
    mutating func extend(_ key: Key, until expiry: Int64) {
        if let position = index[key] { links[position].expiry = max(links[position].expiry, expiry) }
    }

    /// Removes a value.
    mutating func removeValue(for key: Key) {
        if let position = index[key] { remove(position) }
    }

    private mutating func remove(_ position: Int) {
        guard let key = keys[position] else { return }
        unlink(position)
        index[key] = nil
        cost -= links[position].cost
        keys[position] = nil
        values[position] = nil
        free.append(position)
    }

    private mutating func unlink(_ position: Int) {
        let (previous, next) = (links[position].previous, links[position].next)
        if previous == Self.none { newest = next } else { links[previous].next = next }
        if next == Self.none { oldest = previous } else { links[next].previous = previous }
    }

    private mutating func linkAsNewest(_ position: Int) {
        links[position].previous = Self.none
        links[position].next = newest
        if newest == Self.none { oldest = position } else { links[newest].previous = position }
        newest = position
    }
}
