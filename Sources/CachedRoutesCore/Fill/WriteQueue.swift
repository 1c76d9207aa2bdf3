/// A bounded queue of writes, under way and waiting. A value type: its owner performs the writes.
struct WriteQueue<Item> {
    enum Offer {
        /// The caller starts the write.
        case start(Item)
        /// The write waits for its turn.
        case queued(Item)
        /// There is no room for the write now.
        case shed
        /// The write alone exceeds the bound on bytes.
        case tooLarge
    }

    let limits: WriteQueueLimits
    private var waiting: [(item: Item, bytes: Int)] = []
    private var head = 0
    private(set) var underWay = 0
    /// The bytes under way and waiting.
    private(set) var bytes = 0

    init(limits: WriteQueueLimits) {
        self.limits = limits
    }

    /// The number of writes under way and waiting.
    var count: Int { underWay + waiting.count - head }

    /// Accepts a write if there is room for it.
    ///
    /// - Parameters:
    ///   - size: the size of the write in bytes.
    ///   - makeItem: makes the write once it is accepted; its argument is true if it has to wait.
    mutating func offer(bytes size: Int, _ makeItem: (_ waits: Bool) -> Item) -> Offer {
        guard size <= limits.bytes else { return .tooLarge }
        guard count < limits.entries, bytes + size <= limits.bytes else { return .shed }
        bytes += size
        if underWay < limits.concurrent {
            underWay += 1
            return .start(makeItem(false))
        }
        let item = makeItem(true)
        waiting.append((item, size))
        return .queued(item)
    }

    /// Records the end of a write, successful or not.
    ///
    /// - Returns: the next write to be started.
    mutating func finish(bytes size: Int) -> Item? {
        bytes -= size
        underWay -= 1
        guard head < waiting.count else { return nil }
        let next = waiting[head].item
        head += 1
        if head > 64 && head * 2 > waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        underWay += 1
        return next
    }

    /// Removes all waiting writes and returns them.
    mutating func discardWaiting() -> [Item] {
        let discarded = waiting[head...]
        bytes -= discarded.reduce(0) { $0 + $1.bytes }
        waiting.removeAll()
        head = 0
        return discarded.map(\.item)
    }
}

/// The bounds of a queue of writes.
package struct WriteQueueLimits: Sendable, Hashable {
    /// The largest number of writes under way at once. If it is small, the turns of a busy event loop set the pace, not
    /// Redis.
    var concurrent: Int
    /// The largest number of writes under way and waiting.
    var entries: Int
    /// The largest number of bytes under way and waiting.
    var bytes: Int

    /// Creates bounds.
    package init(concurrent: Int = 128, entries: Int = 1024, bytes: Int = 64 << 20) {
        self.concurrent = concurrent
        self.entries = entries
        self.bytes = bytes
    }
}
