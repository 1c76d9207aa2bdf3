import PostgresClient
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesPostgres

@Suite("The minimum LSN of replicas")
struct MinimumReplayLSNTests {
    private let early = PostgresLSN(offset: 100)
    private let late = PostgresLSN(offset: 200)

    @Test("lets everything pass before the first commit, and a primary's answers always")
    func open() {
        var minimum = MinimumReplayLSN()
        #expect(minimum.allows(early) && minimum.allows(nil))
        _ = minimum.raise()
        #expect(!minimum.allows(late))
        #expect(minimum.allows(nil))
    }

    @Test("stands where the last commit is once that is known, which one finds out for all")
    func settling() {
        var minimum = MinimumReplayLSN()
        let isFirst = minimum.raise()
        let round = minimum.round
        let isSecond = minimum.raise()
        #expect(isFirst && !isSecond, "somebody is finding out already")
        let isSettled = minimum.settle(round, at: early)
        #expect(!isSettled, "something was committed behind it")
        #expect(!minimum.allows(late))
        let isSettledNow = minimum.settle(minimum.round, at: late)
        #expect(isSettledNow)
        #expect(minimum.allows(late) && !minimum.allows(early))
        let beginsAnew = minimum.raise()
        #expect(beginsAnew)
    }

    @Test("stays closed when nobody could find out, until the next commit")
    func givenUp() {
        var minimum = MinimumReplayLSN()
        _ = minimum.raise()
        minimum.giveUp()
        #expect(!minimum.allows(late))
        let beginsAnew = minimum.raise()
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
