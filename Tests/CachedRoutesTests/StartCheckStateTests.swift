import NIOCore
import Testing

@testable import CachedRoutesCore

@Suite("What is prepared when, and said of it")
struct StartCheckStateTests {
    private static func route(_ number: Int) -> StartCheckState.Route {
        StartCheckState.Route(name: "route\(number)", location: "routes.yaml:\(number)")
    }

    /// A state with statements that were added at the beginning of the time.
    private func state(_ count: Int, _ mode: StartCheckMode = .warn, concurrency: Int = 2) -> StartCheckState {
        var state = StartCheckState(mode: mode, concurrency: concurrency)
        for number in 0..<count { state.add(Self.route(number), now: Self.time(0)) }
        return state
    }

    private static func time(_ seconds: Double) -> NIODeadline {
        .uptimeNanoseconds(UInt64(seconds * 1e9))
    }

    private func end(
        _ state: inout StartCheckState,
        _ number: Int,
        _ outcome: StartCheckState.Outcome,
        at seconds: Double = 0
    ) -> [StartCheckState.Line] {
        // The longest pauses.
        state.ended(number, outcome, now: Self.time(seconds), random: 1)
    }

    @Test("A few statements at once, in their order, each once")
    func concurrency() {
        var state = state(3)
        #expect(state.next(now: Self.time(0)) == .prepare(0))
        #expect(state.next(now: Self.time(0)) == .prepare(1))
        #expect(state.next(now: Self.time(0)) == .wait(until: nil))
        #expect(end(&state, 1, .prepared) == [])
        #expect(state.next(now: Self.time(0)) == .prepare(2))
        #expect(end(&state, 0, .prepared) == [])
        #expect(end(&state, 2, .prepared) == [])
        #expect(state.next(now: Self.time(1000)) == .wait(until: nil))
        state.add(Self.route(3), now: Self.time(1000))
        #expect(state.next(now: Self.time(1000)) == .prepare(3))
        #expect(state.status == .passed)
    }

    @Test("At least one at once, however small the pool is")
    func smallPool() {
        var state = state(2, concurrency: 0)
        #expect(state.next(now: Self.time(0)) == .prepare(0))
        #expect(state.next(now: Self.time(0)) == .wait(until: nil))
    }

    @Test("A fault is said once, and under warn not asked for again")
    func warn() {
        var state = state(1)
        _ = state.next(now: Self.time(0))
        #expect(end(&state, 0, .faulty(error: "no")) == [.fault(Self.route(0), error: "no")])
        #expect(state.next(now: Self.time(0)) == .wait(until: nil))
        #expect(state.status == .passed)
    }

    @Test("Under fail the service is ready once all are prepared, and faulty ones are asked for again")
    func fail() {
        var state = state(2, .fail)
        #expect(state.status == .checking)
        _ = state.next(now: Self.time(0))
        _ = state.next(now: Self.time(0))
        #expect(end(&state, 1, .faulty(error: "no")).count == 1)
        #expect(state.status == .checking)
        #expect(end(&state, 0, .prepared) == [])
        #expect(state.status == .faulty(["route1"]))
        #expect(state.next(now: Self.time(0)) == .wait(until: Self.time(10)))
        #expect(state.next(now: Self.time(10)) == .prepare(1))
        // The same is not said twice, and something else is.
        #expect(end(&state, 1, .faulty(error: "no"), at: 11) == [])
        #expect(state.next(now: Self.time(21)) == .prepare(1))
        #expect(end(&state, 1, .faulty(error: "other"), at: 21) == [.fault(Self.route(1), error: "other")])
        #expect(state.next(now: Self.time(31)) == .prepare(1))
        #expect(end(&state, 1, .prepared, at: 31) == [.mended(Self.route(1))])
        #expect(state.status == .passed)
        #expect(state.next(now: Self.time(100)) == .wait(until: nil))
        state.add(Self.route(2), now: Self.time(100))
        #expect(state.status == .checking)
    }

    @Test("Without routes the service is ready")
    func nothing() {
        var state = state(0, .fail)
        #expect(state.status == .passed)
        #expect(state.next(now: Self.time(0)) == .wait(until: nil))
    }

    @Test("While the database is away all wait, longer each time, and nothing is said")
    func outage() {
        var state = state(2, .fail, concurrency: 1)
        var now = 0.0
        for pause in [0.5, 1, 2, 4, 8, 10, 10] {
            guard case .prepare(let number) = state.next(now: Self.time(now)) else {
                Issue.record("one of them is prepared")
                return
            }
            #expect(end(&state, number, .unavailable, at: now) == [])
            #expect(state.status == .checking)
            #expect(state.next(now: Self.time(now)) == .wait(until: Self.time(now + pause)))
            now += pause
        }
        for outcome in [StartCheckState.Outcome.prepared, .unavailable] {
            guard case .prepare(let number) = state.next(now: Self.time(now)) else {
                Issue.record("one of them is prepared")
                return
            }
            #expect(end(&state, number, outcome, at: now) == [])
        }
        #expect(state.next(now: Self.time(now)) == .wait(until: Self.time(now + 0.5)))
    }

    @Test("A statement that is held up waits alone, and decides nothing")
    func undecided() {
        var state = state(2, .fail, concurrency: 1)
        _ = state.next(now: Self.time(0))
        #expect(end(&state, 0, .undecided, at: 10) == [])
        #expect(state.next(now: Self.time(10)) == .prepare(1))
        #expect(end(&state, 1, .prepared, at: 10) == [])
        #expect(state.status == .checking)
        #expect(state.next(now: Self.time(10)) == .wait(until: Self.time(12)))
        #expect(state.next(now: Self.time(12)) == .prepare(0))
        #expect(end(&state, 0, .undecided, at: 22) == [])
        #expect(state.next(now: Self.time(22)) == .wait(until: Self.time(26)))
        #expect(state.next(now: Self.time(26)) == .prepare(0))
        #expect(end(&state, 0, .prepared, at: 26) == [])
        #expect(state.status == .passed)
    }

    @Test("After a minute of work there is a pause, for all")
    func rounds() {
        var state = state(40, concurrency: 1)
        var now = 0.0
        for number in 0..<6 {
            #expect(state.next(now: Self.time(now)) == .prepare(number))
            now += 10
            #expect(end(&state, number, .undecided, at: now) == [])
        }
        #expect(now == 60)
        #expect(state.next(now: Self.time(now)) == .wait(until: Self.time(70)))
        #expect(state.next(now: Self.time(65)) == .wait(until: Self.time(70)))
        #expect(state.next(now: Self.time(70)) == .prepare(6))
    }

    @Test("After twenty faults the others are counted, when all have been asked for")
    func manyFaults() {
        var state = state(31, .fail, concurrency: 31)
        for number in 0..<31 { #expect(state.next(now: Self.time(0)) == .prepare(number)) }
        for number in 0..<30 {
            let lines = end(&state, number, .faulty(error: "no"))
            #expect(lines == (number < 20 ? [.fault(Self.route(number), error: "no")] : []))
        }
        #expect(end(&state, 30, .prepared) == [.moreFaults(10)])
        // The next round has nothing new.
        for number in 0..<30 { #expect(state.next(now: Self.time(10)) == .prepare(number)) }
        for number in 0..<30 { #expect(end(&state, number, .faulty(error: "no"), at: 10) == []) }
        let names = (0..<30).map { "route\($0)" }.sorted()
        #expect(state.status == .faulty(names))
    }
}
