import PostgresClient
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesPostgres

@Suite("The watermark of replicas")
struct MinimumReplayLSNTests {
    private let early = PostgresLSN(offset: 100)
    private let late = PostgresLSN(offset: 200)

    @Test("lets everything pass before the first commit, and a primary's answers always")
    func open() {
        var watermark = MinimumReplayLSN()
        #expect(watermark.allows(early) && watermark.allows(nil))
        _ = watermark.raise()
        #expect(!watermark.allows(late))
        #expect(watermark.allows(nil))
    }

    @Test("stands where the last commit is once that is known, which one finds out for all")
    func settling() {
        var watermark = MinimumReplayLSN()
        let isFirst = watermark.raise()
        let round = watermark.round
        let isSecond = watermark.raise()
        #expect(isFirst && !isSecond, "somebody is finding out already")
        let isSettled = watermark.settle(round, at: early)
        #expect(!isSettled, "something was committed behind it")
        #expect(!watermark.allows(late))
        let isSettledNow = watermark.settle(watermark.round, at: late)
        #expect(isSettledNow)
        #expect(watermark.allows(late) && !watermark.allows(early))
        let beginsAnew = watermark.raise()
        #expect(beginsAnew)
    }

    @Test("stays closed when nobody could find out, until the next commit")
    func givenUp() {
        var watermark = MinimumReplayLSN()
        _ = watermark.raise()
        watermark.giveUp()
        #expect(!watermark.allows(late))
        let beginsAnew = watermark.raise()
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
