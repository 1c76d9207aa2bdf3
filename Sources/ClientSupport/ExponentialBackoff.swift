package import NIOCore

/// The waits between failed attempts.
///
/// They double from `minimum` to `maximum`, and each is shortened by up to a half at random, so that many processes do not
/// return to a server at the same moment.
package struct ExponentialBackoff: Sendable {
    /// The first wait, before it is shortened.
    package let minimum: TimeAmount
    /// The longest wait.
    package let maximum: TimeAmount

    /// Waits between two bounds.
    package init(minimum: TimeAmount, maximum: TimeAmount) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - failures: the number of failed attempts in a row, from 1.
    ///   - random: a number from 0 to 1, where 0 makes the shortest wait.
    package func delay(afterFailures failures: Int, random: Double) -> TimeAmount {
        let doublings = min(max(failures - 1, 0), 30)
        let (product, overflow) = minimum.nanoseconds.multipliedReportingOverflow(by: 1 << doublings)
        let whole = overflow ? maximum.nanoseconds : min(product, maximum.nanoseconds)
        return .nanoseconds(whole / 2 + Int64(Double(whole / 2) * random))
    }
}
