import NIOCore
import Synchronization

/// Requests by the time at which they were sent, in slices of a tenth of a second.
final class Timeline: Sendable {
    /// The requests of one slice.
    struct Slice: Sendable {
        var requests = 0
        var hits = 0
        /// The number of answers with a status of 500 or more.
        var serverErrors = 0
        /// The number of requests without an answer.
        var unanswered = 0

        var hitRatio: Double { requests == 0 ? 0 : Double(hits) / Double(requests) }
    }

    /// The length of a slice.
    static let slice = TimeAmount.milliseconds(100)

    private let start = NIODeadline.now()
    private let slices = Mutex<[Slice]>([])

    /// Records a request.
    ///
    /// - Parameters:
    ///   - time: the time at which it was sent.
    ///   - answer: its answer; `nil` if there was none.
    func record(at time: NIODeadline, _ answer: PersistentConnection.Answer?) {
        let index = index(of: time)
        slices.withLock { slices in
            while slices.count <= index { slices.append(Slice()) }
            slices[index].requests += 1
            guard let answer else { return slices[index].unanswered += 1 }
            if answer.status >= 500 { slices[index].serverErrors += 1 }
            if answer.isHit { slices[index].hits += 1 }
        }
    }

    /// The number of the slice of a time.
    func index(of time: NIODeadline) -> Int { Int((time - start).nanoseconds / Self.slice.nanoseconds) }

    /// The slices from one time up to another.
    func slices(from: NIODeadline, to: NIODeadline) -> ArraySlice<Slice> {
        let (from, to) = (index(of: from), index(of: to))
        return slices.withLock { $0[min(from, $0.count)..<min(to, $0.count)] }
    }
}
