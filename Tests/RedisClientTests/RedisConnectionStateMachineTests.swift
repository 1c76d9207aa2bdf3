import NIOCore
import Testing

@testable import RedisClient

/// The machine without any socket, on a clock that the test moves.
@Suite struct RedisConnectionStateMachineTests {
    private struct Waiter: RedisWaiter, Equatable {
        var name: String
        var isAbandoned = false
        var mayBeRetried = false
        var isRead = true
        var askedAt = NIODeadline.distantFuture
        var deadline = NIODeadline.distantFuture
        var hasWaited = false
        var replyShape = RedisReplyShape()
    }

    private typealias Machine = RedisConnectionStateMachine<Waiter>

    private static func at(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(0) + .milliseconds(milliseconds)
    }

    private func at(_ milliseconds: Int64) -> NIODeadline { Self.at(milliseconds) }

    private func machine(isReady: Bool = true, commands: Int = 100, bytes: Int = 1_000) throws -> Machine {
        var machine = Machine(
            handshake: RedisHandshake(try RedisConfiguration(url: "redis://a")),
            deadline: at(1_000),
            limits: .init(
                commandTimeout: .milliseconds(100),
                longestWait: .seconds(1),
                maximumPendingCommands: commands,
                maximumPendingBytes: bytes
            ),
            now: at(0)
        )
        if isReady {
            _ = machine.reply(reply("$11\r\nrun_id:me\r\n\r\n"), now: Self.at(0))
            _ = machine.reply(reply("$0\r\n\r\n"), now: Self.at(0))
            guard case .becomeReady = machine.reply(reply("+PONG\r\n"), now: Self.at(0)) else {
                fatalError("not ready")
            }
        }
        return machine
    }

    /// Sends and flushes; the time for which a timer was asked.
    @discardableResult
    private func send(_ machine: inout Machine, _ waiter: Waiter?, size: Int = 10, at now: Int64, flushes: Bool = true)
        -> NIODeadline?
    {
        guard case .write(let timerAt) = machine.send(waiter, size: size, now: at(now)) else {
            Issue.record("rejected")
            return nil
        }
        if flushes { machine.flushed(unflushed: 0, now: at(now)) }
        return timerAt
    }

    private func rejection(_ action: Machine.SendAction) -> RedisError.Code? {
        if case .reject(let error) = action { error.code } else { nil }
    }

    private func delivered(_ action: Machine.ReplyAction) -> String {
        switch action {
        case .deliver(let waiter): waiter.name
        case .deliverAndClose(let waiter, _): (waiter?.name ?? "nobody") + ", close"
        case .discard: "discard"
        case .close(let error): "close: \(error.code)"
        case .becomeReady: "ready"
        case .becomeOther: "other"
        case .none: "none"
        }
    }

    @Test func `Nothing is sent before the handshake is done`() throws {
        var machine = try machine(isReady: false)
        #expect(rejection(machine.send(Waiter(name: "a"), size: 1, now: at(0))) == .unavailable)
        #expect(delivered(machine.reply(reply("$11\r\nrun_id:me\r\n\r\n"), now: Self.at(0))) == "none")
        #expect(delivered(machine.reply(reply("$18\r\nmaster_replid:it\r\n\r\n"), now: Self.at(0))) == "none")
        #expect(delivered(machine.reply(reply("+PONG\r\n"), now: Self.at(0))) == "ready")
        #expect(machine.identity == RedisServerIdentity(runID: "me", replicationID: "it"))
        send(&machine, Waiter(name: "a"), at: 0)
    }

    @Test func `Each reply has the shape that its command expects`() throws {
        var machine = try machine()
        let (single, double) = (RedisReplyShape(), RedisReplyShape(longElements: 2, replyCount: 3))
        func shapes() -> [RedisReplyShape] { (0..<5).map { machine.shape(ofReply: $0) } }
        #expect(shapes().allSatisfy { $0 == single })
        send(&machine, Waiter(name: "a", replyShape: double), at: 0)
        // A command of the connection's own, and one that is not wanted any more.
        send(&machine, nil, at: 0)
        send(&machine, Waiter(name: "b", isAbandoned: true, replyShape: double), at: 0)
        send(&machine, Waiter(name: "c", replyShape: double), at: 50)
        #expect(
            rejection(machine.send(Waiter(name: "d", replyShape: double), size: 10_000, now: at(50)))
                == .commandTooLarge
        )
        #expect(shapes() == [double, single, double, double, single])
        #expect(delivered(machine.reply(reply("$1\r\na\r\n"), now: at(50))) == "a")
        #expect(shapes() == [single, double, double, single, single])
        #expect(delivered(machine.reply(reply("+PONG\r\n"), now: at(50))) == "discard")
        #expect(delivered(machine.reply(reply("$1\r\nb\r\n"), now: at(50))) == "discard")
        #expect(shapes() == [double, single, single, single, single])
        _ = machine.close(RedisError(.connectionLost, "end"), byPeer: true, insideReply: false)
        #expect(shapes().allSatisfy { $0 == single })
    }

    @Test func `A handshake that takes too long closes the connection`() throws {
        var machine = try machine(isReady: false)
        #expect(machine.setTimer() == at(1_000))
        guard case .close(let error) = machine.deadlineReached(now: at(1_000), unflushed: 0, hasUnread: false).action
        else {
            Issue.record("still open")
            return
        }
        #expect(error.code == .timedOut)
    }

    @Test func `The handshake's timer does not stand for the first command's`() throws {
        var machine = try machine(isReady: false)
        _ = machine.setTimer()
        _ = machine.reply(reply("$0\r\n\r\n"), now: Self.at(0))
        _ = machine.reply(reply("$0\r\n\r\n"), now: Self.at(0))
        _ = machine.reply(reply("+PONG\r\n"), now: Self.at(0))
        #expect(send(&machine, Waiter(name: "a"), at: 10) == at(110))
    }

    @Test func `Replies go to the commands in their order and abandoned ones take theirs with them`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        send(&machine, Waiter(name: "b", isAbandoned: true), at: 0)
        send(&machine, nil, at: 0)
        send(&machine, Waiter(name: "c"), at: 0)
        let answers = (0..<4).map { _ in delivered(machine.reply(reply("+x\r\n"), now: Self.at(0))) }
        #expect(answers == ["a", "discard", "discard", "c"])
    }

    @Test func `A reply nobody asked for closes the connection`() throws {
        var machine = try machine()
        #expect(delivered(machine.reply(reply("+x\r\n"), now: Self.at(0))) == "close: protocolViolation")
    }

    @Test(arguments: ["-READONLY x\r\n", "-LOADING x\r\n", "-MASTERDOWN x\r\n"])
    func `A server that cannot be used any more is left after its reply is delivered`(text: String) throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        #expect(delivered(machine.reply(reply(text), now: Self.at(0))) == "a, close")
    }

    @Test(arguments: ["OOM", "NOPERM", "BUSY", "MISCONF", "MOVED", "CROSSSLOT", "CLUSTERDOWN", "WRONGTYPE", "ERR"])
    func `Any other error reply is a reply`(code: String) throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        #expect(delivered(machine.reply(reply("-\(code) x\r\n"), now: at(0))) == "a")
    }

    /// The action at a time at which nothing lies unread.
    private func look(
        _ machine: inout Machine,
        at now: Int64,
        unflushed: Int = 0,
        hasUnread: Bool = false,
        element: Int? = nil
    ) -> String {
        let outcome = machine.deadlineReached(
            now: at(now),
            unflushed: unflushed,
            hasUnread: hasUnread,
            element: element
        )
        let expired = outcome.expired.map { "\($0.name) expired, " }.joined()
        switch outcome.action {
        case .none: return expired + "none"
        case .setTimer(let next): return expired + "\((next - at(0)).nanoseconds / 1_000_000)"
        case .close(let error): return expired + "close: \(error.code)" + (error.element > 0 ? " \(error.element)" : "")
        }
    }

    @Test func `One timer serves all commands and follows the head`() throws {
        var machine = try machine()
        #expect(send(&machine, Waiter(name: "a"), at: 0) == at(100))
        #expect(send(&machine, Waiter(name: "b"), at: 60) == nil)
        machine.received(now: at(70))
        _ = machine.reply(reply("+x\r\n"), now: at(70))
        #expect(look(&machine, at: 100) == "160")
        #expect(look(&machine, at: 160) == "close: timedOut")
    }

    @Test func `What trickles in gives a read no more time`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        for now in stride(from: Int64(1), to: 100, by: 1) { machine.received(1, now: at(now)) }
        #expect(look(&machine, at: 100) == "close: timedOut")
    }

    /// Bytes a millisecond, from when on the first in the queue has the connection for itself, the element that is coming.
    @Test(
        arguments: [
            (100_000, Int64(0), 0, "close: replyTooSlow"), (1_100, 0, 0, "close: replyTooSlow"),
            (100_000, 0, 3, "close: replyTooSlow 3"), (100_000, 25, 0, "close: replyTooSlow"),
            // A server that gives little is slow, also to what was sent before.
            (1_000, 0, 0, "close: timedOut"), (20, 0, 0, "close: timedOut"), (0, 0, 0, "close: timedOut"),
            (20, 30, 0, "close: timedOut"), (1_000, 99, 0, "close: timedOut"), (20, 99, nil, "close: timedOut"),
            // One that gives others much before is not.
            (100_000, 30, 0, "a expired, 200"), (100_000, 99, 0, "a expired, 200"), (1_100, 99, nil, "a expired, 200"),
        ] as [(Int, Int64, Int?, String)]
    )
    func `Of a reply that was not whole in time it is told if the server or the length is to blame`(
        rate: Int,
        start: Int64,
        element: Int?,
        expected: String
    ) throws {
        var machine = try machine()
        if start > 0 { send(&machine, Waiter(name: "before"), at: 0) }
        send(&machine, Waiter(name: "a"), at: 0)
        for now in 1...Int64(100) {
            machine.received(rate, now: at(now))
            if now == start { _ = machine.reply(reply("+x\r\n"), now: at(now)) }
        }
        #expect(look(&machine, at: 100, element: element) == expected)
    }

    @Test func `Reads behind others whose replies come well fail alone, and later ones at once until they are there`()
        throws
    {
        var machine = try machine()
        for name in ["a", "b", "c", "d"] { send(&machine, Waiter(name: name), at: name == "d" ? 40 : 0) }
        machine.received(4_000_000, now: at(60))
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(60))) == "a")
        machine.received(2_000_000, now: at(95))
        #expect(look(&machine, at: 100, element: 0) == "b expired, c expired, 140")
        #expect(rejection(machine.send(Waiter(name: "e"), size: 1, now: at(101))) == .unavailable)
        send(&machine, Waiter(name: "write", isRead: false), size: 1, at: 102)
        machine.received(2_000_000, now: at(110))
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(110))) == "discard")
        machine.received(4_000_000, now: at(130))
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(130))) == "discard")
        // Nobody is late any more.
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(131))) == "d")
        send(&machine, Waiter(name: "e"), size: 1, at: 132)
        #expect(delivered(machine.reply(reply("+OK\r\n"), now: at(133))) == "write")
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(133))) == "e")
    }

    @Test func `Late replies that stop coming end the connection, and so does too long a time`() throws {
        for stops in [true, false] {
            var machine = try machine()
            for name in ["a", "b"] { send(&machine, Waiter(name: name), at: 0) }
            machine.received(4_000_000, now: at(90))
            #expect(delivered(machine.reply(reply("+x\r\n"), now: at(90))) == "a")
            var said = look(&machine, at: 100, element: 0)
            #expect(said == "b expired, 190")
            var now: Int64 = 100
            while !said.hasPrefix("close"), now < 5_000 {
                now += 90
                if !stops { machine.received(2_000_000, now: at(now)) }
                said = look(&machine, at: now, element: 0)
            }
            #expect(said == "close: timedOut")
            #expect(stops ? now == 190 : (1_000...1_100).contains(now))
        }
    }

    @Test func `A long reply to a write blames nothing else`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a", isRead: false), at: 0)
        machine.received(1_000_000, now: at(1))
        #expect(look(&machine, at: 101, element: 0) == "close: timedOut")
    }

    @Test func `A caller that has less time than the server is given up alone, by the same timer`() throws {
        var machine = try machine()
        #expect(send(&machine, Waiter(name: "a"), at: 0) == at(100))
        // Sooner than the timer that runs.
        #expect(send(&machine, Waiter(name: "b", deadline: at(40)), at: 10) == at(40))
        // Later than the one that runs now.
        #expect(send(&machine, Waiter(name: "c", deadline: at(60)), at: 20) == nil)
        #expect(look(&machine, at: 40) == "b expired, 60")
        #expect(look(&machine, at: 60) == "c expired, 100")
        let answers = (0..<3).map { _ in delivered(machine.reply(reply("+x\r\n"), now: at(61))) }
        #expect(answers == ["a", "discard", "discard"])
        #expect(look(&machine, at: 100) == "none")
    }

    @Test func `A read that was on another connection before has no more time for that`() throws {
        var machine = try machine()
        #expect(send(&machine, Waiter(name: "a", askedAt: at(0)), at: 70) == at(100))
        #expect(look(&machine, at: 100) == "close: timedOut")
    }

    @Test func `What is left of the time of a read that comes from elsewhere costs the connection nothing`() throws {
        var machine = try machine()
        #expect(send(&machine, Waiter(name: "a", askedAt: at(0), hasWaited: true), at: 99) == at(100))
        send(&machine, Waiter(name: "b"), at: 99)
        #expect(look(&machine, at: 100) == "a expired, 199")
        let answers = (0..<2).map { _ in delivered(machine.reply(reply("+x\r\n"), now: at(120))) }
        #expect(answers == ["discard", "b"])
    }

    @Test func `Reads behind a write that gets on fail alone, and later ones at once until it is done`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "write", isRead: false), size: 900, at: 0, flushes: false)
        machine.flushed(unflushed: 800, now: at(0))
        #expect(send(&machine, Waiter(name: "a"), size: 1, at: 10, flushes: false) == nil)
        #expect(send(&machine, Waiter(name: "b"), size: 1, at: 60, flushes: false) == nil)
        #expect(look(&machine, at: 100, unflushed: 600) == "110")
        #expect(look(&machine, at: 110, unflushed: 500) == "a expired, 160")
        #expect(rejection(machine.send(Waiter(name: "c"), size: 1, now: at(111))) == .unavailable)
        send(&machine, Waiter(name: "write 2", isRead: false), size: 1, at: 112, flushes: false)
        #expect(look(&machine, at: 160, unflushed: 0) == "b expired, 260")
        machine.received(now: at(170))
        #expect(delivered(machine.reply(reply("+OK\r\n"), now: at(170))) == "write")
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(170))) == "discard")
        #expect(rejection(machine.send(Waiter(name: "c"), size: 1, now: at(171))) == .unavailable)
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(172))) == "discard")
        send(&machine, Waiter(name: "d"), size: 1, at: 173)
        #expect(delivered(machine.reply(reply("+OK\r\n"), now: at(174))) == "write 2")
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(174))) == "d")
    }

    @Test func `A server that answers every read only just in time is left, unless it gives many bytes`() throws {
        for (bytes, isLeft) in [(40, true), (100_000, false)] {
            var machine = try machine()
            var last = ""
            for round in 0..<20 {
                let now = Int64(round) * 90
                send(&machine, Waiter(name: "a"), at: now)
                machine.received(bytes, now: at(now + 80))
                last = delivered(machine.reply(reply("+x\r\n"), now: at(now + 80)))
                if last != "a" { break }
            }
            #expect(last == (isLeft ? "a, close" : "a"))
        }
    }

    @Test func `One prompt reply among late ones is enough`() throws {
        var machine = try machine()
        for round in 0..<40 {
            let now = Int64(round) * 90
            send(&machine, Waiter(name: "a"), at: now)
            machine.received(40, now: at(now + 20))
            let wait: Int64 = round % 5 == 0 ? 20 : 80
            #expect(delivered(machine.reply(reply("+x\r\n"), now: at(now + wait))) == "a")
        }
    }

    @Test func `An idle connection has no timer`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        _ = machine.reply(reply("+x\r\n"), now: Self.at(0))
        guard case .none = machine.deadlineReached(now: at(100), unflushed: 0, hasUnread: false).action else {
            Issue.record("not idle")
            return
        }
        #expect(send(&machine, Waiter(name: "b"), at: 500) == at(600))
    }

    @Test func `Bytes that keep arriving keep a write alive for ten deadlines and no longer`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a", isRead: false), at: 0)
        var now: Int64 = 100
        for _ in 0..<20 {
            machine.received(now: at(now - 20))
            let next = look(&machine, at: now)
            guard let time = Int64(next) else {
                #expect(next == "close: timedOut" && now == 1_000)
                return
            }
            now = time
        }
        Issue.record("never closed")
    }

    @Test func `Bytes of a write at the head that are still being written keep it alive`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a", isRead: false), size: 900, at: 0, flushes: false)
        machine.flushed(unflushed: 800, now: at(0))
        #expect(look(&machine, at: 100, unflushed: 500) == "200")
        #expect(look(&machine, at: 200, unflushed: 500) == "close: timedOut")
    }

    @Test func `Commands written behind a hanging one do not keep it alive`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        for now in stride(from: Int64(10), to: 100, by: 10) { send(&machine, Waiter(name: "b"), at: now) }
        guard case .close = machine.deadlineReached(now: at(100), unflushed: 0, hasUnread: false).action else {
            Issue.record("still open")
            return
        }
    }

    @Test func `A deadline that passes while the reply lies unread counts once that has been read`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        // The loop is held up, and held up again before it reads.
        for now: Int64 in [250, 400, 600] {
            guard case .setTimer(let next) = machine.deadlineReached(now: at(now), unflushed: 0, hasUnread: true).action
            else {
                Issue.record("closed")
                return
            }
            #expect(next == at(now + 1))
        }
        // Half of the reply is what lay there; the other half never comes.
        machine.received(now: at(601))
        guard case .setTimer(let next) = machine.deadlineReached(now: at(601), unflushed: 0, hasUnread: false).action
        else {
            Issue.record("closed")
            return
        }
        #expect(next == at(701))
        guard case .close(let error) = machine.deadlineReached(now: at(701), unflushed: 0, hasUnread: false).action
        else {
            Issue.record("still open")
            return
        }
        #expect(error.code == .timedOut)
    }

    @Test func `The time of commands that a held up loop sends late begins when they leave`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0, flushes: false)
        machine.leaving(now: at(0))
        send(&machine, Waiter(name: "b"), at: 1, flushes: false)
        send(&machine, Waiter(name: "c", isRead: false), at: 2, flushes: false)
        send(&machine, Waiter(name: "d", deadline: at(90)), at: 3, flushes: false)
        machine.leaving(now: at(80))
        machine.flushed(unflushed: 0, now: at(80))
        #expect(look(&machine, at: 80) == "90")
        #expect(look(&machine, at: 90) == "d expired, 100")
        // The one that left in time is late in time.
        var other = machine
        #expect(look(&other, at: 100) == "close: timedOut")
        #expect(delivered(machine.reply(reply("+x\r\n"), now: at(99))) == "a")
        #expect(look(&machine, at: 100) == "180")
        #expect(look(&machine, at: 180) == "close: timedOut")
    }

    @Test func `The time of commands that leave at the end of their tick begins with it`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0, flushes: false)
        machine.leaving(now: at(50))
        machine.flushed(unflushed: 0, now: at(50))
        #expect(look(&machine, at: 100) == "close: timedOut")
    }

    @Test func `Unread bytes of a server that trickles give a loop that is in time no more than a moment`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        machine.received(now: at(95))
        #expect(look(&machine, at: 100, hasUnread: true) == "101")
        machine.received(now: at(101))
        #expect(look(&machine, at: 101, hasUnread: true) == "close: timedOut")
    }

    @Test func `Nothing is given up alone while the replies lie unread`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        send(&machine, Waiter(name: "b", deadline: at(50)), at: 0)
        #expect(look(&machine, at: 300, hasUnread: true) == "301")
        machine.received(now: at(301))
        let answers = (0..<2).map { _ in delivered(machine.reply(reply("+x\r\n"), now: at(301))) }
        #expect(answers == ["a", "b"])
        #expect(look(&machine, at: 301) == "none")
    }

    @Test func `Each command's unread reply is waited for`() throws {
        var machine = try machine()
        for (name, now) in [("a", Int64(0)), ("b", 500)] {
            send(&machine, Waiter(name: name), at: now)
            guard
                case .setTimer = machine.deadlineReached(now: at(now + 200), unflushed: 0, hasUnread: true).action
            else {
                Issue.record("closed")
                return
            }
            machine.received(now: at(now + 201))
            #expect(delivered(machine.reply(reply("+x\r\n"), now: Self.at(0))) == name)
            guard case .none = machine.deadlineReached(now: at(now + 201), unflushed: 0, hasUnread: false).action else {
                Issue.record("not idle")
                return
            }
        }
    }

    @Test func `Commands and bytes in flight are bounded`() throws {
        var machine = try machine(commands: 2, bytes: 100)
        #expect(rejection(machine.send(Waiter(name: "x"), size: 101, now: at(0))) == .commandTooLarge)
        send(&machine, Waiter(name: "a"), size: 60, at: 0, flushes: false)
        #expect(rejection(machine.send(Waiter(name: "x"), size: 41, now: at(0))) == .overloaded)
        machine.flushed(unflushed: 0, now: at(1))
        send(&machine, Waiter(name: "b"), size: 41, at: 1)
        #expect(rejection(machine.send(Waiter(name: "x"), size: 1, now: at(1))) == .overloaded)
        _ = machine.reply(reply("+x\r\n"), now: Self.at(0))
        send(&machine, Waiter(name: "c"), size: 1, at: 2)
    }

    @Test func `Reads whose connection was dead are given back and everything else fails`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "read", mayBeRetried: true), at: 0)
        send(&machine, Waiter(name: "write"), at: 0)
        send(&machine, Waiter(name: "cancelled", isAbandoned: true, mayBeRetried: true), at: 0)
        send(&machine, nil, at: 0)
        send(&machine, Waiter(name: "read 2", mayBeRetried: true), at: 0)
        let ended = machine.close(RedisError(.connectionLost, "gone"), byPeer: true, insideReply: false)
        #expect(ended?.retries.map(\.name) == ["read", "read 2"])
        #expect(ended?.failures.map(\.waiter.name) == ["write"])
        let again = machine.close(RedisError(.connectionLost, "gone"), byPeer: true, insideReply: false)
        #expect(again.map { _ in true } == nil)
    }

    @Test func `A read is not repeated after part of its reply, after a deadline, or when we closed`() throws {
        for (byPeer, inside) in [(true, true), (false, false)] {
            var machine = try machine()
            send(&machine, Waiter(name: "a", mayBeRetried: true), at: 0)
            let ended = machine.close(RedisError(.timedOut, "late"), byPeer: byPeer, insideReply: inside)
            #expect(ended?.retries.isEmpty == true)
            #expect(ended?.failures.map(\.error.code) == [.timedOut])
        }
    }

    @Test func `Reads behind a reply that is too large are given back`() throws {
        var machine = try machine()
        for name in ["a", "b", "c"] { send(&machine, Waiter(name: name, mayBeRetried: name != "c"), at: 0) }
        let ended = machine.close(RedisError(.replyTooLarge, "long"), byPeer: false, insideReply: false)
        #expect(ended?.retries.map(\.name) == ["b"])
        #expect(ended?.failures.map(\.error.code) == [.replyTooLarge, .connectionLost])
    }

    @Test func `Only the head timed out, those behind it lost their connection`() throws {
        var machine = try machine()
        for name in ["a", "b", "c"] { send(&machine, Waiter(name: name), at: 0) }
        let ended = machine.close(RedisError(.timedOut, "late"), byPeer: false, insideReply: false)
        #expect(ended?.failures.map(\.error.code) == [.timedOut, .connectionLost, .connectionLost])
    }

    @Test func `Draining waits for the replies that are due and takes no more commands`() throws {
        var idle = try machine()
        let closesIdle = idle.drain()
        #expect(closesIdle)
        var busy = try machine()
        send(&busy, Waiter(name: "a"), at: 0)
        let closesBusy = busy.drain()
        #expect(!closesBusy)
        #expect(rejection(busy.send(Waiter(name: "b"), size: 1, now: at(0))) == .unavailable)
        #expect(!busy.isDrained)
        #expect(delivered(busy.reply(reply("+x\r\n"), now: Self.at(0))) == "a")
        #expect(busy.isDrained)
    }
}
