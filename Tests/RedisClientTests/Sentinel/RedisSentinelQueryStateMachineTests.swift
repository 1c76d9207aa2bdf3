import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisSentinelQueryStateMachineTests {
    /// A state machine whose actions are texts.
    private struct Script {
        private var machine: RedisSentinelQueryStateMachine<Int>
        var now: Int64 = 0

        init(sentinels: Int = 3) {
            machine = RedisSentinelQueryStateMachine(
                sentinels: (1...sentinels).map { .tcp(host: "s\($0)", port: 26_379) },
                primaryName: "main"
            )
        }

        private var time: NIODeadline { .uptimeNanoseconds(1_000_000_000) + .milliseconds(now) }

        mutating func locate(_ waiter: Int, _ thoroughness: RedisSentinelQueryStateMachine<Int>.Thoroughness = .first)
            -> [String]
        {
            texts(machine.locate(waiter, thoroughness, now: time))
        }

        mutating func answer(_ sentinel: Int, _ host: String, round: Int = 1) -> [String] {
            answer(sentinel, .primary(endpoint(host)), round: round)
        }

        mutating func answer(_ sentinel: Int, _ answer: RedisSentinelAnswer, round: Int = 1) -> [String] {
            texts(machine.answered(answer, by: sentinel - 1, round: round, now: time))
        }

        mutating func timer() -> [String] { texts(machine.timerFired(now: time)) }
        mutating func failed(_ host: String) { machine.failed(endpoint(host), now: time) }
        mutating func connected(_ host: String) -> String? {
            machine.connected(endpoint(host), now: time).map { "\($0)" }
        }
        mutating func stop() -> [String] { texts(machine.stop()) }

        mutating func switched(_ former: String, _ new: String) -> [String] {
            texts(machine.switched(.init(former: endpoint(former), new: endpoint(new)), now: time))
        }

        private func endpoint(_ host: String) -> RedisConfiguration.Endpoint { .tcp(host: host, port: 1) }

        private func texts(_ actions: [RedisSentinelQueryStateMachine<Int>.Action]) -> [String] {
            actions.map { action in
                switch action {
                case .ask(let round): "ask \(round)"
                case .setTimer(let at): "timer \((at - .uptimeNanoseconds(1_000_000_000)).nanoseconds / 1_000_000)"
                case .cancelTimer: "cancel"
                case .closeQuestions(let round): "close \(round)"
                case .deliver(let waiters, let endpoint): "\(waiters) \(endpoint)"
                case .fail(let waiters, let error): "\(waiters) \(error)"
                }
            }
        }
    }

    private func failure(_ message: String) -> RedisSentinelAnswer { .failure(RedisError(.unavailable, message)) }

    private func refusal(_ message: String) -> RedisSentinelAnswer {
        .failure(RedisError(.handshakeFailed, message, underlying: RedisServerError(message: message)))
    }

    @Test func `All Sentinels are asked at once, and the first address counts`() {
        var script = Script()
        #expect(script.locate(1) == ["timer 500", "ask 1"])
        #expect(script.answer(1, failure("refused")).isEmpty)
        #expect(script.answer(3, "a") == ["[1] a:1"])
        #expect(script.answer(2, "b") == ["cancel"])
    }

    @Test func `Those who ask meanwhile share the round`() {
        var script = Script()
        _ = script.locate(1)
        #expect(script.locate(2).isEmpty)
        #expect(script.answer(1, "a") == ["[1, 2] a:1"])
        // The round goes on for the other replies.
        #expect(script.locate(3) == ["[3] a:1"])
        #expect(script.answer(2, "a").isEmpty)
        #expect(script.answer(3, "a") == ["cancel"])
        #expect(script.locate(4) == ["timer 500", "ask 2"])
    }

    @Test func `A round ends after half a second`() {
        var script = Script()
        _ = script.locate(1)
        script.now = 499
        #expect(script.timer() == ["timer 500"])
        script.now = 500
        #expect(
            script.timer() == [
                "close 1",
                "[1] unavailable: none of 3 Sentinels names the address of the primary 'main': "
                    + "s1:26379, s2:26379, s3:26379: no reply within 500 ms",
            ]
        )
        #expect(script.answer(1, "a").isEmpty)
        #expect(script.timer().isEmpty)
    }

    @Test func `A reply counts once, and in its round`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.answer(1, failure("refused"))
        #expect(script.answer(1, "a").isEmpty)
        #expect(script.answer(4, "a").isEmpty)
        #expect(script.answer(2, "a", round: 2).isEmpty)
        #expect(script.answer(2, "a", round: 0).isEmpty)
        #expect(script.answer(2, "a") == ["[1] a:1"])
    }

    @Test func `A server that could not be used is named again only if all name it`() {
        var script = Script()
        script.failed("a")
        _ = script.locate(1)
        #expect(script.answer(1, "a").isEmpty)
        #expect(script.answer(2, "a").isEmpty)
        #expect(script.answer(3, "a") == ["cancel", "[1] a:1"])
        _ = script.locate(2)
        #expect(script.answer(1, "a", round: 2).isEmpty)
        script.now = 500
        #expect(script.timer() == ["close 2", "[2] a:1"])
        _ = script.locate(3)
        #expect(script.answer(1, "a", round: 3).isEmpty)
        #expect(script.answer(2, "b", round: 3) == ["[3] b:1"])
    }

    @Test func `A stale Sentinel that replies first does not keep anybody from the new primary`() {
        var script = Script()
        _ = script.locate(1)
        #expect(script.answer(1, "a") == ["[1] a:1"])
        script.now = 1
        script.failed("a")
        script.now = 2
        #expect(script.answer(2, "b").isEmpty)
        #expect(script.locate(2) == ["[2] b:1"])
        #expect(script.connected("b") == nil)
        #expect(script.answer(3, "b") == ["cancel"])
        _ = script.locate(3)
        #expect(script.answer(1, "a", round: 2).isEmpty)
        #expect(script.answer(2, "b", round: 2) == ["[3] b:1"])
    }

    @Test func `Replies from before a failure are asked for again`() {
        var script = Script()
        _ = script.locate(1)
        #expect(script.answer(1, "a") == ["[1] a:1"])
        script.now = 1
        script.failed("a")
        script.now = 10
        #expect(script.locate(2) == ["close 1", "timer 510", "ask 2"])
        #expect(script.answer(1, "a", round: 2).isEmpty)
        // Further failures do not outdate replies that were given after the first one.
        script.now = 11
        script.failed("a")
        #expect(script.locate(3).isEmpty)
        #expect(script.answer(2, "b", round: 2) == ["[2, 3] b:1"])
    }

    @Test func `Of servers that could not be used, the one whose last failure is the oldest comes next`() {
        var script = Script(sentinels: 2)
        script.failed("a")
        script.now = 1
        script.failed("b")
        for (round, expected) in ["a", "b", "a", "b"].enumerated() {
            script.now += 10
            _ = script.locate(round)
            #expect(script.answer(1, "a", round: round + 1).isEmpty)
            #expect(script.answer(2, "b", round: round + 1) == ["cancel", "[\(round)] \(expected):1"])
            script.failed(expected)
        }
    }

    @Test func `A former primary comes last`() {
        var script = Script(sentinels: 2)
        _ = script.switched("a", "b")
        script.now = 1
        script.failed("b")
        _ = script.locate(1)
        _ = script.answer(1, "a")
        #expect(script.answer(2, "b") == ["cancel", "[1] b:1"])
    }

    @Test func `A former primary comes last until Sentinels have made a replica of it`() {
        var script = Script(sentinels: 2)
        _ = script.switched("a", "b")
        script.now = 1
        script.failed("b")
        script.now = 14_999
        #expect(script.connected("a") == "b:1")
        script.now = 15_000
        _ = script.locate(1)
        _ = script.answer(1, "b")
        #expect(script.answer(2, "a") == ["cancel", "[1] a:1"])
        #expect(script.connected("a") == nil)
    }

    @Test func `An announcement is followed at once`() {
        var script = Script()
        _ = script.locate(1)
        #expect(script.switched("a", "b") == ["[1] b:1"])
        #expect(script.answer(1, "a").isEmpty)
        #expect(script.locate(2).isEmpty)
        #expect(script.answer(2, "b") == ["[2] b:1"])
    }

    @Test func `Who has connected to a former primary is led to the new one`() {
        var script = Script(sentinels: 1)
        _ = script.locate(1)
        #expect(script.answer(1, "a") == ["cancel", "[1] a:1"])
        #expect(script.switched("a", "b").isEmpty)
        #expect(script.connected("a") == "b:1")
        #expect(script.connected("b") == nil)
        #expect(script.connected("a") == "b:1")
        #expect(script.switched("b", "a").isEmpty)
        #expect(script.connected("a") == nil)
        // Without an announcement, all Sentinels have to name it.
        _ = script.switched("a", "b")
        script.failed("b")
        _ = script.locate(2)
        #expect(script.answer(1, "a", round: 2) == ["cancel", "[2] a:1"])
        #expect(script.connected("a") == nil)
    }

    @Test func `A check waits for all replies, and counts what more than half of the Sentinels say`() {
        var script = Script()
        #expect(script.connected("a") == nil)
        #expect(script.locate(1, .all) == ["timer 500", "ask 1"])
        #expect(script.answer(1, "b").isEmpty)
        #expect(script.answer(2, "a").isEmpty)
        #expect(script.answer(3, "a") == ["cancel", "[1] a:1"])
        _ = script.locate(2, .all)
        // One that lags behind does not lead away from a primary that works.
        #expect(script.answer(1, "a", round: 2).isEmpty)
        #expect(script.answer(2, "b", round: 2).isEmpty)
        #expect(
            script.answer(3, failure("refused"), round: 2) == [
                "cancel",
                "[2] unavailable: 3 Sentinels do not agree on the primary 'main': s1:26379: it is a:1; "
                    + "s2:26379: it is b:1; s3:26379: refused",
            ]
        )
        _ = script.locate(3, .all)
        _ = script.answer(1, failure("refused"), round: 3)
        _ = script.answer(2, "b", round: 3)
        #expect(script.answer(3, failure("refused"), round: 3).last?.hasPrefix("[3] unavailable") == true)
        _ = script.locate(4, .all)
        _ = script.answer(1, "b", round: 4)
        _ = script.answer(2, "b", round: 4)
        #expect(script.answer(3, "a", round: 4) == ["cancel", "[4] b:1"])
    }

    @Test func `A check does not count replies to an earlier question`() {
        var script = Script(sentinels: 2)
        _ = script.locate(1)
        #expect(script.answer(1, "a") == ["[1] a:1"])
        #expect(script.locate(2, .all).isEmpty)
        #expect(script.answer(2, "a") == ["cancel", "timer 500", "ask 2"])
        #expect(script.answer(1, "b", round: 2).isEmpty)
        #expect(script.answer(2, "b", round: 2) == ["cancel", "[2] b:1"])
    }

    @Test func `A check does not lead back to a former primary`() {
        var script = Script()
        _ = script.switched("a", "b")
        _ = script.locate(1, .all)
        _ = script.answer(1, "a")
        _ = script.answer(2, "a")
        #expect(script.answer(3, "b").last?.hasPrefix("[1] unavailable") == true)
        _ = script.locate(2, .all)
        _ = script.answer(1, "a", round: 2)
        _ = script.answer(2, "b", round: 2)
        #expect(script.answer(3, "b", round: 2) == ["cancel", "[2] b:1"])
    }

    @Test func `A check fails without an address`() {
        var script = Script(sentinels: 1)
        _ = script.locate(1, .all)
        #expect(
            script.answer(1, .unknownName) == [
                "cancel",
                "[1] unavailable: the Sentinel does not name the address of the primary 'main': "
                    + "s1:26379: no primary of this name is known",
            ]
        )
    }

    @Test func `An error says who has which reason`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.answer(1, .unknownName)
        _ = script.answer(2, failure("Connection refused"))
        #expect(
            script.answer(3, .unknownName) == [
                "cancel",
                "[1] unavailable: none of 3 Sentinels names the address of the primary 'main': "
                    + "s1:26379, s3:26379: no primary of this name is known; s2:26379: Connection refused",
            ]
        )
    }

    @Test func `A refused login is a refusal`() {
        var script = Script(sentinels: 2)
        _ = script.locate(1)
        _ = script.answer(1, failure("Connection refused"))
        #expect(
            script.answer(2, refusal("NOAUTH Authentication required.")) == [
                "cancel",
                "[1] handshakeFailed: none of 2 Sentinels names the address of the primary 'main': "
                    + "s1:26379: Connection refused; s2:26379: NOAUTH Authentication required.; "
                    + "Sentinels have a login of their own (sentinel-user, sentinel-password)",
            ]
        )
        let error = RedisSentinelQueryFailure(
            primaryName: "main",
            answers: [(.tcp(host: "s", port: 1), refusal("NOAUTH Authentication required."))],
            limit: .milliseconds(500)
        ).error
        #expect(error.isRefusal)
        #expect(error.refusal?.kind == .notAuthenticated)
    }

    @Test func `A Sentinel that knows nothing yet is no refusal`() {
        var script = Script(sentinels: 1)
        _ = script.locate(1)
        #expect(
            script.answer(1, refusal("IDONTKNOW I have not enough information to reply.")) == [
                "cancel",
                "[1] unavailable: the Sentinel does not name the address of the primary 'main': "
                    + "s1:26379: IDONTKNOW I have not enough information to reply.",
            ]
        )
    }

    @Test func `Few failures are remembered`() {
        var script = Script(sentinels: 2)
        script.failed("first")
        for number in 1...32 {
            script.now = Int64(number)
            script.failed("h\(number)")
        }
        _ = script.locate(1)
        #expect(script.answer(1, "h1").isEmpty)
        #expect(script.answer(2, "first") == ["cancel", "[1] first:1"])
    }

    @Test func `Stopping fails all who wait`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.locate(2, .all)
        let error = "shutDown: the client has been shut down"
        #expect(script.stop() == ["cancel", "close 1", "[1, 2] \(error)"])
        #expect(script.stop().isEmpty)
        #expect(script.locate(3) == ["[3] \(error)"])
        #expect(script.answer(1, "a").isEmpty)
        #expect(script.timer().isEmpty)
        #expect(script.switched("a", "b").isEmpty)
    }

    @Test func `Stopping without a question closes nothing`() {
        var script = Script()
        #expect(script.stop().isEmpty)
    }
}
