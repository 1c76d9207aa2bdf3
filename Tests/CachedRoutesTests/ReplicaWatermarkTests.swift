import PostgresClient
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesPostgres

@Suite("The fence of replicas")
struct ReplicaWatermarkTests {
    private let early = PostgresLSN(offset: 100)
    private let late = PostgresLSN(offset: 200)

    @Test("lets everything pass before the first commit, and a primary's answers always")
    func open() {
        var fence = ReplicaWatermark()
        #expect(fence.allows(early) && fence.allows(nil))
        _ = fence.raise()
        #expect(!fence.allows(late))
        #expect(fence.allows(nil))
    }

    @Test("stands where the last commit is once that is known, which one finds out for all")
    func settling() {
        var fence = ReplicaWatermark()
        let isFirst = fence.raise()
        let round = fence.round
        let isSecond = fence.raise()
        #expect(isFirst && !isSecond, "somebody is finding out already")
        let isSettled = fence.settle(round, at: early)
        #expect(!isSettled, "something was committed behind it")
        #expect(!fence.allows(late))
        let isSettledNow = fence.settle(fence.round, at: late)
        #expect(isSettledNow)
        #expect(fence.allows(late) && !fence.allows(early))
        let beginsAnew = fence.raise()
        #expect(beginsAnew)
    }

    @Test("stays closed when nobody could find out, until the next commit")
    func givenUp() {
        var fence = ReplicaWatermark()
        _ = fence.raise()
        fence.giveUp()
        #expect(!fence.allows(late))
        let beginsAnew = fence.raise()
        #expect(beginsAnew)
    }

    @Test("compares places as the log has them")
    func positions() throws {
        let position = try #require(PostgresLSN("16/B374D848"))
        #expect(position.description == "16/B374D848")
        #expect(try #require(PostgresLSN("2/0")) < position)
        #expect(try #require(PostgresLSN("16/B374D849")) > position)
        for text in ["", "16", "16/", "/1", "16/B374D848/1", "16/G", "100000000/0"] {
            #expect(PostgresLSN(text) == nil, "\(text)")
        }
    }
}
