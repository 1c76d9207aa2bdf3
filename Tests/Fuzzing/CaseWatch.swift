import Dispatch
import Foundation
import Synchronization

/// Ends the process when a fuzzer's case has not come to its end in time, and names the seed: what never ends would say nothing.
///
/// A time limit of the testing library only ends code that suspends.
final class CaseWatch: Sendable {
    private struct Case {
        var seed: UInt64
        var began: DispatchTime
        let limit: Duration
    }

    /// The cases under way in the process, and whether somebody looks at them.
    private struct State {
        var cases: [ObjectIdentifier: Case] = [:]
        var isWatched = false
    }

    private static let state = Mutex(State())
    /// The time between two looks.
    private static let interval = TimeInterval(0.05)

    private let limit: Duration

    /// A watch of one fuzzer's cases, each of which may take so long.
    init(limit: Duration) { self.limit = limit }

    deinit { end() }

    /// The case of this seed begins, and the one before it has ended.
    func begin(_ seed: UInt64) {
        let isFirst = Self.state.withLock { state in
            state.cases[ObjectIdentifier(self)] = Case(seed: seed, began: .now(), limit: limit)
            defer { state.isWatched = true }
            return !state.isWatched
        }
        if isFirst { Thread.detachNewThread { Self.look() } }
    }

    /// The last case has ended.
    func end() { Self.state.withLock { _ = $0.cases.removeValue(forKey: ObjectIdentifier(self)) } }

    private static func look() {
        while true {
            Thread.sleep(forTimeInterval: interval)
            let late = state.withLock { state in
                // Here, where no case begins meanwhile.
                let now = DispatchTime.now()
                return state.cases.values.first {
                    .nanoseconds(Int64(now.uptimeNanoseconds - $0.began.uptimeNanoseconds)) > $0.limit
                }
            }
            guard let late else { continue }
            let text = "The fuzzer's case with seed \(late.seed) has not ended within \(late.limit).\n"
            FileHandle.standardError.write(Data(text.utf8))
            exit(EXIT_FAILURE)
        }
    }
}
