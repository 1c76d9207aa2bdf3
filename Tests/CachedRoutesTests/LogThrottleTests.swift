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
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1) + .seconds(seconds) }

    /// Sees an outage at each of the times, and returns those at which there was a warning.
    private func warnings(_ log: inout OutageLog, _ seconds: some Sequence<Int64>, hasChanged: Bool = false) -> [Int64]
    {
        seconds.filter { log.persists(at: at($0), hasChanged: hasChanged) }
    }

    @Test("has one warning and one notice for an outage, however often it is seen")
    func once() {
        var log = OutageLog(interval: .seconds(60))
        let warnings = warnings(&log, 0..<600)
        #expect(warnings == [0])
        let notices = [log.ended(), log.ended()]
        #expect(notices == [true, false])
    }

    @Test("has one warning and one notice a minute for outages that come and go")
    func flapping() {
        var log = OutageLog(interval: .seconds(60))
        var (warnings, notices): ([Int64], [Int64]) = ([], [])
        for second in 0..<200 as Range<Int64> {
            warnings += self.warnings(&log, [second])
            if log.ended() { notices.append(second) }
        }
        #expect(warnings == [0, 60, 120, 180])
        #expect(notices == warnings)
    }

    @Test("warns of an outage soon after another when the minute is over, if it lasts")
    func lasting() {
        var log = OutageLog(interval: .seconds(60))
        let first = warnings(&log, [0])
        var notices = [log.ended()]
        let second = warnings(&log, 1..<200)
        notices.append(log.ended())
        #expect(first == [0] && second == [60] && notices == [true, true])
    }

    @Test("warns of an outage that becomes another one, a minute after the last warning at the earliest")
    func changes() {
        var log = OutageLog(interval: .seconds(60))
        var warnings = warnings(&log, [0])
        for (hasChanged, seconds) in [
            (true, 10...10 as ClosedRange<Int64>), (false, 11...180), (true, 200...200), (true, 201...201),
        ] {
            warnings += self.warnings(&log, seconds, hasChanged: hasChanged)
        }
        #expect(warnings == [0, 60, 200])
        // The end is a notice, also if the last change was not reported.
        let isNotice = log.ended()
        #expect(isNotice)
    }
}
