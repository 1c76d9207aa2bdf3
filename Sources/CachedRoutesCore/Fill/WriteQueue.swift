/// Which writes are under way and which wait, within bounds. A value type: it decides, others write.
struct WriteQueue<Item> {
    enum Offer {
        /// The caller starts the write.
        case start(Item)
        /// The write waits for its turn.
        case queued(Item)
        /// There is no room now.
        case shed
        /// There never is room for so much.
        case tooLarge
    }

    let limits: WriteQueueLimits
    private var waiting: [(item: Item, bytes: Int)] = []
    private var head = 0
    private(set) var underWay = 0
    /// Bytes under way and waiting.
    private(set) var bytes = 0

    init(limits: WriteQueueLimits) {
        self.limits = limits
    }

    /// Writes under way and waiting.
    var count: Int { underWay + waiting.count - head }

    mutating func offer(_ item: @autoclosure () -> Item, bytes size: Int) -> Offer {
        guard size <= limits.bytes else { return .tooLarge }
        guard count < limits.entries, bytes + size <= limits.bytes else { return .shed }
        bytes += size
        if underWay < limits.concurrent {
            underWay += 1
            return .start(item())
        }
        let item = item()
        waiting.append((item, size))
        return .queued(item)
    }

    /// A write has ended, well or not.
    ///
    /// - Returns: the write whose turn it is.
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

    /// Lets everything that waits go, and returns it.
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
    /// The writes under way at once. With few of them, a busy event loop's turns and not Redis would set the pace.
    var concurrent: Int
    /// The writes under way and waiting.
    var entries: Int
    /// The bytes under way and waiting.
    var bytes: Int

    /// Bounds from their parts.
    package init(concurrent: Int = 128, entries: Int = 1024, bytes: Int = 64 << 20) {
        self.concurrent = concurrent
        self.entries = entries
        self.bytes = bytes
    }
}
