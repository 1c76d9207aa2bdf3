import HTTPConnections
import Metrics
import MetricsTestKit
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Metrics of clients' connections")
struct ConnectionEventRecorderTests {
    private let metrics = TestMetrics()
    private let log = LogRecorder()

    /// The counters that are not 0, as `label{reason}`.
    private var counts: [String: Int64] {
        var counts: [String: Int64] = [:]
        for counter in metrics.counters where counter.totalValue != 0 {
            let reasons = counter.dimensions.map { "\($0.0)=\($0.1)" }.joined(separator: ",")
            counts["\(counter.label){\(reasons)}", default: 0] += counter.totalValue
        }
        return counts
    }

    @Test(
        "A connection that a limit closes is counted by the limit",
        arguments: zip(
            CloseReason.allCases,
            ["head", "idle", "body", "write", "linger", "buffers", "shutdown"]
        )
    )
    func closed(reason: CloseReason, name: String) {
        let observer = ConnectionEventRecorder(logger: log.logger, metrics: metrics)
        for _ in 0..<3 { observer.observe(.closes(reason)) }
        #expect(counts == ["cached_routes_connections_closed_total{reason=\(name)}": 3])
    }

    @Test("Each time at which accepting stops is counted by what there is not enough of")
    func paused() {
        let observer = ConnectionEventRecorder(logger: log.logger, metrics: metrics)
        observer.observe(.isFull(maximum: 16))
        observer.observe(.accepts)
        observer.observe(.isExhausted(error: "EMFILE"))
        observer.observe(.accepts)
        observer.observe(.isExhausted(error: "EMFILE"))
        #expect(
            counts == [
                "cached_routes_accept_pauses_total{reason=connections}": 1,
                "cached_routes_accept_pauses_total{reason=descriptors}": 2,
            ]
        )
    }

    @Test("Every counter is there from the beginning, so that a rate can be told from nothing")
    func fromTheBeginning() {
        _ = ConnectionEventRecorder(logger: log.logger, metrics: metrics)
        #expect(metrics.counters.count == CloseReason.allCases.count + 2)
    }
}
