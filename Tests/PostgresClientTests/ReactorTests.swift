import Logging
import NIOCore
import Synchronization
import Testing

@testable import PostgresClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct ReactorTests {
    private func job() -> QueryJob {
        QueryJob(
            statement: PostgresStatement(sql: "SELECT 1", shape: .none),
            parameters: PostgresParameters(),
            deadline: .distantFuture
        )
    }

    @Test func aQueryThatReachesNoThreadIsAnswered() throws {
        let reactor = try Reactor()
        let early = job()
        #expect(reactor.post(.run(early, on: 1)))
        #expect(!early.isFinished)
        reactor.closeMailbox()
        #expect(early.isFinished)
        let late = job()
        #expect(!reactor.post(.run(late, on: 1)))
        #expect(late.isFinished)
    }

    @Test func closingWaitsForTheThreadsThatBlock() async throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = PostgresConfiguration(url: nil)
        configuration.drainTimeout = .seconds(60)
        let pool = try ConnectionPool(configuration: configuration, logger: quiet)
        let flags = Flags()
        #expect(
            pool.startHelper {
                while !flags.mayEnd.load(ordering: .acquiring) { sched_yield() }
                flags.hasEnded.store(true, ordering: .releasing)
            }
        )
        let closing = Task {
            await pool.closeAndWait()
            return flags.hasEnded.load(ordering: .acquiring)
        }
        // What waits for the threads of the pool alone would be through by the time this query is refused.
        let job = job()
        let answer = await withCheckedContinuation { continuation in
            if job.attach(continuation) { pool.close(); pool.submit(job) }
        }
        #expect(throws: PostgresError.self) { try answer.get() }
        flags.mayEnd.store(true, ordering: .releasing)
        #expect(await closing.value)
    }

    @Test func closingDoesNotWaitForeverForAThreadThatBlocks() async throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = PostgresConfiguration(url: nil)
        configuration.drainTimeout = .milliseconds(10)
        let pool = try ConnectionPool(configuration: configuration, logger: quiet)
        let flags = Flags()
        #expect(pool.startHelper { while !flags.mayEnd.load(ordering: .acquiring) { sched_yield() } })
        await pool.closeAndWait()
        flags.mayEnd.store(true, ordering: .releasing)
    }
}

/// What a thread waits for, and whether it has ended.
private final class Flags: Sendable {
    let mayEnd = Atomic(false)
    let hasEnded = Atomic(false)
}
