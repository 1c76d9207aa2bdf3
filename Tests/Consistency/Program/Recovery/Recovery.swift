import NIOCore

/// One fault with its effects on requests.
struct Recovery: Sendable {
    let fault: Fault
    /// The time from the beginning of the fault until every key had a primary again.
    let outage: TimeAmount
    /// The time from then until hits were as frequent as before; `nil` if that did not happen within the observation.
    let untilHits: TimeAmount?
    /// The share of hits before the fault, and in the slice with the fewest.
    let hitRatio: (before: Double, lowest: Double)
    let requests: Int
    let serverErrors: Int
    let unanswered: Int

    /// The share of the former hits that counts as their return.
    private static let share = 0.9

    /// - Parameters:
    ///   - before: the slices of calm before the fault.
    ///   - after: the slices from its beginning on.
    init(_ fault: Fault, outage: TimeAmount, before: ArraySlice<Timeline.Slice>, after: ArraySlice<Timeline.Slice>) {
        self.fault = fault
        self.outage = outage
        func ratio(_ slices: some Sequence<Timeline.Slice>) -> Double {
            let (hits, requests) = slices.reduce((0, 0)) { ($0.0 + $1.hits, $0.1 + $1.requests) }
            return requests == 0 ? 0 : Double(hits) / Double(requests)
        }
        let ratioBefore = ratio(before)
        hitRatio = (ratioBefore, after.map(\.hitRatio).min() ?? 0)
        requests = after.reduce(0) { $0 + $1.requests }
        serverErrors = after.reduce(0) { $0 + $1.serverErrors }
        unanswered = after.reduce(0) { $0 + $1.unanswered }
        // Two slices together vary less than a single one.
        let slices = Array(after)
        let last = slices.indices.dropLast().last { ratio(slices[$0...$0 + 1]) < ratioBefore * Self.share }
        if let last, last + 2 >= slices.count {
            untilHits = nil
        } else {
            let end = TimeAmount.nanoseconds(Int64(last.map { $0 + 1 } ?? 0) * Timeline.slice.nanoseconds)
            untilHits = max(.zero, end - outage)
        }
    }

    /// The effects on one line, for people.
    var text: String {
        func seconds(_ time: TimeAmount) -> String { "\(Double(time.nanoseconds / 10_000_000) / 100) s" }
        func percent(_ ratio: Double) -> String { "\(Int(ratio * 100)) %" }
        let back = untilHits.map { "hits were back after \(seconds($0))" } ?? "hits WERE NOT BACK"
        return "  \(fault.rawValue): \(seconds(outage)) until every key had a primary, \(back); "
            + "hits \(percent(hitRatio.before)), at least \(percent(hitRatio.lowest)) in 0.1 s; "
            + "\(requests) requests, \(serverErrors) with a 5xx, \(unanswered) without an answer"
    }
}
