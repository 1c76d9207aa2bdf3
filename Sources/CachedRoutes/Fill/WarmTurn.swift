/// When an answer is made before anybody asks for it. A value type: it decides, others look, make and wait.
///
/// Processes agree by a marker in the store, which whoever has made the answer leaves there for one period.
struct WarmTurn: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// Make the answer.
        case make
        /// Wait so many milliseconds, then look again.
        case wait(Int64)
    }

    enum Ending: Sendable, Hashable {
        /// The answer was made, here or by somebody else.
        case made
        /// Somebody else makes it.
        case elsewhere
        /// It could not be made.
        case failed
    }

    /// How often the answer is made, in milliseconds.
    let period: Int64
    private let atStart: Bool
    private var isFirst = true
    private(set) var failures = 0

    private static let firstPause: Int64 = 250
    private static let longestPause: Int64 = 30_000

    init(_ policy: WarmPolicy, of cache: CachePolicy) {
        period = Self.period(policy, cache)
        atStart = policy.atStart
    }

    /// Where the period is no longer than the ttl, the answer is to be there all the time: it is made anew before the shortest
    /// ttl that jitter allows has passed, with a tenth to spare.
    private static func period(_ policy: WarmPolicy, _ cache: CachePolicy) -> Int64 {
        guard policy.every <= cache.ttl else { return policy.every.milliseconds }
        let shortest = cache.ttl.milliseconds * Int64(100 - cache.jitter) / 100
        return max(1, min(policy.every.milliseconds, shortest * 9 / 10))
    }

    /// The next step.
    ///
    /// - Parameters:
    ///   - markerLife: how long the marker is still there, in milliseconds; zero: it is not; `nil`: the store is away.
    ///   - isStored: whether a fresh answer is in the store.
    mutating func next(markerLife: Int64?, isStored: Bool) -> Step {
        guard let markerLife else { return .wait(pause()) }
        defer { isFirst = false }
        if isFirst, atStart, !isStored { return .make }
        if markerLife > 0 { return .wait(markerLife) }
        return isFirst && !atStart ? .wait(period) : .make
    }

    /// The answer was made, or not.
    ///
    /// - Returns: how long to wait before looking again, in milliseconds.
    mutating func end(_ ending: Ending) -> Int64 {
        switch ending {
        case .made:
            failures = 0
            return period
        case .elsewhere: return min(Self.firstPause, period)
        case .failed: return pause()
        }
    }

    private mutating func pause() -> Int64 {
        defer { failures += 1 }
        return min(Self.firstPause << Int64(min(failures, 10)), Self.longestPause, period)
    }
}
