import NIOCore

/// The pauses between failed attempts to connect: doubling from `minimum` to `maximum`, half of each drawn at random,
/// so that many processes don't return to a server at the same moment.
struct ExponentialBackoff: Sendable {
    let minimum: TimeAmount
    let maximum: TimeAmount

    /// The pause after so many failures in a row.
    ///
    /// - Parameter random: a number from 0 up to 1.
    func delay(afterFailures failures: Int, random: Double) -> TimeAmount {
        let doublings = min(max(failures - 1, 0), 30)
        let (product, overflow) = minimum.nanoseconds.multipliedReportingOverflow(by: 1 << doublings)
        let whole = overflow ? maximum.nanoseconds : min(product, maximum.nanoseconds)
        return .nanoseconds(whole / 2 + Int64(Double(whole / 2) * random))
    }
}
