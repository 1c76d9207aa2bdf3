import NIOCore
import Synchronization

/// The recent cost of a statement on the server and on the wire, as moving averages in which the weight of an execution
/// halves after five later ones.
final class StatementCost: Sendable {
    /// The averages, in microseconds and bytes; negative before the first execution. Concurrent updates lose one
    /// execution at most.
    private let time = Atomic<Int>(-1)
    private let size = Atomic<Int>(-1)

    /// The averages, in microseconds and bytes, above which a statement has a connection to itself, because queries
    /// behind it would wait for it.
    private static let lightTime = 5_000
    private static let lightSize = 16 * 1024

    /// Indicates that the statement has been executed, and that its recent executions were fast and small.
    var isLight: Bool {
        let time = time.load(ordering: .relaxed)
        return time >= 0 && time <= Self.lightTime && size.load(ordering: .relaxed) <= Self.lightSize
    }

    /// Adds an execution.
    ///
    /// - Parameters:
    ///   - time: the time from its beginning to its last result.
    ///   - size: the size of its result in bytes.
    func record(time: TimeAmount, size: Int) {
        Self.add(Int(max(0, time.nanoseconds / 1000)), to: self.time)
        Self.add(size, to: self.size)
    }

    /// Adds an execution that was abandoned after this time, and so would have taken longer. Ignored if the average is
    /// longer already.
    func recordAbandoned(after time: TimeAmount) {
        guard Int(time.nanoseconds / 1000) > self.time.load(ordering: .relaxed) else { return }
        record(time: time, size: max(0, size.load(ordering: .relaxed)))
    }

    /// Resets the averages, so that the next execution has a connection to itself.
    func forget() {
        time.store(-1, ordering: .relaxed)
        size.store(-1, ordering: .relaxed)
    }

    private static func add(_ value: Int, to average: borrowing Atomic<Int>) {
        let before = average.load(ordering: .relaxed)
        average.store(before < 0 ? value : before + (value - before) / 8, ordering: .relaxed)
    }
}
