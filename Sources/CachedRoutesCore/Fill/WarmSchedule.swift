/// Decides when a response is made before any request asks for it. A value type: its owner reads the store, makes the
/// response and waits.
///
/// Processes coordinate by a marker in the store, which the one that has made the response leaves there for one period.
struct WarmSchedule: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// Make the response.
        case make
        /// Wait for this number of milliseconds, then look again.
        case wait(Int64)
    }

    enum Ending: Sendable, Hashable {
        /// The response was made, here or by another process.
        ///
        /// - Parameter duration: the time that it took, in milliseconds.
        case made(duration: Int64)
        /// Another process makes it.
        case elsewhere
        /// It could not be made.
        case failed
    }

    /// The interval at which the response is made, in milliseconds.
    private let every: Int64
    /// The shortest time after which the response may be stale, in milliseconds; `nil` if it need not be fresh all the
    /// time.
    private let shortestLife: Int64?
    private let atStart: Bool
    private var isFirst = true
    /// The number of failed attempts since the response was last made.
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

    /// Returns the time to wait after the response was made, in milliseconds.
    ///
    /// If the interval is no longer than the ttl, the response is to be fresh all the time: it is made again early
    /// enough to replace the old one before the shortest ttl that jitter allows has passed, with a tenth to spare.
    ///
    /// - Parameter duration: the time that making the response took, in milliseconds.
    func period(afterMakingFor duration: Int64) -> Int64 {
        guard let shortestLife else { return every }
        return max(1, min(every, shortestLife * 9 / 10 - duration))
    }

    /// Returns the next step.
    ///
    /// - Parameters:
    ///   - markerLife: the remaining lifetime of the marker, in milliseconds; 0 if there is none, `nil` if the store is
    ///     unavailable.
    ///   - isStored: true if a fresh response is in the store.
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

    /// Records the end of an attempt.
    ///
    /// - Returns: the time to wait before the next look, in milliseconds.
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
