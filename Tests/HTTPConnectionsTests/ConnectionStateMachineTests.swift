import NIOCore
import Testing

@testable import HTTPConnections

@Suite("Limits of one connection")
struct ConnectionStateMachineTests {
    /// A connection whose clock the test moves, and which is examined every second.
    private struct Connection {
        var machine = ConnectionStateMachine(
            limits: ConnectionTimeouts(
                head: .seconds(10),
                idle: .seconds(75),
                write: .seconds(30),
                shutdown: .seconds(13)
            )
        )
        var second: Int64 = 0
        var offered = 0
        var taken = 0

        var now: NIODeadline { .uptimeNanoseconds(0) + .seconds(second) }

        mutating func examine() -> ConnectionStateMachine.Verdict {
            machine.progress(taken: taken, pending: offered - taken, at: now)
            return machine.examine(at: now)
        }

        /// The first verdict but `keep` and its second, while `event` happens before each examination.
        mutating func run(
            until end: Int64 = 1000,
            _ event: (inout Connection) -> Void = { _ in }
        ) -> (ConnectionStateMachine.Verdict, Int64)? {
            while second <= end {
                event(&self)
                let verdict = examine()
                if verdict != .keep { return (verdict, second) }
                second += 1
            }
            return nil
        }

        mutating func answer() {
            machine.requestBegan(hasBody: true)
            machine.requestReceived()
            machine.responseWritten()
        }
    }

    private func isKept(
        _ result: (ConnectionStateMachine.Verdict, Int64)?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result == nil, "\(String(describing: result))", sourceLocation: sourceLocation)
    }

    private func expect(
        _ result: (ConnectionStateMachine.Verdict, Int64)?,
        _ verdict: ConnectionStateMachine.Verdict,
        at second: Int64,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            result?.0 == verdict && result?.1 == second,
            "\(String(describing: result))",
            sourceLocation: sourceLocation
        )
    }

    @Test("A first head has its time from the beginning of the connection, whether nothing or byte after byte comes")
    func firstHead() {
        var silent = Connection()
        expect(silent.run(), .close(.head), at: 10)
        var trickling = Connection()
        expect(trickling.run { $0.machine.received() }, .close(.head), at: 10)
    }

    @Test("A later head has its time from its first byte, and the connection before that the time of an idle one")
    func laterHead() {
        var idle = Connection()
        idle.answer()
        expect(idle.run(), .finish(.idle), at: 75)
        var trickling = Connection()
        trickling.answer()
        expect(trickling.run { if $0.second >= 50 { $0.machine.received() } }, .close(.head), at: 60)
        // Its beginning came with the request before.
        var pipelined = Connection()
        pipelined.answer()
        pipelined.machine.headBegan()
        expect(pipelined.run(), .close(.head), at: 10)
    }

    @Test("A head behind a request that is being answered has its time from the end of the answer")
    func headBehindRequest() {
        var connection = Connection()
        connection.machine.requestBegan(hasBody: false)
        isKept(connection.run(until: 200) { $0.machine.received() })
        connection.machine.responseWritten()
        connection.machine.headBegan()
        expect(connection.run { $0.machine.received() }, .close(.head), at: 211)
    }

    @Test("A connection that is used is not idle, and one whose request is being answered neither")
    func used() {
        var connection = Connection()
        isKept(connection.run(until: 900) { if $0.second.isMultiple(of: 9) { $0.answer() } })
        connection.machine.requestBegan(hasBody: false)
        isKept(connection.run(until: 1800))
    }

    @Test("A body may take long but not stall, and what is left of it behind an answer may not take long")
    func body() {
        var steady = Connection()
        steady.machine.requestBegan(hasBody: true)
        isKept(steady.run(until: 500) { $0.machine.received() })
        expect(steady.run(), .close(.body), at: 575)
        var answered = Connection()
        answered.machine.requestBegan(hasBody: true)
        answered.machine.responseWritten()
        expect(answered.run { $0.machine.received() }, .close(.body), at: 75)
    }

    @Test("A client that takes nothing is cut, however many requests it sends and the server answers")
    func stalled() {
        var connection = Connection()
        connection.answer()
        connection.offered = 1000
        expect(connection.run(), .close(.write), at: 30)
        var pipelining = Connection()
        expect(
            pipelining.run {
                $0.machine.received()
                $0.answer()
                $0.offered += 100
            },
            .close(.write),
            at: 30
        )
    }

    @Test("A client that takes a byte now and then keeps its connection, and is idle only once it has all")
    func slow() {
        var connection = Connection()
        connection.answer()
        connection.offered = 10
        isKept(connection.run(until: 280) { if $0.second.isMultiple(of: 29), $0.taken < 10 { $0.taken += 1 } })
        expect(connection.run(), .finish(.idle), at: 261 + 75)
    }

    @Test("In a shutdown an idle connection ends after a grace, in which a request on its way gets its answer")
    func shutdown() {
        var idle = Connection()
        idle.answer()
        idle.machine.quiesce()
        expect(idle.run(), .finish(.shutdown), at: 1)
        // Half a head is no request.
        var half = Connection()
        half.machine.quiesce()
        expect(half.run { $0.machine.received() }, .finish(.shutdown), at: 1)
        var busy = Connection()
        busy.machine.quiesce()
        let first = busy.examine()
        #expect(first == .keep)
        busy.machine.requestBegan(hasBody: false)
        isKept(busy.run(until: 12))
        busy.machine.responseWritten()
        busy.machine.end()
        expect(busy.run(), .close(.shutdown), at: 13)
    }

    @Test("A shutdown does not wait for requests that nobody answers")
    func unserved() {
        var connection = Connection()
        connection.machine.requestBegan(hasBody: false)
        connection.machine.quiesce()
        _ = connection.machine.examine(at: connection.now, isServed: false)
        connection.second = 1
        let verdict = connection.machine.examine(at: connection.now, isServed: false)
        #expect(verdict == .finish(.shutdown))
    }

    @Test("A shutdown ends connections whose requests are not answered, not read, or not over")
    func shutdownEnd() {
        for prepare: (inout Connection) -> Void in [
            { $0.machine.requestBegan(hasBody: false) }, { $0.machine.requestBegan(hasBody: true) }, { $0.offered = 1 },
            {
                $0.offered = 1
                $0.machine.end()
            },
        ] {
            var connection = Connection()
            prepare(&connection)
            connection.machine.quiesce()
            let end = connection.run {
                $0.machine.received()
                // Progress does not count.
                if $0.offered > 0 {
                    $0.offered += 1
                    $0.taken += 1
                }
            }
            if let end, end.0 == .finish(.shutdown) {
                connection.machine.end()
                expect(
                    connection.run {
                        $0.offered += 1
                        $0.taken += 1
                    },
                    .close(.shutdown),
                    at: 13
                )
            } else {
                expect(end, .close(.shutdown), at: 13)
            }
        }
    }

    @Test("After the last response a connection is read on for a while, longer while something comes, and not for ever")
    func linger() {
        var silent = Connection()
        silent.answer()
        silent.machine.end()
        expect(silent.run(), .close(.linger), at: 2)
        var brief = Connection()
        brief.machine.end()
        expect(brief.run { if $0.second < 5 { $0.machine.received() } }, .close(.linger), at: 6)
        var endless = Connection()
        endless.machine.end()
        expect(endless.run { $0.machine.received() }, .close(.linger), at: 10)
        // The time begins when the client has the response.
        var slow = Connection()
        slow.offered = 100
        slow.machine.end()
        expect(slow.run { if $0.second == 20 { $0.taken = 100 } }, .close(.linger), at: 22)
    }

    @Test(
        "Connections are examined often enough for the shortest limit",
        arguments: [
            (TimeAmount.milliseconds(8), TimeAmount.milliseconds(5)), (.milliseconds(200), .milliseconds(25)),
            (.seconds(10), .seconds(1)),
        ]
    )
    func interval(limit: TimeAmount, interval: TimeAmount) {
        #expect(ConnectionTimeouts(head: limit).interval == interval)
        #expect(ConnectionTimeouts(write: limit).interval == interval)
    }

    @Test(
        "A connection of streams is idle between requests, whatever arrives, and its first request has the time of a head"
    )
    func multiplexed() {
        var connection = Connection()
        connection.machine.becomesMultiplexed()
        expect(connection.run { $0.machine.received() }, .close(.head), at: 10)
        connection = Connection()
        connection.machine.becomesMultiplexed()
        connection.machine.requestBegan(hasBody: false)
        isKept(connection.run(until: 500) { $0.machine.received() })
        connection.machine.responseWritten()
        expect(connection.run { $0.machine.received() }, .finish(.idle), at: 501 + 75)
    }
}
