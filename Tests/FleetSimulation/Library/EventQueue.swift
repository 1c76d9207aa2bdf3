/// What happens later, in the order of time, and of two events at one time the one that was added first.
struct EventQueue {
    private struct Event {
        /// Microseconds.
        let time: Int64
        let number: UInt64
        let body: () -> Void

        func precedes(_ other: Event) -> Bool {
            time == other.time ? number < other.number : time < other.time
        }
    }

    /// A binary heap.
    private var events: [Event] = []
    private var lastNumber: UInt64 = 0

    mutating func add(at time: Int64, _ body: @escaping () -> Void) {
        lastNumber += 1
        events.append(Event(time: time, number: lastNumber, body: body))
        var child = events.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard events[child].precedes(events[parent]) else { break }
            events.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes the next event; `nil` if there is none until a time.
    mutating func next(until end: Int64) -> (time: Int64, body: () -> Void)? {
        guard let first = events.first, first.time <= end else { return nil }
        events.swapAt(0, events.count - 1)
        events.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < events.count && events[child].precedes(events[least]) {
                least = child
            }
            guard least != parent else { break }
            events.swapAt(parent, least)
            parent = least
        }
        return (first.time, first.body)
    }
}
