import Logging
import NIOCore
import Synchronization
import Testing

@testable import RedisClient

/// What the log says about a server that comes and goes, on a clock that the test moves.
@Suite struct RedisAvailabilityMonitorTests {
    private final class Clock: Sendable {
        private let time = Mutex(NIODeadline.uptimeNanoseconds(0))

        var now: NIODeadline { time.withLock { $0 } }

        func advance(_ amount: TimeAmount) { time.withLock { $0 = $0 + amount } }
    }

    private let clock = Clock()
    private let log = LogRecorder()
    private let availability: RedisAvailabilityMonitor

    init() {
        availability = RedisAvailabilityMonitor(logger: log.logger, now: { [clock] in clock.now })
    }

    /// How many warnings and notices there have been.
    private var said: [Int] { [log.entries(.warning).count, log.entries(.notice).count] }

    private func fail(_ link: Int) {
        availability.failed(link, RedisError(.connectionLost, "gone"))
    }

    @Test func `An outage of all connections is one warning and one notice`() {
        for link in 0..<2 { availability.becameReady(link) }
        for _ in 0..<100 {
            for link in 0..<2 { fail(link) }
            clock.advance(.seconds(2))
        }
        #expect(said == [1, 0])
        availability.becameReady(0)
        #expect(said == [1, 0])
        availability.becameReady(1)
        #expect(said == [1, 1])
    }

    @Test func `Each of two outages a minute apart is one warning and one notice`() {
        for outage in 1...2 {
            fail(0)
            #expect(said == [outage, outage - 1])
            availability.becameReady(0)
            #expect(said == [outage, outage])
            clock.advance(.minutes(1))
        }
    }

    @Test func `A server that comes and goes is at most one warning and one notice a minute`() {
        for _ in 0..<150 {
            availability.becameReady(0)
            clock.advance(.seconds(1))
            fail(0)
            clock.advance(.seconds(1))
        }
        // The warnings at 1, 61, 121, 181 and 241 of 300 seconds.
        #expect(said == [5, 5])
    }

    @Test func `An outage soon after another one that lasts is warned of when the minute is over`() {
        fail(0)
        availability.becameReady(0)
        clock.advance(.seconds(10))
        fail(0)
        clock.advance(.seconds(49))
        fail(0)
        #expect(said == [1, 1])
        clock.advance(.seconds(1))
        fail(0)
        #expect(said == [2, 1])
        availability.becameReady(0)
        #expect(said == [2, 2])
    }

    /// A connection whose handshake was answered so.
    private func refuse(_ link: Int, _ answer: String) throws {
        let configuration = try RedisConfiguration(url: "redis://u:p@h/99")
        var handshake = RedisHandshake(configuration)
        var error: RedisError?
        for answer in [answer, "-ERR DB index is out of range\r\n"] where error == nil {
            if case .failed(let failure) = handshake.answer(reply(answer)) { error = failure }
        }
        availability.failed(link, try #require(error))
    }

    @Test(arguments: [
        ("-WRONGPASS invalid username-password pair\r\n", "the right user and password"),
        ("-NOAUTH Authentication required.\r\n", "put the right user and password"),
        ("-ERR invalid password\r\n", "the right user and password"),
        ("-ERR AUTH <password> called without any password configured\r\n", "take the password out"),
        ("-DENIED Redis is running in protected mode\r\n", "give it a password"),
        ("-NOPERM this user has no permissions\r\n", "ACL SETUSER"), ("+OK\r\n", "its setting databases"),
    ])
    func `A refused login or database is no outage, and its cure is named`(_ answer: String, _ cure: String) throws {
        for _ in 0..<3 { try refuse(0, answer) }
        #expect(said == [1, 0])
        let warning = try #require(log.entries(.warning).first)
        #expect(warning.message == "Redis refuses connections, trying to connect again")
        #expect(warning.cure.contains(cure))
    }

    @Test(arguments: [
        "-LOADING Redis is loading the dataset in memory\r\n", "-ERR max number of clients reached\r\n",
        "-MASTERDOWN Link with MASTER is down\r\n",
    ])
    func `A server that will take connections by itself refuses none`(_ answer: String) throws {
        try refuse(0, answer)
        #expect(log.entries(.warning).map(\.message) == ["Redis is unavailable, trying to connect again"])
    }

    @Test func `An outage that turns into a refusal is warned of once more, at most once a minute`() throws {
        for _ in 0..<20 {
            fail(0)
            try refuse(1, "-WRONGPASS no\r\n")
            clock.advance(.seconds(1))
        }
        #expect(
            log.entries(.warning).map(\.message) == [
                "Redis is unavailable, trying to connect again", "Redis refuses connections, trying to connect again",
            ]
        )
        for link in 0..<2 { availability.becameReady(link) }
        #expect(said == [2, 1])
    }
}
