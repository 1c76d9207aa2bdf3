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

@Suite struct ReactorMailboxTests {
    private func job() -> QueryJob {
        QueryJob(
            statement: PostgresStatement(sql: "SELECT 1", shape: .none),
            parameters: PostgresParameters(),
            access: .read(findsPosition: false),
            deadline: .distantFuture
        )
    }

    @Test func aQueryThatReachesNoThreadIsAnswered() throws {
        let reactor = try ReactorMailbox()
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
        let hasStarted = pool.startHelper {
            // Time enough for a close that does not wait to return.
            let end = NIODeadline.now() + .milliseconds(300)
            while .now() < end, !flags.hasClosed.load(ordering: .acquiring) { sched_yield() }
            flags.hasEnded.store(!flags.hasClosed.load(ordering: .acquiring), ordering: .releasing)
        }
        #expect(hasStarted)
        await pool.closeAndWait()
        flags.hasClosed.store(true, ordering: .releasing)
        let hasEnded = flags.hasEnded.load(ordering: .acquiring)
        #expect(hasEnded)
    }

    @Test func closingDoesNotWaitForeverForAThreadThatBlocks() async throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = PostgresConfiguration(url: nil)
        configuration.drainTimeout = .milliseconds(10)
        let pool = try ConnectionPool(configuration: configuration, logger: quiet)
        let flags = Flags()
        #expect(pool.startHelper { while !flags.hasClosed.load(ordering: .acquiring) { sched_yield() } })
        await pool.closeAndWait()
        flags.hasClosed.store(true, ordering: .releasing)
    }
}

/// Whether the pool is closed, and whether a thread ended before that.
private final class Flags: Sendable {
    let hasClosed = Atomic(false)
    let hasEnded = Atomic(false)
}
