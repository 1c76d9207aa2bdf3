import ClientSupport
import NIOCore
import Testing

@Suite("A log throttle")
struct LogThrottleTests {
    @Test("lets the first message of each interval through, with the number of those that it suppressed before")
    func intervals() {
        var throttle = LogThrottle(interval: .seconds(10))
        let start = NIODeadline.uptimeNanoseconds(1)
        #expect(throttle.admit(at: start) == 0)
        #expect(throttle.admit(at: start) == nil)
        #expect(throttle.admit(at: start + .seconds(10) - .nanoseconds(1)) == nil)
        #expect(throttle.admit(at: start + .seconds(10)) == 2)
        #expect(throttle.admit(at: start + .seconds(11)) == nil)
        #expect(throttle.admit(at: start + .seconds(60)) == 1)
        #expect(throttle.admit(at: start + .seconds(70)) == 0)
    }
}

@Suite("The log of an outage")
struct OutageLogTests {
    private let start = NIODeadline.uptimeNanoseconds(1)

    private func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    @Test("has one warning and one notice for an outage, however often it is seen")
    func once() {
        var log = OutageLog(interval: .seconds(60))
        let warnings = (0..<600).map { log.persists(at: at($0)) }
        #expect(warnings == [true] + Array(repeating: false, count: 599))
        #expect(log.ended())
        #expect(!log.ended())
    }

    @Test("has one warning and one notice a minute for outages that come and go")
    func flapping() {
        var log = OutageLog(interval: .seconds(60))
        var (warnings, notices): ([Int64], [Int64]) = ([], [])
        for second in 0..<200 as Range<Int64> {
            if log.persists(at: at(second)) { warnings.append(second) }
            if log.ended() { notices.append(second) }
        }
        #expect(warnings == [0, 60, 120, 180])
        #expect(notices == warnings)
    }

    @Test("warns of an outage soon after another when the minute is over, if it lasts")
    func lasting() {
        var log = OutageLog(interval: .seconds(60))
        #expect(log.persists(at: at(0)))
        #expect(log.ended())
        let early = (1..<60).filter { log.persists(at: at($0)) }
        #expect(early.isEmpty)
        #expect(log.persists(at: at(60)))
        #expect(log.ended())
    }

    @Test("warns of an outage that becomes another one, a minute after the last warning at the earliest")
    func changes() {
        var log = OutageLog(interval: .seconds(60))
        #expect(log.persists(at: at(0)))
        #expect(!log.persists(at: at(10), hasChanged: true))
        #expect(!log.persists(at: at(59)))
        #expect(log.persists(at: at(60)))
        #expect(!log.persists(at: at(180)))
        #expect(log.persists(at: at(200), hasChanged: true))
        // The end is a notice, also if the last change was not reported.
        #expect(!log.persists(at: at(201), hasChanged: true))
        #expect(log.ended())
    }
}
