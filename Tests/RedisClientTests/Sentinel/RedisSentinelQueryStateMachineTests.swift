import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisSentinelQueryStateMachineTests {
    /// A state machine whose actions are texts. Primaries are written as a host and a `config-epoch`: `a 0`.
    private struct Script {
        private var machine: RedisSentinelQueryStateMachine<Int>
        private let sentinels: Int
        var now: Int64 = 0

        init(sentinels: Int = 3) {
            self.sentinels = sentinels
            machine = RedisSentinelQueryStateMachine(
                sentinels: (1...sentinels).map { .tcp(host: "s\($0)", port: 26_379) },
                primaryName: "main"
            )
        }

        private var time: NIODeadline { .uptimeNanoseconds(1_000_000_000) + .milliseconds(now) }

        mutating func locate(_ waiter: Int) -> [String] { texts(machine.locate(waiter, now: time)) }
        mutating func check() -> [String] { texts(machine.check(now: time)) }

        mutating func answer(_ sentinel: Int, _ primary: String, round: Int = 1) -> [String] {
            answer(sentinel, .primary(location(primary)), round: round)
        }

        mutating func answer(_ sentinel: Int, _ answer: RedisSentinelAnswer, round: Int = 1) -> [String] {
            texts(machine.answered(answer, by: sentinel - 1, round: round, now: time))
        }

        /// Has all Sentinels reply to one question.
        mutating func round(_ number: Int, _ primaries: String...) -> [String] { round(number, primaries) }

        /// Has all Sentinels reply to a check, which is the question of this number.
        mutating func checked(_ number: Int, _ primaries: String...) -> [String] {
            _ = check()
            return round(number, primaries)
        }

        private mutating func round(_ number: Int, _ primaries: [String]) -> [String] {
            var actions: [String] = []
            for (index, primary) in primaries.enumerated() {
                actions += answer(index + 1, primary, round: number)
            }
            return actions
        }

        mutating func timer() -> [String] { texts(machine.timerFired(now: time)) }
        mutating func failed(_ primary: String) { machine.failed(location(primary), now: time) }
        mutating func connected(_ primary: String) -> [String] { texts(machine.connected(location(primary))) }
        mutating func stop() -> [String] { texts(machine.stop()) }

        /// - Parameter sentinel: the position of the Sentinel, the last one unless it is given.
        mutating func announced(_ former: String, _ new: String, by sentinel: Int? = nil) -> [String] {
            let change = RedisSentinelSwitch(former: .tcp(host: former, port: 1), new: .tcp(host: new, port: 1))
            return texts(machine.announced(change, by: (sentinel ?? sentinels) - 1, now: time))
        }

        private func location(_ text: String) -> RedisServerLocation {
            let parts = text.split(separator: " ")
            return RedisServerLocation(
                endpoint: .tcp(host: String(parts[0]), port: 1),
                configEpoch: UInt64(parts[1]) ?? 99
            )
        }

        private func text(_ location: RedisServerLocation) -> String {
            guard case .tcp(let host, _) = location.endpoint else { return "?" }
            return "\(host) \(location.configEpoch)"
        }

        private func texts(_ actions: [RedisSentinelQueryStateMachine<Int>.Action]) -> [String] {
            actions.map { action in
                switch action {
                case .ask(let round): "ask \(round)"
                case .setTimer(let at): "timer \((at - .uptimeNanoseconds(1_000_000_000)).nanoseconds / 1_000_000)"
                case .cancelTimer: "cancel"
                case .closeQuestions(let round): "close \(round)"
                case .deliver(let waiters, let location): "\(waiters) \(text(location))"
                case .fail(let waiters, let error): "\(waiters) \(error)"
                case .reportSwitch(let former, let new): "\(text(former)) → \(text(new))"
                case .move(let location): "move \(location.map { text($0) } ?? "away")"
                }
            }
        }
    }

    private func failure(_ message: String) -> RedisSentinelAnswer { .failure(RedisError(.unavailable, message)) }

    private func refusal(_ message: String) -> RedisSentinelAnswer {
        .failure(RedisError(.handshakeFailed, message, underlying: RedisServerError(message: message)))
    }

    // MARK: Rounds

    @Test func `All Sentinels are asked at once, and the replies of most are enough`() {
        var script = Script()
        #expect(script.locate(1) == ["timer 500", "ask 1"])
        #expect(script.answer(1, failure("refused")).isEmpty)
        #expect(script.answer(3, "a 0").isEmpty)
        #expect(script.answer(2, "a 0") == ["cancel", "[1] a 0"])
        #expect(script.locate(2) == ["timer 500", "ask 2"])
        #expect(script.answer(1, "a 0", round: 2).isEmpty)
        #expect(script.answer(3, "a 0", round: 2) == ["[2] a 0"])
        #expect(script.answer(2, "a 0", round: 2) == ["cancel"])
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
    func `Most of the Sentinels are more than half of them`(_ sentinels: Int, _ enough: Int) {
        var script = Script(sentinels: sentinels)
        _ = script.locate(1)
        for sentinel in 1..<enough { #expect(script.answer(sentinel, "a 0").isEmpty) }
        #expect(script.answer(enough, "a 0").last == "[1] a 0")
    }

    @Test func `One that replies is enough if the others do not`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.answer(2, "a 0")
        script.now = 500
        #expect(script.timer() == ["close 1", "[1] a 0"])
        _ = script.locate(2)
        _ = script.answer(1, failure("refused"), round: 2)
        _ = script.answer(2, "a 0", round: 2)
        #expect(script.answer(3, .unknownName, round: 2) == ["cancel", "[2] a 0"])
    }

    @Test func `Those who ask meanwhile share the round`() {
        var script = Script()
        _ = script.locate(1)
        #expect(script.locate(2).isEmpty)
        _ = script.answer(1, "a 0")
        #expect(script.answer(2, "a 0") == ["[1, 2] a 0"])
        // The round goes on for the other reply.
        #expect(script.locate(3) == ["[3] a 0"])
        #expect(script.answer(3, "a 0") == ["cancel"])
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
        #expect(script.answer(1, "a 0").isEmpty)
        #expect(script.timer().isEmpty)
    }

    @Test func `A reply counts once, and in its round`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.answer(1, failure("refused"))
        #expect(script.answer(1, "a 0").isEmpty)
        #expect(script.answer(4, "a 0").isEmpty)
        #expect(script.answer(2, "a 0", round: 2).isEmpty)
        #expect(script.answer(2, "a 0", round: 0).isEmpty)
        #expect(script.answer(2, "a 0").isEmpty)
        #expect(script.answer(3, "a 0") == ["cancel", "[1] a 0"])
    }

    @Test func `A check asks anew, also behind a round`() {
        var script = Script(sentinels: 1)
        #expect(script.check() == ["timer 500", "ask 1"])
        #expect(script.check().isEmpty)
        #expect(script.check().isEmpty)
        #expect(script.answer(1, "a 0") == ["cancel", "timer 500", "ask 2"])
        #expect(script.answer(1, "b 1", round: 2) == ["cancel", "a 0 → b 1", "move b 1"])
        #expect(script.check() == ["timer 500", "ask 3"])
        #expect(script.answer(1, failure("refused"), round: 3) == ["cancel"])
    }

    // MARK: Promotions

    @Test func `The highest number counts, whoever tells it`() {
        var script = Script()
        _ = script.locate(1)
        #expect(script.answer(1, "a 0").isEmpty)
        #expect(script.answer(2, "b 1") == ["[1] b 1", "a 0 → b 1", "move b 1"])
        #expect(script.answer(3, "a 0") == ["cancel"])
        // One that lags behind is not believed, even where most do.
        _ = script.locate(2)
        _ = script.answer(1, "a 0", round: 2)
        #expect(script.answer(2, "a 0", round: 2) == ["[2] b 1"])
        #expect(script.answer(3, "a 0", round: 2) == ["cancel"])
        #expect(script.connected("a 0") == ["move b 1"])
        #expect(script.connected("b 1").isEmpty)
    }

    @Test func `A server that is promoted again is another one`() {
        var script = Script(sentinels: 1)
        _ = script.locate(1)
        #expect(script.answer(1, "a 0") == ["cancel", "[1] a 0"])
        #expect(script.connected("a 0").isEmpty)
        _ = script.check()
        #expect(script.answer(1, "a 2", round: 2) == ["cancel", "a 0 → a 2", "move a 2"])
        #expect(script.connected("a 0") == ["move a 2"])
        #expect(script.connected("a 2").isEmpty)
    }

    @Test func `An announced primary is left at once, and used once its number is known`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0", "a 0")
        #expect(script.announced("a", "b") == ["timer 500", "ask 2", "move away"])
        #expect(script.connected("a 0") == ["move away"])
        #expect(script.locate(2).isEmpty)
        #expect(script.answer(1, "a 0", round: 2).isEmpty)
        #expect(script.answer(2, "a 0", round: 2).isEmpty)
        #expect(script.answer(3, "b 1", round: 2) == ["cancel", "[2] b 1", "a 0 → b 1", "move b 1"])
        // The announcement of another Sentinel.
        #expect(script.announced("a", "b") == ["timer 500", "ask 3"])
        #expect(script.connected("b 1").isEmpty)
    }

    @Test func `An announcement outdates the replies that are there`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.answer(1, "a 0")
        #expect(script.announced("a", "b") == ["close 1", "timer 500", "ask 2", "move away"])
        // Many announcements make no more than one round at a time.
        #expect(script.announced("a", "b").isEmpty)
        #expect(script.announced("b", "c").isEmpty)
        _ = script.answer(1, "b 1", round: 2)
        #expect(script.answer(2, "b 1", round: 2) == ["[1] b 1"])
        #expect(script.answer(3, "c 2", round: 2) == ["cancel", "timer 500", "ask 3", "b 1 → c 2", "move c 2"])
    }

    @Test func `An announcement back to the same server makes it another one`() {
        var script = Script(sentinels: 1)
        _ = script.locate(1)
        _ = script.answer(1, "a 0")
        #expect(script.announced("b", "a") == ["timer 500", "ask 2"])
        #expect(script.answer(1, "a 2", round: 2) == ["cancel", "a 0 → a 2", "move a 2"])
    }

    @Test func `An announcement before the first reply is a question`() {
        var script = Script(sentinels: 1)
        #expect(script.announced("a", "b") == ["timer 500", "ask 1"])
        #expect(script.answer(1, "b 1") == ["cancel"])
        #expect(script.connected("b 1").isEmpty)
        // From one name of a server to another.
        #expect(script.announced("b", "b") == ["timer 500", "ask 2"])
        #expect(script.connected("b 1").isEmpty)
    }

    @Test func `A successor that nobody names yet is an error`() {
        var script = Script(sentinels: 2)
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0")
        _ = script.announced("a", "b", by: 2)
        _ = script.locate(2)
        _ = script.answer(1, "a 0", round: 2)
        #expect(
            script.answer(2, failure("Connection refused"), round: 2) == [
                "cancel",
                "[2] unavailable: none of 2 Sentinels names the successor of the primary 'main': "
                    + "s1:26379: it is a:1; s2:26379: Connection refused",
            ]
        )
        _ = script.locate(3)
        _ = script.answer(1, "a 0", round: 3)
        #expect(script.answer(2, "b 1", round: 3) == ["cancel", "[3] b 1", "a 0 → b 1", "move b 1"])
    }

    @Test func `An announcement of what came before the primary is forgotten once its Sentinel has replied`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 3", "a 3", "b 2")
        #expect(script.announced("a", "b", by: 3) == ["timer 500", "ask 2", "move away"])
        #expect(script.locate(2).isEmpty)
        #expect(script.answer(1, "a 3", round: 2).isEmpty)
        #expect(script.connected("a 3") == ["move away"])
        #expect(script.answer(3, "b 2", round: 2) == ["[2] a 3"])
        #expect(script.connected("a 3").isEmpty)
    }

    @Test func `A reply from before an announcement does not revoke it`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 3", "a 3", "a 3")
        _ = script.announced("x", "y", by: 3)
        // The round of that has begun, and its questions may have been answered before.
        #expect(script.announced("a", "b", by: 3) == ["move away"])
        _ = script.answer(3, "a 3", round: 2)
        #expect(script.connected("a 3") == ["move away"])
        _ = script.answer(1, "a 3", round: 2)
        #expect(script.answer(2, "a 3", round: 2) == ["cancel", "timer 500", "ask 3"])
        #expect(script.answer(3, "b 4", round: 3) == ["a 3 → b 4", "move b 4"])
    }

    @Test func `The highest number that there is has no successor`() {
        var script = Script(sentinels: 1)
        _ = script.locate(1)
        _ = script.answer(1, "a \(UInt64.max)")
        #expect(script.announced("a", "b") == ["timer 500", "ask 2"])
        #expect(script.answer(1, "b \(UInt64.max)", round: 2).last == "move b \(UInt64.max)")
    }

    // MARK: Configurations that begin anew

    @Test func `A lower number is believed after a while, if most Sentinels tell it`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 7", "a 7", "a 7")
        script.now = 14_999
        #expect(script.checked(2, "c 0", "c 0", "c 0") == ["cancel"])
        script.now = 15_000
        #expect(script.checked(3, "c 0", "b 1", "c 0") == ["cancel"])
        #expect(script.checked(4, "c 0", "c 0", "b 0") == ["cancel", "a 7 → c 0", "move c 0"])
        #expect(script.connected("c 0").isEmpty)
    }

    @Test func `A lower number is believed a while after the last confirmation of the higher one`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 7", "a 7", "a 7")
        script.now = 14_999
        // One is enough.
        #expect(script.checked(2, "c 0", "c 0", "a 7") == ["cancel"])
        script.now = 29_998
        #expect(script.checked(3, "c 0", "c 0", "c 0") == ["cancel"])
        script.now = 29_999
        #expect(script.checked(4, "c 0", "c 0", "c 0") == ["cancel", "a 7 → c 0", "move c 0"])
    }

    @Test func `A lower number is believed after a while, if its primary can't be used and nobody knows better`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0", "b 1")
        script.now = 15_000
        _ = script.check()
        _ = script.answer(1, "a 0", round: 2)
        _ = script.answer(2, failure("Connection refused"), round: 2)
        #expect(script.answer(3, failure("Connection refused"), round: 2) == ["cancel"])
        script.failed("b 1")
        _ = script.locate(2)
        _ = script.answer(1, "a 0", round: 3)
        _ = script.answer(2, failure("Connection refused"), round: 3)
        #expect(
            script.answer(3, failure("Connection refused"), round: 3) == [
                "cancel", "[2] a 0", "b 1 → a 0", "move a 0",
            ]
        )
    }

    @Test func `A former primary is believed after a while, if nobody names its successor`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0", "a 0")
        script.now = 1
        // And the one that has announced it does not reply.
        _ = script.announced("a", "b")
        _ = script.answer(1, "a 0", round: 2)
        script.now = 501
        _ = script.timer()
        #expect(script.connected("a 0") == ["move away"])
        script.now = 15_000
        _ = script.locate(2)
        _ = script.answer(1, "a 0", round: 3)
        script.now = 15_500
        #expect(script.timer() == ["close 3", "[2] a 0"])
        #expect(script.connected("a 0").isEmpty)
    }

    @Test func `Of two addresses for one number, that of most Sentinels is used`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.answer(1, "name 3")
        #expect(script.answer(2, "address 3") == ["[1] name 3"])
        #expect(script.answer(3, "address 3") == ["cancel", "name 3 → address 3", "move address 3"])
        #expect(script.checked(2, "name 3", "address 3", "address 3") == ["cancel"])
        // Without a majority, none is left.
        var even = Script(sentinels: 2)
        _ = even.locate(1)
        _ = even.answer(1, "name 3")
        #expect(even.answer(2, "address 3") == ["cancel", "[1] name 3"])
        // Unless it can't be used.
        even.failed("name 3")
        _ = even.locate(2)
        // Nobody is hurried from one to the other and back, as long as neither can be used.
        #expect(even.round(2, "name 3", "address 3") == ["cancel", "[2] address 3", "name 3 → address 3"])
        even.failed("address 3")
        even.now = 1
        even.failed("address 3")
        _ = even.locate(3)
        #expect(even.round(3, "name 3", "address 3") == ["cancel", "[3] name 3", "address 3 → name 3"])
    }

    @Test func `An address of most Sentinels that can't be used does not lead away from one that can`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "name 3", "name 3", "address 3")
        script.failed("address 3")
        #expect(script.checked(2, "name 3", "address 3", "address 3") == ["cancel"])
    }

    // MARK: Servers that can't be used

    @Test func `A server that could not be used is named again only if nobody names another one`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0", "a 0")
        script.failed("a 0")
        _ = script.locate(2)
        #expect(script.answer(1, "a 0", round: 2).isEmpty)
        #expect(script.answer(2, "a 0", round: 2).isEmpty)
        #expect(script.answer(3, "a 0", round: 2) == ["cancel", "[2] a 0"])
        _ = script.locate(3)
        #expect(script.answer(1, "a 0", round: 3).isEmpty)
        script.now = 500
        #expect(script.timer() == ["close 3", "[3] a 0"])
        _ = script.locate(4)
        #expect(script.answer(1, "a 0", round: 4).isEmpty)
        #expect(script.answer(2, "b 1", round: 4) == ["[4] b 1", "a 0 → b 1", "move b 1"])
    }

    @Test func `A connection makes a server usable again`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0", "a 0")
        script.failed("a 0")
        #expect(script.connected("a 0").isEmpty)
        _ = script.locate(2)
        _ = script.answer(1, "a 0", round: 2)
        #expect(script.answer(2, "a 0", round: 2) == ["[2] a 0"])
    }

    @Test func `A promotion makes a server usable again, and later failures of before do not count`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0", "a 0")
        script.failed("a 0")
        _ = script.checked(2, "b 1", "b 1", "b 1")
        script.failed("a 0")
        _ = script.check()
        #expect(script.answer(1, "a 2", round: 3) == ["b 1 → a 2", "move a 2"])
        script.failed("a 0")
        _ = script.answer(2, "a 2", round: 3)
        #expect(script.locate(2) == ["[2] a 2"])
    }

    @Test func `A failure of an announced primary does not count once it is promoted again`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.round(1, "a 0", "a 0", "a 0")
        _ = script.announced("a", "b")
        script.failed("a 0")
        _ = script.locate(2)
        _ = script.answer(1, "a 2", round: 2)
        #expect(script.answer(2, "a 2", round: 2).first == "[2] a 2")
    }

    @Test func `Replies from before a failure are asked for again`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.answer(1, "a 0")
        #expect(script.answer(2, "a 0") == ["[1] a 0"])
        script.now = 1
        script.failed("a 0")
        script.now = 10
        #expect(script.locate(2) == ["close 1", "timer 510", "ask 2"])
        #expect(script.answer(1, "a 0", round: 2).isEmpty)
        // Further failures do not outdate replies that were given after the first one.
        script.now = 11
        script.failed("a 0")
        #expect(script.locate(3).isEmpty)
        #expect(script.answer(2, "b 1", round: 2) == ["[2, 3] b 1", "a 0 → b 1", "move b 1"])
    }

    @Test func `Few failures are remembered`() {
        var script = Script(sentinels: 2)
        _ = script.locate(1)
        _ = script.round(1, "first 0", "first 0")
        script.failed("first 0")
        for number in 1...32 {
            script.now = Int64(number)
            script.failed("h\(number) 0")
        }
        _ = script.locate(2)
        #expect(script.answer(1, "first 0", round: 2).isEmpty)
        // The failure of the first one is forgotten.
        #expect(script.answer(2, "h1 0", round: 2) == ["cancel", "[2] first 0"])
    }

    // MARK: Errors and the end

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

    @Test func `Stopping fails all who wait`() {
        var script = Script()
        _ = script.locate(1)
        _ = script.check()
        _ = script.locate(2)
        let error = "shutDown: the client has been shut down"
        #expect(script.stop() == ["cancel", "close 1", "[1, 2] \(error)"])
        #expect(script.stop().isEmpty)
        #expect(script.locate(3) == ["[3] \(error)"])
        #expect(script.check().isEmpty)
        #expect(script.answer(1, "a 0").isEmpty)
        #expect(script.timer().isEmpty)
        #expect(script.announced("a", "b").isEmpty)
        #expect(script.connected("a 0").isEmpty)
    }

    @Test func `Stopping without a question closes nothing`() {
        var script = Script()
        #expect(script.stop().isEmpty)
    }
}
