import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisRecoveryTrialTests {
    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    /// How a trial ends on a server that gives so many bytes a millisecond, and how many reads it took.
    private func outcome(replies bytes: Int, perMillisecond rate: Int, most: Int = 1_000) -> (
        step: RedisRecoveryTrial.Step, Int
    ) {
        var trial = RedisRecoveryTrial(timeout: .milliseconds(100), most: most, now: at(0))
        var (step, reads, given) = (trial.begin(), 0, 0)
        while case .send(let count) = step {
            reads += count
            for _ in 0..<count {
                given += bytes
                step = trial.answered(bytes: bytes, now: at(Int64(given / rate)))
            }
        }
        return (step, reads)
    }

    @Test func `A server that is as it should be passes`() {
        #expect(outcome(replies: 3_000, perMillisecond: 1_000_000) == (.passed, 73))
        #expect(outcome(replies: 5, perMillisecond: 1_000_000, most: 2) == (.passed, 5))
    }

    @Test func `One long reply is enough`() {
        #expect(outcome(replies: 50_000_000, perMillisecond: 1_000_000) == (.passed, 1))
        #expect(outcome(replies: 40_000, perMillisecond: 1_000_000) == (.passed, 9))
    }

    @Test func `A server that gives little at a time fails, however short the replies`() {
        for bytes in [20, 31, 60, 100, 400, 900] {
            #expect(outcome(replies: bytes, perMillisecond: 20).step == .failed, "\(bytes)")
        }
    }

    @Test func `Replies that are to come are waited for`() {
        var trial = RedisRecoveryTrial(timeout: .milliseconds(100), most: 10, now: at(0))
        #expect(trial.begin() == .send(1))
        #expect(trial.answered(bytes: 1, now: at(1)) == .send(8))
        for _ in 0..<7 { #expect(trial.answered(bytes: 1, now: at(2)) == .wait) }
        #expect(trial.answered(bytes: 1, now: at(2)) == .send(10))
    }
}
