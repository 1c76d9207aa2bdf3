/// When an answer is made before anybody asks for it. A value type: it decides, others look, make and wait.
///
/// Processes agree by a marker in the store, which whoever has made the answer leaves there for one period.
struct WarmSchedule: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// Make the answer.
        case make
        /// Wait so many milliseconds, then look again.
        case wait(Int64)
    }

    enum Ending: Sendable, Hashable {
        /// The answer was made, here or by somebody else.
        ///
        /// - Parameter duration: how long that took, in milliseconds.
        case made(duration: Int64)
        /// Somebody else makes it.
        case elsewhere
        /// It could not be made.
        case failed
    }

    /// How often the answer is made, in milliseconds.
    private let every: Int64
    /// How soon the answer may be stale, in milliseconds, where it is to be fresh all the time.
    private let shortestLife: Int64?
    private let atStart: Bool
    private var isFirst = true
    /// How often the answer could not be made since it was made last.
    private(set) var failures = 0
    private var storeFailures = 0

    private static let firstPause: Int64 = 250
    private static let longestPause: Int64 = 30_000

    init(_ policy: WarmPolicy, of cache: CachePolicy) {
        every = policy.every.milliseconds
        shortestLife =
            policy.every <= cache.ttl ? cache.ttl.milliseconds * Int64(100 - cache.jitter) / 100 : nil
        atStart = policy.atStart
    }

    /// How long to wait after the answer was made, in milliseconds.
    ///
    /// Where the period is no longer than the ttl, the answer is to be there all the time: it is made anew so early that it is
    /// there before the shortest ttl that jitter allows has passed, with a tenth to spare.
    ///
    /// - Parameter duration: how long making the answer took.
    func period(afterMakingFor duration: Int64) -> Int64 {
        guard let shortestLife else { return every }
        return max(1, min(every, shortestLife * 9 / 10 - duration))
    }

    /// The next step.
    ///
    /// - Parameters:
    ///   - markerLife: how long the marker is still there, in milliseconds; zero: it is not; `nil`: the store is away.
    ///   - isStored: whether a fresh answer is in the store.
    mutating func next(markerLife: Int64?, isStored: Bool) -> Step {
        guard let markerLife else {
            storeFailures += 1
            return .wait(pause(after: storeFailures))
        }
        storeFailures = 0
        defer { isFirst = false }
        if isFirst, atStart, !isStored { return .make }
        if markerLife > 0 { return .wait(markerLife) }
        return isFirst && !atStart ? .wait(period(afterMakingFor: 0)) : .make
    }

    /// The answer was made, or not.
    ///
    /// - Returns: how long to wait before looking again, in milliseconds.
    mutating func end(_ ending: Ending) -> Int64 {
        switch ending {
        case .made(let duration):
            failures = 0
            return period(afterMakingFor: duration)
        case .elsewhere: return min(Self.firstPause, every)
        case .failed:
            failures += 1
            return pause(after: failures)
        }
    }

    private func pause(after failures: Int) -> Int64 {
        min(Self.firstPause << Int64(min(failures - 1, 10)), Self.longestPause, every)
    }
}
