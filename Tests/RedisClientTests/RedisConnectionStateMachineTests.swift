import NIOCore
import Testing

@testable import RedisClient

/// The machine without any socket, on a clock that the test moves.
@Suite struct RedisConnectionStateMachineTests {
    private struct Waiter: RedisWaiter, Equatable {
        var name: String
        var isAbandoned = false
        var mayBeRetried = false
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
            _ = machine.reply(reply("$11\r\nrun_id:me\r\n\r\n"))
            guard case .becomeReady = machine.reply(reply("+PONG\r\n")) else { fatalError("not ready") }
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
        case .none: "none"
        }
    }

    @Test func `Nothing is sent before the handshake is done`() throws {
        var machine = try machine(isReady: false)
        #expect(rejection(machine.send(Waiter(name: "a"), size: 1, now: at(0))) == .unavailable)
        #expect(delivered(machine.reply(reply("$11\r\nrun_id:me\r\n\r\n"))) == "none")
        #expect(delivered(machine.reply(reply("+PONG\r\n"))) == "ready")
        #expect(machine.serverRunID == "me")
        send(&machine, Waiter(name: "a"), at: 0)
    }

    @Test func `A handshake that takes too long closes the connection`() throws {
        var machine = try machine(isReady: false)
        #expect(machine.setTimer() == at(1_000))
        guard case .close(let error) = machine.deadlineReached(now: at(1_000), unflushed: 0, hasUnread: false) else {
            Issue.record("still open")
            return
        }
        #expect(error.code == .timedOut)
    }

    @Test func `The handshake's timer does not stand for the first command's`() throws {
        var machine = try machine(isReady: false)
        _ = machine.setTimer()
        _ = machine.reply(reply("$0\r\n\r\n"))
        _ = machine.reply(reply("+PONG\r\n"))
        #expect(send(&machine, Waiter(name: "a"), at: 10) == at(110))
    }

    @Test func `Replies go to the commands in their order and abandoned ones take theirs with them`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        send(&machine, Waiter(name: "b", isAbandoned: true), at: 0)
        send(&machine, nil, at: 0)
        send(&machine, Waiter(name: "c"), at: 0)
        let answers = (0..<4).map { _ in delivered(machine.reply(reply("+x\r\n"))) }
        #expect(answers == ["a", "discard", "discard", "c"])
    }

    @Test func `A reply nobody asked for closes the connection`() throws {
        var machine = try machine()
        #expect(delivered(machine.reply(reply("+x\r\n"))) == "close: protocolViolation")
    }

    @Test(arguments: ["-READONLY x\r\n", "-LOADING x\r\n"])
    func `A server that cannot be used any more is left after its reply is delivered`(text: String) throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        #expect(delivered(machine.reply(reply(text))) == "a, close")
    }

    @Test func `An ordinary error reply is a reply`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        #expect(delivered(machine.reply(reply("-OOM x\r\n"))) == "a")
    }

    @Test func `One timer serves all commands and follows the head`() throws {
        var machine = try machine()
        #expect(send(&machine, Waiter(name: "a"), at: 0) == at(100))
        #expect(send(&machine, Waiter(name: "b"), at: 60) == nil)
        machine.received(now: at(70))
        _ = machine.reply(reply("+x\r\n"))
        guard case .setTimer(let next) = machine.deadlineReached(now: at(100), unflushed: 0, hasUnread: false) else {
            Issue.record("no timer")
            return
        }
        #expect(next == at(170))
        guard case .close(let error) = machine.deadlineReached(now: at(170), unflushed: 0, hasUnread: false) else {
            Issue.record("still open")
            return
        }
        #expect(error.code == .timedOut)
    }

    @Test func `An idle connection has no timer`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        _ = machine.reply(reply("+x\r\n"))
        guard case .none = machine.deadlineReached(now: at(100), unflushed: 0, hasUnread: false) else {
            Issue.record("not idle")
            return
        }
        #expect(send(&machine, Waiter(name: "b"), at: 500) == at(600))
    }

    @Test func `Bytes that keep arriving keep a command alive for ten deadlines and no longer`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        var now: Int64 = 100
        for _ in 0..<20 {
            machine.received(now: at(now - 20))
            switch machine.deadlineReached(now: at(now), unflushed: 0, hasUnread: false) {
            case .setTimer(let next): now = Int64((next - at(0)).nanoseconds / 1_000_000)
            case .close:
                #expect(now == 1_000)
                return
            case .none: Issue.record("no timer")
            }
        }
        Issue.record("never closed")
    }

    @Test func `Bytes of the head that are still being written keep it alive`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), size: 900, at: 0, flushes: false)
        machine.flushed(unflushed: 800, now: at(0))
        guard case .setTimer(let next) = machine.deadlineReached(now: at(100), unflushed: 500, hasUnread: false) else {
            Issue.record("no timer")
            return
        }
        #expect(next == at(200))
        guard case .close = machine.deadlineReached(now: at(200), unflushed: 500, hasUnread: false) else {
            Issue.record("still open")
            return
        }
    }

    @Test func `Commands written behind a hanging one do not keep it alive`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        for now in stride(from: Int64(10), to: 100, by: 10) { send(&machine, Waiter(name: "b"), at: now) }
        guard case .close = machine.deadlineReached(now: at(100), unflushed: 0, hasUnread: false) else {
            Issue.record("still open")
            return
        }
    }

    @Test func `A deadline that passes while the reply lies unread counts once that has been read`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        // The loop is held up, and held up again before it reads.
        for now: Int64 in [250, 400, 600] {
            guard case .setTimer(let next) = machine.deadlineReached(now: at(now), unflushed: 0, hasUnread: true) else {
                Issue.record("closed")
                return
            }
            #expect(next == at(now + 1))
        }
        // Half of the reply is what lay there; the other half never comes.
        machine.received(now: at(601))
        guard case .setTimer(let next) = machine.deadlineReached(now: at(601), unflushed: 0, hasUnread: false) else {
            Issue.record("closed")
            return
        }
        #expect(next == at(701))
        guard case .close(let error) = machine.deadlineReached(now: at(701), unflushed: 0, hasUnread: false) else {
            Issue.record("still open")
            return
        }
        #expect(error.code == .timedOut)
    }

    @Test func `Unread bytes do not keep a command alive beyond ten deadlines once some have been read`() throws {
        var machine = try machine()
        send(&machine, Waiter(name: "a"), at: 0)
        machine.received(now: at(950))
        guard case .setTimer(let next) = machine.deadlineReached(now: at(1_000), unflushed: 0, hasUnread: true) else {
            Issue.record("closed")
            return
        }
        #expect(next == at(1_001))
        machine.received(now: at(1_001))
        guard case .close = machine.deadlineReached(now: at(1_001), unflushed: 0, hasUnread: true) else {
            Issue.record("still open")
            return
        }
    }

    @Test func `Each command's unread reply is waited for`() throws {
        var machine = try machine()
        for (name, now) in [("a", Int64(0)), ("b", 500)] {
            send(&machine, Waiter(name: name), at: now)
            guard
                case .setTimer = machine.deadlineReached(now: at(now + 200), unflushed: 0, hasUnread: true)
            else {
                Issue.record("closed")
                return
            }
            machine.received(now: at(now + 201))
            #expect(delivered(machine.reply(reply("+x\r\n"))) == name)
            guard case .none = machine.deadlineReached(now: at(now + 201), unflushed: 0, hasUnread: false) else {
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
        _ = machine.reply(reply("+x\r\n"))
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
        #expect(delivered(busy.reply(reply("+x\r\n"))) == "a")
        #expect(busy.isDrained)
    }
}
