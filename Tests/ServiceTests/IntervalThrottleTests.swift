import NIOCore
import Testing

@testable import CachedRoutesRedis

@Suite("A sampler")
struct IntervalThrottleTests {
    @Test("picks the first event of each interval, whatever lies between them")
    func first() {
        let sampler = IntervalThrottle(interval: .milliseconds(10))
        let times: [(milliseconds: UInt64, isPicked: Bool)] = [
            (1000, true), (1000, false), (1009, false), (1010, true), (1019, false), (1500, true), (1501, false),
        ]
        for time in times {
            let now = NIODeadline.uptimeNanoseconds(time.milliseconds * 1_000_000)
            #expect(sampler.isDue(now: now) == time.isPicked, "\(time.milliseconds)")
        }
    }

    @Test("picks one of many events at the same time")
    func concurrent() async {
        let sampler = IntervalThrottle(interval: .seconds(1))
        let now = NIODeadline.uptimeNanoseconds(5_000_000_000)
        let picked = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { sampler.isDue(now: now) } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(picked == 1)
    }
}
