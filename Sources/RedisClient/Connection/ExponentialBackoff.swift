import NIOCore

/// The waits between failed attempts.
///
/// They double from `minimum` to `maximum`, and each is shortened by up to a half at random, so that many processes do not
/// return to a server at the same moment.
struct ExponentialBackoff: Sendable {
    let minimum: TimeAmount
    let maximum: TimeAmount

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - failures: the number of failed attempts in a row, from 1.
    ///   - random: a number from 0 to 1, where 0 makes the shortest wait.
    func delay(afterFailures failures: Int, random: Double) -> TimeAmount {
        let doublings = min(max(failures - 1, 0), 30)
        let (product, overflow) = minimum.nanoseconds.multipliedReportingOverflow(by: 1 << doublings)
        let whole = overflow ? maximum.nanoseconds : min(product, maximum.nanoseconds)
        return .nanoseconds(whole / 2 + Int64(Double(whole / 2) * random))
    }
}
