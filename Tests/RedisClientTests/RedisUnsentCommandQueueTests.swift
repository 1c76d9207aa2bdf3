import NIOCore
import NIOEmbedded
import Testing

@testable import RedisClient

@Suite struct RedisUnsentCommandQueueTests {
    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    private func request(_ key: String = "key", at asked: Int64, by deadline: Int64? = nil) -> RedisRequest {
        RedisRequest(
            .get(.string(key)),
            for: .function { _ in },
            ticket: nil,
            now: at(asked),
            deadline: deadline.map { at($0) } ?? .distantFuture
        )
    }

    private func commands(_ configure: (inout RedisConfiguration) -> Void = { _ in }) throws -> RedisUnsentCommandQueue
    {
        var configuration = try RedisConfiguration(url: "redis://a")
        configuration.commandTimeout = .milliseconds(100)
        configure(&configuration)
        return RedisUnsentCommandQueue(configuration)
    }

    private func keys(_ requests: some Sequence<RedisRequest>) -> [Int64] {
        requests.map { ($0.askedAt - at(0)).nanoseconds / 1_000_000 }
    }

    @Test func `The timer is set anew only for what is due before all others`() throws {
        var waiting = try commands()
        var settings: [NIODeadline] = []
        // All with a deadline of their own, later and later but for one in a thousand.
        for number in 0..<16_384 {
            let deadline = number % 1_000 == 999 ? 90 - Int64(number / 1_000) : 91
            guard case .accepted(let timerAt) = waiting.append(request(at: 0, by: deadline)) else {
                Issue.record("refused")
                return
            }
            if let timerAt { settings.append(timerAt) }
        }
        #expect(settings == [at(91)] + (0..<16).map { at(90 - $0) })
        #expect(waiting.append(request(at: 0)) == .refused)
    }

    @Test func `Each is given up at its own deadline or with the timeout, and all others stay in their order`() throws {
        var waiting = try commands()
        #expect(waiting.append(request(at: 0)) == .accepted(timerAt: at(100)))
        #expect(waiting.append(request(at: 1, by: 60)) == .accepted(timerAt: at(60)))
        #expect(waiting.append(request(at: 2, by: 500)) == .accepted(timerAt: nil))
        #expect(waiting.append(request(at: 3, by: 60)) == .accepted(timerAt: nil))
        var fired = waiting.timerFired(now: at(60))
        #expect(keys(fired.late) == [1, 3] && fired.timerAt == at(100))
        #expect(waiting.append(request(at: 61, by: 101)) == .accepted(timerAt: nil))
        fired = waiting.timerFired(now: at(100))
        #expect(keys(fired.late) == [0] && fired.timerAt == at(101))
        #expect(keys(waiting.removeAll()) == [2, 61])
        #expect(waiting.timerFired(now: at(1_000)).timerAt == nil)
        #expect(waiting.append(request(at: 1_000)) == .accepted(timerAt: at(1_100)))
    }

    @Test func `Bytes are bounded, and free again when their commands have gone`() throws {
        let size = RedisCommand.get("key").encodedSize
        var waiting = try commands { $0.maximumPendingBytes = 2 * size }
        for round in Int64(0)..<3 {
            for _ in 0..<2 { #expect(waiting.append(request(at: round * 1_000)) != .refused) }
            #expect(waiting.append(request(at: round * 1_000)) == .refused)
            if round == 0 {
                #expect(waiting.timerFired(now: at(100)).late.count == 2)
            } else {
                #expect(waiting.removeAll().count == 2)
            }
        }
    }
}
