import NIOCore
import Testing

@testable import PostgresClient

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
}
