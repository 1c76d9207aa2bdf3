package import NIOCore

/// Decides what is logged of an outage: its beginning, as a warning, and its end, if its beginning was.
///
/// Outages that come and go don't fill the log: there is at most one warning in each interval. One that begins too soon after the
/// last warning, and lasts, is reported as soon as that interval is over. A value type, as ``LogThrottle``.
package struct OutageLog: Sendable {
    private var throttle: LogThrottle
    /// Indicates that the present outage, in its present form, was not reported.
    private var hasNews = true
    /// Indicates that there was a warning in the present outage.
    private var isReported = false

    /// - Parameter interval: the shortest time between two warnings.
    package init(interval: TimeAmount = .minutes(1)) {
        throttle = LogThrottle(interval: interval)
    }

    /// Takes a sign that the outage has begun or goes on.
    ///
    /// - Parameters:
    ///   - now: the present time.
    ///   - hasChanged: tells that it has become another one, for instance by its cause, which is worth a warning of its own.
    /// - Returns: `true` if it is to be logged as a warning.
    package mutating func persists(at now: NIODeadline, hasChanged: Bool = false) -> Bool {
        if hasChanged { hasNews = true }
        guard hasNews, throttle.admit(at: now) != nil else { return false }
        hasNews = false
        isReported = true
        return true
    }

    /// Ends the outage.
    ///
    /// - Returns: `true` if the end is to be logged as a notice.
    package mutating func ended() -> Bool {
        defer {
            hasNews = true
            isReported = false
        }
        return isReported
    }
}
