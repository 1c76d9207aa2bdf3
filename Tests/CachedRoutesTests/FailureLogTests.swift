import NIOCore
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutesCore

@Suite("Failures of a route in the log")
struct FailureLogTests {
    private struct Failure: Error {}

    private final class Clock: Sendable {
        private let time = Mutex(NIODeadline.uptimeNanoseconds(1))
        var now: NIODeadline { time.withLock { $0 } }
        func advance(by amount: TimeAmount) { time.withLock { $0 = $0 + amount } }
    }

    @Test("are logged once in ten seconds for each kind, with the number of those before; all of them at debug")
    func crowds() {
        let log = LogRecorder()
        let clock = Clock()
        let responder = DatabaseErrorResponder(logger: log.logger, now: { clock.now })
        let plan = RoutePlan(
            RouteDefinition(
                RouteDeclaration(
                    "route",
                    RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/r", inputs: []),
                    .read(CachePolicy()),
                    returns: .many
                ),
                .sql("SELECT 1")
            )
        )
        func fail(_ kind: RouteDatabaseError.Code) {
            _ = responder.problem(for: RouteDatabaseError(kind, "reason"), plan)
        }
        func lines(_ level: String) -> [String] { log.lines.filter { $0.hasPrefix("\(level) ") } }
        for _ in 0..<3 { fail(.unavailable) }
        fail(.overloaded)
        #expect(lines("warning").count == 2 && lines("debug").count == 2)
        for _ in 0..<2 { _ = responder.problem(forHandler: Failure(), plan) }
        #expect(lines("error").count == 1)
        #expect(!log.lines.contains { $0.contains("before=") })
        clock.advance(by: .seconds(10))
        fail(.unavailable)
        fail(.overloaded)
        #expect(lines("warning").count == 4)
        #expect(lines("warning").filter { $0.contains("before=2") }.count == 1)
        #expect(log.lines.filter { $0.contains("before=") }.count == 1)
    }
}
