import NIOCore
import Testing

@testable import CachedRoutesRedis

@Suite("A throttle of an interval")
struct IntervalThrottleTests {
    @Test("admits the first event of each interval, whatever lies between them")
    func first() {
        let throttle = IntervalThrottle(interval: .milliseconds(10))
        let times: [(milliseconds: UInt64, isAdmitted: Bool)] = [
            (1000, true), (1000, false), (1009, false), (1010, true), (1019, false), (1500, true), (1501, false),
        ]
        for time in times {
            let now = NIODeadline.uptimeNanoseconds(time.milliseconds * 1_000_000)
            #expect(throttle.isDue(now: now) == time.isAdmitted, "\(time.milliseconds)")
        }
    }

    @Test("admits one of many events at the same time")
    func concurrent() async {
        let throttle = IntervalThrottle(interval: .seconds(1))
        let now = NIODeadline.uptimeNanoseconds(5_000_000_000)
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { throttle.isDue(now: now) } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 1)
    }
}
