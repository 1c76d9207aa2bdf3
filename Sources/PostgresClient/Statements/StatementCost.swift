import NIOCore
import Synchronization

/// What the last executions of a statement took on the server and on the wire, as averages in which an execution counts
/// half as much after five later ones.
final class StatementCost: Sendable {
    /// The averages, in microseconds and bytes; negative before the first execution. Threads that write at the same
    /// time lose an execution at most.
    private let time = Atomic<Int>(-1)
    private let size = Atomic<Int>(-1)

    /// A statement above these takes a connection of its own: what is sent behind it would wait for as long.
    private static let lightTime = 5_000
    private static let lightSize = 16 * 1024

    /// Indicates that the statement has been executed, and lately fast and with few bytes.
    var isLight: Bool {
        let time = time.load(ordering: .relaxed)
        return time >= 0 && time <= Self.lightTime && size.load(ordering: .relaxed) <= Self.lightSize
    }

    /// Adds an execution.
    ///
    /// - Parameters:
    ///   - time: the time from its beginning to its last result.
    ///   - size: the bytes of its result.
    func record(time: TimeAmount, size: Int) {
        Self.add(Int(max(0, time.nanoseconds / 1000)), to: self.time)
        Self.add(size, to: self.size)
    }

    /// Adds an execution that was given up after this time, and so would have taken longer.
    func recordAbandoned(after time: TimeAmount) {
        guard Int(time.nanoseconds / 1000) > self.time.load(ordering: .relaxed) else { return }
        record(time: time, size: max(0, size.load(ordering: .relaxed)))
    }

    /// Forgets everything: the next execution has a connection of its own.
    func forget() {
        time.store(-1, ordering: .relaxed)
        size.store(-1, ordering: .relaxed)
    }

    private static func add(_ value: Int, to average: borrowing Atomic<Int>) {
        let before = average.load(ordering: .relaxed)
        average.store(before < 0 ? value : before + (value - before) / 8, ordering: .relaxed)
    }
}
