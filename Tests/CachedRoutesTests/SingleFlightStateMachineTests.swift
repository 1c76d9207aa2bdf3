import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The board of flights")
struct SingleFlightStateMachineTests {
    private typealias Board = SingleFlightStateMachine<String, Int>
    private let id = FlightID(key: CacheKey(whole: [1]), tokens: [])

    private func lead(_ board: inout Board, _ id: FlightID, after departures: UInt64 = 0) -> (Board.Ticket, Bool)? {
        guard case .lead(let ticket, let mayBeStored) = board.join(id, "leader", departuresBeforeLookup: departures)
        else {
            return nil
        }
        return (ticket, mayBeStored)
    }

    @Test("gives the outcome to everybody who waits, and to those who come before the flight has left")
    func landing() throws {
        var board = Board()
        let (ticket, mayBeStored) = try #require(lead(&board, id))
        #expect(!mayBeStored)
        guard case .wait = board.join(id, "second", departuresBeforeLookup: 0) else {
            Issue.record("the second flies itself")
            return
        }
        let landed = board.land(ticket, with: 7).sorted()
        #expect(landed == ["leader", "second"])
        guard case .landed(7) = board.join(id, "late", departuresBeforeLookup: 0) else {
            Issue.record("the late one flies itself")
            return
        }
        #expect(board.depart(ticket).isEmpty)
        #expect(board.count == 0)
    }

    @Test("tells a leader to look again only when a flight of its identity has left since it looked")
    func secondLook() throws {
        var board = Board()
        let (first, _) = try #require(lead(&board, id))
        _ = board.land(first, with: 1)
        _ = board.depart(first)
        #expect(board.departures == 1)
        let (second, mayBeStored) = try #require(lead(&board, id, after: 0))
        #expect(mayBeStored)
        _ = board.depart(second)
        let (_, again) = try #require(lead(&board, id, after: board.departures))
        #expect(!again)
    }

    @Test("knows a flight by its key, its tokens and its group, whoever names them")
    func equality() throws {
        var board = Board()
        func named() -> FlightID {
            FlightID(key: CacheKey(whole: [1]), tokens: [TagVersion(value: "t", server: "s")], group: .epoch(1))
        }
        let (ticket, _) = try #require(lead(&board, named()))
        #expect(lead(&board, named()) == nil)
        _ = board.depart(ticket)
        let (_, mayBeStored) = try #require(lead(&board, named()))
        #expect(mayBeStored)
    }

    @Test("keeps flights with other tokens, and those that join nobody, apart")
    func identities() throws {
        var board = Board()
        _ = try #require(lead(&board, id))
        _ = try #require(lead(&board, FlightID(key: id.key, tokens: [TagVersion(value: "t", server: "s")])))
        _ = try #require(lead(&board, FlightID(key: id.key, tokens: [], group: .single(1))))
        #expect(board.count == 3)
    }

    @Test("ignores what an old flight does after a new one of its identity has started")
    func numbers() throws {
        var board = Board()
        let (old, _) = try #require(lead(&board, id))
        let left = board.depart(old)
        #expect(left == ["leader"])
        let (new, _) = try #require(lead(&board, id))
        #expect(board.land(old, with: 1).isEmpty)
        #expect(board.depart(old).isEmpty)
        #expect(board.leave(old) == nil)
        #expect(board.land(new, with: 2) == ["leader"])
    }

    @Test("lets a waiter leave once, and goes on for the others")
    func leaving() throws {
        var board = Board()
        let (ticket, _) = try #require(lead(&board, id))
        guard case .wait(let other) = board.join(id, "other", departuresBeforeLookup: 0) else {
            Issue.record("the second one waits")
            return
        }
        let first = board.leave(ticket)
        #expect(first?.waiter == "leader" && first?.endsFlight == false)
        #expect(board.leave(ticket) == nil)
        #expect(board.count == 1)
        #expect(board.land(ticket, with: 1) == ["other"])
        #expect(board.leave(other) == nil)
    }

    @Test("loses a flight for which nobody waits any more, unless it has landed")
    func deserted() throws {
        var board = Board()
        let (ticket, _) = try #require(lead(&board, id))
        #expect(board.isInTheAir(ticket))
        #expect(board.leave(ticket)?.endsFlight == true)
        #expect(!board.isInTheAir(ticket))
        #expect(board.departures == 1)
        #expect(board.land(ticket, with: 1).isEmpty)
        let (landed, _) = try #require(lead(&board, id))
        #expect(board.land(landed, with: 2) == ["leader"])
        #expect(board.leave(landed) == nil)
        #expect(board.count == 1 && !board.isInTheAir(landed))
    }
}
