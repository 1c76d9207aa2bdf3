import NIOCore
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesRedis

@Suite("Entries that take longer to be read than a command may")
struct AdaptiveEntrySizeLimitTests {
    private final class Clock: Sendable {
        private let time = Mutex(NIODeadline.uptimeNanoseconds(0))
        var now: NIODeadline { time.withLock { $0 } }
        func advance(_ amount: TimeAmount) { time.withLock { $0 = $0 + amount } }
    }

    private let clock = Clock()
    private let log = LogRecorder()
    private let limit: AdaptiveEntrySizeLimit

    init() {
        limit = AdaptiveEntrySizeLimit(logger: log.logger, now: { [clock] in clock.now })
    }

    private func note(_ received: Int) { limit.note(Array("n:0:get:/r:".utf8), received: received) }

    private var warnings: [String] { log.lines.filter { $0.hasPrefix("warning") } }

    @Test("are not stored, nor are longer ones, until that may have been a slow moment")
    func forgotten() {
        #expect(!limit.isExceeded(by: .max))
        note(1_000_000)
        #expect(limit.isExceeded(by: 1_000_001) && !limit.isExceeded(by: 1_000_000))
        clock.advance(AdaptiveEntrySizeLimit.memory - .nanoseconds(1))
        #expect(limit.isExceeded(by: 1_000_001))
        clock.advance(.nanoseconds(1))
        #expect(!limit.isExceeded(by: 1_000_001) && !limit.isExceeded(by: .max))
        // The one that is tried then counts alone.
        note(3_000_000)
        #expect(limit.isExceeded(by: 3_000_001) && !limit.isExceeded(by: 2_000_000))
    }

    @Test("count by the shortest of them")
    func shortest() {
        for received in [2_000_000, 1_000_000, 3_000_000] { note(received) }
        #expect(limit.isExceeded(by: 1_000_001) && !limit.isExceeded(by: 1_000_000))
    }

    @Test("are one warning in ten minutes, with the cure")
    func warned() {
        for _ in 0..<20 {
            note(1_000_000)
            clock.advance(.minutes(1))
        }
        #expect(warnings.count == 2)
        #expect(warnings.allSatisfy { $0.contains("redis.cure=raise REDIS_COMMAND_TIMEOUT") })
    }
}
