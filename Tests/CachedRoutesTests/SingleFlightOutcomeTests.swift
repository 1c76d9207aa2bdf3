import NIOCore
import NIOEmbedded
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A flight")
struct SingleFlightOutcomeTests {
    private let flights = SingleFlight<Int>(deadlineExceeded: -1, cancelled: -2)
    private let id = FlightID(key: CacheKey(whole: [1]), tokens: [])

    /// The identity of a flight that has a number of its own; 0 for the one that all share.
    private func identity(_ number: UInt64) -> FlightID {
        number == 0 ? id : FlightID(key: id.key, tokens: [], group: .single(number))
    }

    private let eventLoop = NIOAsyncTestingEventLoop()
    private let gate = Gate()

    /// An arrival whose work waits at the gate.
    private func arrive(within time: TimeAmount, alone number: UInt64 = 0) -> Task<
        SingleFlight<Int>.WaiterResult, Never
    > {
        let deadline = eventLoop.now + time
        return Task { [flights, id = identity(number), eventLoop, gate] in
            await flights.outcome(of: id, departuresBeforeLookup: 0, deadline: deadline, on: eventLoop) { _ in
                await gate.pass()
                return SingleFlight.Completion(outcome: 7)
            }
        }
    }

    /// Lets the loop do what is left, the cancelling of timers among it.
    private func end() async {
        await eventLoop.run()
        await eventLoop.shutdownGracefully()
    }

    /// The value of a task whose time is up. One that is seen to wait may only then set its timer, which the loop has to meet.
    private func value<Value: Sendable>(of task: Task<Value, Never>) async -> Value {
        let isThere = Atomic(false)
        let watching = Task {
            let value = await task.value
            isThere.store(true, ordering: .releasing)
            return value
        }
        while !isThere.load(ordering: .acquiring) {
            await eventLoop.run()
            await Task.yield()
        }
        return await watching.value
    }

    private func waiters(_ count: Int) async {
        while flights.waiterCount != count { await Task.yield() }
    }

    @Test("ends at the deadline of the one who started it, for all who wait, and the next one flies anew")
    func deadline() async {
        let first = arrive(within: .milliseconds(50))
        await gate.arrivals(1)
        let second = arrive(within: .seconds(60))
        await waiters(2)
        await eventLoop.advanceTime(by: .milliseconds(50))
        for (arrival, isCollapsed) in [(await first.value, false), (await second.value, true)] {
            #expect(arrival.outcome == -1)
            #expect(arrival.isGivenUp)
            #expect(arrival.isCollapsed == isCollapsed)
        }
        let third = arrive(within: .seconds(60))
        await gate.arrivals(2)
        gate.open()
        #expect(await third.value.outcome == 7)
        await end()
    }

    @Test("ends at its own deadline, in whatever order they come", arguments: [[1, 2, 3], [3, 1, 2], [2, 2, 1]])
    func deadlines(seconds: [Int64]) async {
        var arrivals: [(seconds: Int64, task: Task<SingleFlight<Int>.WaiterResult, Never>)] = []
        for (index, seconds) in seconds.enumerated() {
            arrivals.append((seconds, arrive(within: .seconds(seconds), alone: UInt64(index + 1))))
            await gate.arrivals(index + 1)
            // The timer is set when the work has begun.
            await waiters(index + 1)
        }
        for second in 1...3 as ClosedRange<Int64> {
            await eventLoop.advanceTime(by: .seconds(1))
            for arrival in arrivals where arrival.seconds == second {
                let result = await value(of: arrival.task)
                #expect(result.outcome == -1 && result.isGivenUp)
            }
            #expect(flights.count == seconds.count { $0 > second })
        }
        gate.open()
        await end()
    }

    @Test("gives a crowd its outcome", arguments: [64, 65, 300])
    func crowd(count: Int) async {
        let first = arrive(within: .seconds(60))
        await gate.arrivals(1)
        let others = (1..<count).map { _ in arrive(within: .seconds(60)) }
        await waiters(count)
        gate.open()
        for arrival in [first] + others { #expect(await arrival.value.outcome == 7) }
        #expect(flights.count == 0)
        await end()
    }

    @Test("has its deadline also when the one who started it has left, so that hung work blocks nobody for ever")
    func leaderLeaves() async {
        let first = arrive(within: .seconds(1))
        await gate.arrivals(1)
        let second = arrive(within: .seconds(60))
        await waiters(2)
        first.cancel()
        #expect(await first.value.outcome == -2)
        #expect(flights.count == 1)
        await eventLoop.advanceTime(by: .seconds(1))
        #expect(await second.value.outcome == -1)
        #expect(await second.value.isGivenUp)
        #expect(flights.count == 0)
        let third = arrive(within: .seconds(1))
        await gate.arrivals(2)
        gate.open()
        #expect(await third.value.outcome == 7)
        #expect(await !third.value.isCollapsed)
        await end()
    }

    @Test("leaves the board and is then cancelled when the last one who waits has left, by task or by connection")
    func everybodyLeaves() async {
        for byConnection in [false, true] {
            let flights = flights
            let client = ClientConnection()
            let wasCancelled = Mutex<(isCancelled: Bool, count: Int)>((false, -1))
            let ended = Gate()
            let deadline = eventLoop.now + .seconds(60)
            let arrival = Task { [id, eventLoop] in
                await flights.outcome(
                    of: id,
                    departuresBeforeLookup: 0,
                    deadline: deadline,
                    client: client,
                    on: eventLoop
                ) { _ in
                    await withTaskCancellationHandler {
                        await ended.pass()
                    } onCancel: {
                        wasCancelled.withLock { $0 = (true, flights.count) }
                        ended.open()
                    }
                    return SingleFlight.Completion(outcome: 7)
                }
            }
            await ended.arrivals(1)
            #expect(flights.count == 1)
            if byConnection { client.leave() } else { arrival.cancel() }
            #expect(await arrival.value.outcome == -2)
            await ended.arrivals(1)
            let (isCancelled, count) = wasCancelled.withLock { $0 }
            #expect(isCancelled)
            #expect(count == 0, "nobody can join what is being given up")
        }
        await end()
    }

    @Test("is not joined by a client that has left already")
    func goneBefore() async {
        let client = ClientConnection()
        client.leave()
        let arrival = await flights.outcome(
            of: id,
            departuresBeforeLookup: 0,
            deadline: eventLoop.now + .seconds(60),
            client: client,
            on: eventLoop
        ) { _ in SingleFlight.Completion(outcome: 7) }
        #expect(arrival.outcome == -2)
        await end()
    }

    @Test("goes on when one who waits has come to the end of his own time")
    func deadlineOfOneWhoWaits() async {
        let first = arrive(within: .seconds(60))
        await gate.arrivals(1)
        let second = arrive(within: .seconds(1))
        await waiters(2)
        await eventLoop.advanceTime(by: .seconds(1))
        let late = await value(of: second)
        #expect(late.outcome == -1 && !late.isGivenUp)
        gate.open()
        #expect(await first.value.outcome == 7)
        await end()
    }
}

extension SingleFlight {
    /// The outcome of a flight whose work is a task.
    fileprivate func outcome(
        of id: FlightID,
        departuresBeforeLookup departures: UInt64,
        deadline: NIODeadline,
        client: ClientConnection? = nil,
        on eventLoop: any EventLoop,
        _ work: @escaping @Sendable (_ mayBeStored: Bool) async -> Completion
    ) async -> WaiterResult {
        await outcome(
            of: id,
            departuresBeforeLookup: departures,
            deadline: deadline,
            client: client,
            on: eventLoop,
            work: { mayBeStored, land in CancellableWork(Task { land(await work(mayBeStored)) }) }
        )
    }
}
