import ClientSupport
import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisReconnectStateMachineTests {
    private let backoff = ExponentialBackoff(minimum: .milliseconds(10), maximum: .seconds(2))

    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    private func route(_ machine: RedisReconnectStateMachine, isRetry: Bool = false) -> String {
        switch machine.route(isRetry: isRetry) {
        case .connection: "connection"
        case .wait: "wait"
        case .fail(let error): "\(error.code)"
        }
    }

    @Test func `Waits double from the shortest to the longest`() {
        let waits = (1...12).map { backoff.delay(afterFailures: $0, random: 1) }
        #expect(waits == [10, 20, 40, 80, 160, 320, 640, 1_280, 2_000, 2_000, 2_000, 2_000].map { .milliseconds($0) })
        #expect(backoff.delay(afterFailures: 1_000_000, random: 1) == .seconds(2))
    }

    @Test func `A wait is shortened by up to a half at random`() {
        #expect(backoff.delay(afterFailures: 3, random: 0) == .milliseconds(20))
        #expect(backoff.delay(afterFailures: 3, random: 0.5) == .milliseconds(30))
    }

    @Test func `Commands wait for the first attempt and for no later one`() {
        var machine = RedisReconnectStateMachine(backoff: backoff)
        #expect(route(machine) == "wait")
        #expect(machine.ended(now: at(0), random: 1).delay == .milliseconds(10))
        #expect(route(machine) == "unavailable")
        #expect(route(machine, isRetry: true) == "unavailable")
        #expect(machine.ended(now: at(1), random: 1).delay == .milliseconds(20))
        machine.connected(now: at(2))
        #expect(route(machine) == "connection")
    }

    @Test func `A repeated read waits for the first attempt to replace its connection`() {
        var machine = RedisReconnectStateMachine(backoff: backoff)
        machine.connected(now: at(0))
        _ = machine.ended(now: at(10), random: 1)
        #expect(route(machine, isRetry: true) == "wait")
        #expect(route(machine) == "unavailable")
        _ = machine.ended(now: at(11), random: 1)
        #expect(route(machine, isRetry: true) == "unavailable")
    }

    @Test func `Only a connection that lasted starts the waits anew`() {
        var machine = RedisReconnectStateMachine(backoff: backoff)
        machine.connected(now: at(0))
        #expect(machine.ended(now: at(1), random: 1).delay == .milliseconds(10))
        machine.connected(now: at(2))
        #expect(machine.ended(now: at(3), random: 1).delay == .milliseconds(20))
        machine.connected(now: at(4))
        #expect(machine.ended(now: at(10), random: 1).delay == .milliseconds(10))
    }

    @Test func `Commands wait for the attempt to replace a connection that ended without an outage`() {
        var machine = RedisReconnectStateMachine(backoff: backoff)
        machine.connected(now: at(0))
        let ending = machine.ended(now: at(1), random: 1, cause: .idleClose)
        #expect(ending.isQuiet && ending.delay == .zero)
        #expect(route(machine) == "wait")
        #expect(route(machine, isRetry: true) == "wait")
        machine.connected(now: at(1))
        #expect(route(machine) == "connection")
        _ = machine.ended(now: at(2), random: 1, cause: .idleClose)
        let failed = machine.ended(now: at(2), random: 1)
        #expect(!failed.isQuiet && failed.delay == .milliseconds(10))
        #expect(route(machine) == "unavailable")
    }

    @Test func `Another server in place of this one is connected to at once`() {
        var machine = RedisReconnectStateMachine(backoff: backoff)
        machine.connected(now: at(0))
        let ending = machine.ended(now: at(1), random: 1, cause: .replacement)
        #expect(ending.isQuiet && ending.delay == .zero)
        #expect(route(machine) == "wait")
        machine.connected(now: at(1))
        for _ in 0..<8 { _ = machine.ended(now: at(10), random: 1) }
        // The attempts before were made to another server.
        let replaced = machine.ended(now: at(11), random: 1, cause: .replacement)
        #expect(replaced.isQuiet && replaced.delay == .zero)
        #expect(machine.ended(now: at(11), random: 1).delay == .milliseconds(10))
        // Those who name the server may not agree for long.
        let waits = (0..<4).map { _ in machine.ended(now: at(11), random: 1, cause: .replacement).delay }
        #expect(waits == [.zero, .zero, .milliseconds(10), .milliseconds(20)])
        machine.connected(now: at(12))
        _ = machine.ended(now: at(20), random: 1)
        #expect(machine.ended(now: at(20), random: 1, cause: .replacement).delay == .zero)
    }

    @Test func `A server that closes idle connections at once is not asked without end`() {
        var machine = RedisReconnectStateMachine(backoff: backoff)
        var waits: [TimeAmount?] = []
        for _ in 0..<6 {
            machine.connected(now: at(0))
            let ending = machine.ended(now: at(0), random: 1, cause: .idleClose)
            #expect(!ending.isQuiet)
            #expect(route(machine) == (ending.delay == .zero ? "wait" : "unavailable"))
            waits.append(ending.delay)
        }
        #expect(waits == [.zero, .zero, .zero, .milliseconds(10), .milliseconds(20), .milliseconds(40)])
        // What is wrong with a value is said, and costs no wait either.
        machine.connected(now: at(0))
        let value = machine.ended(now: at(1), random: 1, cause: .value)
        #expect(!value.isQuiet && value.delay == .zero)
        // One that lasts makes up for them.
        machine.connected(now: at(0))
        #expect(machine.ended(now: at(1), random: 1, cause: .idleClose).isQuiet)
    }

    @Test func `A stopped machine connects no more`() {
        var machine = RedisReconnectStateMachine(backoff: backoff)
        machine.stop()
        #expect(machine.ended(now: at(0), random: 1).delay == nil)
        machine.connected(now: at(0))
        #expect(route(machine) == "shutDown")
    }
}
