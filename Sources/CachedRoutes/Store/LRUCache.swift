/// Values under keys within a budget of bytes; what was used least recently leaves first, and what has expired is never given out.
///
/// A value type without a lock or a clock of its own.
struct LRUCache<Key: Hashable, Value> {
    private struct Node {
        var key: Key
        var value: Value
        var cost: Int
        var expiry: Int64
        var previous: Int
        var next: Int
    }

    private static var none: Int { -1 }
    private var nodes: [Node?] = []
    private var free: [Int] = []
    private var index: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1

    /// The budget in bytes.
    let budget: Int
    /// The cost of everything held, in bytes.
    private(set) var cost = 0
    /// How many values left to make room.
    private(set) var evictions = 0

    init(budget: Int) {
        self.budget = budget
    }

    /// The number of values held.
    var count: Int { index.count }

    /// The value under `key`, which becomes the most recently used; `nil` when there is none that is alive at `now`.
    mutating func value(for key: Key, at now: Int64) -> Value? {
        guard let position = index[key], let node = nodes[position] else { return nil }
        guard node.expiry > now else {
            remove(position)
            return nil
        }
        unlink(position)
        linkAsNewest(position)
        return node.value
    }

    /// Holds `value` until `expiry`, and lets others go until the budget is kept.
    ///
    /// - Returns: `false` when the value alone is over the budget; a value that was there before is gone then too.
    mutating func insert(_ value: Value, for key: Key, cost: Int, expiry: Int64) -> Bool {
        removeValue(for: key)
        guard cost <= budget else { return false }
        while self.cost + cost > budget, oldest != Self.none {
            remove(oldest)
            evictions += 1
        }
        let node = Node(key: key, value: value, cost: cost, expiry: expiry, previous: Self.none, next: Self.none)
        let position: Int
        if let reused = free.popLast() {
            position = reused
            nodes[position] = node
        } else {
            position = nodes.count
            nodes.append(node)
        }
        index[key] = position
        self.cost += cost
        linkAsNewest(position)
        return true
    }

    /// Holds the value under `key` until `expiry` at least, where there is one.
    mutating func extend(_ key: Key, until expiry: Int64) {
        if let position = index[key], let current = nodes[position]?.expiry {
            nodes[position]?.expiry = max(current, expiry)
        }
    }

    /// Lets the value under `key` go.
    mutating func removeValue(for key: Key) {
        if let position = index[key] { remove(position) }
    }

    private mutating func remove(_ position: Int) {
        guard let node = nodes[position] else { return }
        unlink(position)
        index[node.key] = nil
        cost -= node.cost
        nodes[position] = nil
        free.append(position)
    }

    private mutating func unlink(_ position: Int) {
        guard let node = nodes[position] else { return }
        if node.previous == Self.none { newest = node.next } else { nodes[node.previous]?.next = node.next }
        if node.next == Self.none { oldest = node.previous } else { nodes[node.next]?.previous = node.previous }
    }

    private mutating func linkAsNewest(_ position: Int) {
        nodes[position]?.previous = Self.none
        nodes[position]?.next = newest
        if newest == Self.none { oldest = position } else { nodes[newest]?.previous = position }
        newest = position
    }
}
