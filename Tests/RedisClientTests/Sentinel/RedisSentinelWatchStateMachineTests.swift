import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisSentinelWatchStateMachineTests {
    private typealias Machine = RedisSentinelWatchStateMachine
    private typealias Action = RedisSentinelWatchStateMachine.Action

    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }
    private func timer(_ milliseconds: Int64) -> Action { .setTimer(at(milliseconds)) }

    private func watching(count: Int = 3) -> Machine {
        var machine = Machine(count: count, primaryName: "main", first: 0)
        _ = machine.start(now: at(0))
        _ = machine.subscribed(1, now: at(0))
        return machine
    }

    @Test func `A subscription is followed by a question, because announcements may have been missed`() {
        var machine = Machine(count: 3, primaryName: "main", first: 2)
        #expect(machine.start(now: at(0)) == [timer(1_000), .subscribe(sentinel: 2, attempt: 1)])
        #expect(machine.start(now: at(1)).isEmpty)
        #expect(machine.subscribed(1, now: at(5)) == [timer(1_005), .check])
        #expect(machine.subscribed(1, now: at(6)).isEmpty)
    }

    @Test func `Announcements of the primary are followed`() {
        var machine = watching()
        let change = RedisSentinelSwitch(former: .tcp(host: "a", port: 1), new: .tcp(host: "b", port: 2))
        #expect(machine.received("main a 1 b 2", 1) == [.announced(change, sentinel: 0)])
        #expect(machine.received("other a 1 b 2", 1).isEmpty)
        #expect(machine.received("main a 1 b", 1).isEmpty)
        #expect(machine.received("main a 1 b 2", 2).isEmpty)
    }

    @Test func `A ping goes out every second and is replied to within one`() {
        var machine = watching()
        #expect(machine.timerFired(now: at(999), random: 0) == [timer(1_000)])
        #expect(machine.timerFired(now: at(1_000), random: 0) == [timer(2_000), .ping(attempt: 1)])
        machine.ponged(1)
        #expect(machine.timerFired(now: at(2_000), random: 0) == [timer(3_000), .ping(attempt: 1)])
        // A reply over an earlier connection is none.
        machine.ponged(0)
        #expect(machine.timerFired(now: at(2_999), random: 0) == [timer(3_000)])
        #expect(machine.timerFired(now: at(3_000), random: 1) == [.close(attempt: 1), timer(3_010)])
        #expect(machine.timerFired(now: at(3_010), random: 1) == [timer(4_010), .subscribe(sentinel: 1, attempt: 2)])
    }

    @Test func `A pong that comes late but before the timer counts`() {
        var machine = watching()
        _ = machine.timerFired(now: at(1_000), random: 0)
        machine.ponged(1)
        #expect(machine.timerFired(now: at(5_000), random: 0) == [timer(6_000), .ping(attempt: 1)])
    }

    @Test func `The address is checked every ten seconds`() {
        var machine = watching()
        var checks: [Int64] = []
        for second in 1...21 {
            let now = Int64(second) * 1_000
            if machine.timerFired(now: at(now), random: 0).contains(.check) { checks.append(now) }
            machine.ponged(1)
        }
        #expect(checks == [10_000, 20_000])
    }

    @Test func `Another Sentinel is subscribed to after a loss, with growing waits`() {
        var machine = Machine(count: 3, primaryName: "main", first: 1)
        _ = machine.start(now: at(0))
        var now: Int64 = 0
        var waits: [Int64] = []
        var sentinels: [Int] = []
        for attempt in 1...9 {
            guard case .setTimer(let time) = machine.lost(attempt, now: at(now), random: 1).first else { break }
            waits.append((time - at(now)).nanoseconds / 1_000_000)
            now = (time - at(0)).nanoseconds / 1_000_000
            guard case .subscribe(let sentinel, attempt + 1) = machine.timerFired(now: time, random: 1).last else {
                break
            }
            sentinels.append(sentinel)
        }
        #expect(waits == [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000])
        #expect(sentinels == [2, 0, 1, 2, 0, 1, 2, 0, 1])
    }

    @Test func `Waits are short again after a subscription that has lasted`() {
        var machine = watching()
        #expect(machine.lost(1, now: at(500), random: 1).first == timer(510))
        _ = machine.timerFired(now: at(510), random: 1)
        _ = machine.subscribed(2, now: at(510))
        // Too short to count as a success.
        #expect(machine.lost(2, now: at(520), random: 1).first == timer(540))
        _ = machine.timerFired(now: at(540), random: 1)
        _ = machine.subscribed(3, now: at(540))
        #expect(machine.lost(3, now: at(2_000), random: 1).first == timer(2_010))
    }

    @Test func `A Sentinel that accepts the connection and is silent is left`() {
        var machine = Machine(count: 2, primaryName: "main", first: 0)
        _ = machine.start(now: at(0))
        #expect(machine.timerFired(now: at(999), random: 0) == [timer(1_000)])
        #expect(machine.timerFired(now: at(1_000), random: 0) == [.close(attempt: 1), timer(1_005)])
        // Its late confirmation, messages and end are those of an earlier attempt.
        #expect(machine.subscribed(1, now: at(1_001)).isEmpty)
        #expect(machine.received("main a 1 b 2", 1).isEmpty)
        #expect(machine.timerFired(now: at(1_005), random: 0).last == .subscribe(sentinel: 1, attempt: 2))
        #expect(machine.lost(1, now: at(1_006), random: 0).isEmpty)
    }

    @Test func `Each attempt reports that no Sentinel can be watched, and a subscription once that one can again`() {
        var machine = Machine(count: 2, primaryName: "main", first: 0)
        _ = machine.start(now: at(0))
        #expect(!machine.lost(1, now: at(0), random: 0).contains(.reportBlind))
        _ = machine.timerFired(now: at(5), random: 0)
        #expect(machine.lost(2, now: at(5), random: 0).contains(.reportBlind))
        _ = machine.timerFired(now: at(100), random: 0)
        #expect(machine.lost(3, now: at(100), random: 0).contains(.reportBlind))
        _ = machine.timerFired(now: at(200), random: 0)
        #expect(machine.subscribed(4, now: at(200)).contains(.reportSight))
        #expect(!machine.lost(4, now: at(201), random: 0).contains(.reportBlind))
        _ = machine.timerFired(now: at(400), random: 0)
        #expect(!machine.subscribed(5, now: at(400)).contains(.reportSight))
    }

    @Test func `Nothing happens after the end`() {
        var machine = watching()
        #expect(machine.stop() == [.cancelTimer, .close(attempt: 1)])
        #expect(machine.stop().isEmpty)
        #expect(machine.timerFired(now: at(9_000), random: 0).isEmpty)
        #expect(machine.lost(1, now: at(9_000), random: 0).isEmpty)
        #expect(machine.subscribed(1, now: at(9_000)).isEmpty)
        #expect(machine.received("main a 1 b 2", 1).isEmpty)
        #expect(machine.start(now: at(9_000)).isEmpty)
        var waiting = watching()
        _ = waiting.lost(1, now: at(1), random: 0)
        #expect(waiting.stop() == [.cancelTimer])
        var idle = Machine(count: 1, primaryName: "main", first: 0)
        #expect(idle.stop().isEmpty)
        #expect(idle.start(now: at(0)).isEmpty)
    }
}
