import NIOCore
import Synchronization

/// Picks the first event of each interval.
final class IntervalThrottle: Sendable {
    private let interval: UInt64
    private let next = Atomic<UInt64>(0)

    /// - Parameter interval: the shortest time between two picked events.
    init(interval: TimeAmount) {
        self.interval = UInt64(max(0, interval.nanoseconds))
    }

    /// Returns true for the first event in each interval.
    ///
    /// - Parameter now: the time of the event.
    func isDue(now: NIODeadline) -> Bool {
        let due = next.load(ordering: .relaxed)
        let now = now.uptimeNanoseconds
        guard now >= due else { return false }
        return next.compareExchange(expected: due, desired: now + interval, ordering: .relaxed).exchanged
    }
}
