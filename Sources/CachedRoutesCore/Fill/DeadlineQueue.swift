import NIOCore

/// The deadlines of work that begins on one event loop, in ascending order, for which one timer suffices. A value type:
/// its owner sets the timer.
///
/// Nearly all work ends before its deadline, so to end it costs nothing here: it is dropped when it is the first in the
/// queue, or when the timer fires.
struct DeadlineQueue {
    enum Addition {
        /// The timer that is set fires early enough.
        case behind
        /// The owner sets the timer to the deadline, in place of an earlier setting.
        case first
        /// The deadline is before others and was not added: the work needs a timer of its own.
        case unordered
    }

    private var entries = CircularBuffer<(deadline: NIODeadline, work: UInt64)>()
    /// The number of entries at which those of ended work are dropped behind the first one, too.
    private var limit = Self.leastLimit
    /// The time to which the timer is set; `nil` if it is not.
    private var timer: NIODeadline?

    /// Adds the deadline of work.
    ///
    /// - Parameters:
    ///   - deadline: the deadline.
    ///   - work: the number of the work.
    ///   - hasEnded: returns true for the number of work that has ended.
    mutating func add(_ deadline: NIODeadline, of work: UInt64, hasEnded: (UInt64) -> Bool) -> Addition {
        while let first = entries.first, hasEnded(first.work) { entries.removeFirst() }
        if entries.count >= limit {
            entries = entries.filter { !hasEnded($0.work) }
            limit = max(Self.leastLimit, 2 * entries.count)
        }
        if let last = entries.last {
            guard last.deadline <= deadline else { return .unordered }
            entries.append((deadline, work))
            return .behind
        }
        entries.append((deadline, work))
        if let timer, timer <= deadline { return .behind }
        timer = deadline
        return .first
    }

    /// Removes the deadlines that have passed when a timer fires.
    ///
    /// - Parameters:
    ///   - time: the time to which the timer was set, which has passed.
    ///   - now: the current time.
    ///   - hasEnded: returns true for the number of work that has ended.
    /// - Returns: the numbers of the work, and the time to which the owner sets the timer, if there is one; `nil` if
    ///   the timer has been set to another time since then.
    mutating func fire(
        _ time: NIODeadline,
        now: NIODeadline,
        hasEnded: (UInt64) -> Bool
    ) -> (late: [UInt64], next: NIODeadline?)? {
        guard time == timer else { return nil }
        let now = max(now, time)
        var late: [UInt64] = []
        while let first = entries.first {
            let isOver = hasEnded(first.work)
            guard isOver || first.deadline <= now else { break }
            if !isOver { late.append(first.work) }
            entries.removeFirst()
        }
        timer = entries.first?.deadline
        return (late, timer)
    }

    private static var leastLimit: Int { 64 }

    /// The number of entries, those of ended work among them.
    var count: Int { entries.count }
}
