import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The schedule of a warmed response")
struct WarmScheduleTests {
    private func schedule(
        every: Duration = .seconds(60),
        atStart: Bool = true,
        ttl: Duration = .seconds(10),
        jitter: Int = 0
    ) -> WarmSchedule {
        let policy = WarmPolicy(every: every, atStart: atStart)
        return WarmSchedule(policy, of: CachePolicy(ttl: ttl, jitter: jitter, warm: policy))
    }

    @Test("comes at the start where the answer is not there, whoever made the last one")
    func start() {
        var missing = schedule()
        #expect(missing.next(markerLife: 0, isStored: false) == .make)
        var lost = schedule()
        #expect(lost.next(markerLife: 30_000, isStored: false) == .make)
        #expect(lost.next(markerLife: 30_000, isStored: false) == .wait(30_000))
        var there = schedule()
        #expect(there.next(markerLife: 30_000, isStored: true) == .wait(30_000))
        #expect(there.next(markerLife: 0, isStored: true) == .make)
    }

    @Test("comes with the first period where it is not to come at the start, and when somebody else's period ends")
    func later() {
        var first = schedule(atStart: false)
        #expect(first.next(markerLife: 0, isStored: false) == .wait(60_000))
        #expect(first.next(markerLife: 0, isStored: false) == .make)
        var second = schedule(atStart: false)
        #expect(second.next(markerLife: 12_000, isStored: false) == .wait(12_000))
    }

    @Test("comes before the answer can expire, where it is to be there all the time")
    func beforeExpiry() {
        func period(_ every: Duration, ttl: Duration, jitter: Int = 0, took duration: Int64 = 0) -> Int64 {
            schedule(every: every, ttl: ttl, jitter: jitter).period(afterMakingFor: duration)
        }
        #expect(period(.seconds(60), ttl: .seconds(10)) == 60_000)
        #expect(period(.seconds(60), ttl: .seconds(10), took: 5000) == 60_000)
        #expect(period(.seconds(30), ttl: .seconds(60)) == 30_000)
        #expect(period(.seconds(60), ttl: .seconds(60)) == 54_000)
        #expect(period(.seconds(60), ttl: .seconds(60), jitter: 50) == 27_000)
        #expect(period(.milliseconds(1), ttl: .milliseconds(1)) == 1)
        // Started so early that it ends in time.
        #expect(period(.seconds(10), ttl: .seconds(10), jitter: 10, took: 2000) == 6_100)
        #expect(period(.seconds(5), ttl: .seconds(10), took: 2000) == 5_000)
        #expect(period(.seconds(1), ttl: .seconds(1), took: 5000) == 1)
    }

    @Test("is over when the answer is made, comes again soon after a failure, and ever later after more of them")
    func ending() {
        var schedule = schedule()
        #expect(schedule.end(.made(duration: 3)) == 60_000)
        #expect(schedule.end(.elsewhere) == 250)
        #expect(
            (0..<9).map { _ in schedule.end(.failed) } == [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]
        )
        #expect(schedule.end(.made(duration: 3)) == 60_000)
        #expect(schedule.end(.failed) == 250)
    }

    @Test("waits for a store that is away, and is at the start still when that comes")
    func away() {
        var schedule = schedule()
        #expect(schedule.next(markerLife: nil, isStored: false) == .wait(250))
        #expect(schedule.next(markerLife: nil, isStored: false) == .wait(500))
        #expect(schedule.next(markerLife: 5000, isStored: false) == .make)
        #expect(schedule.failures == 0, "nothing has failed yet that somebody should hear of")
    }
}
