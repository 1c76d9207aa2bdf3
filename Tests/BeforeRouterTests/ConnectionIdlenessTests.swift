import NIOCore
import Testing

@testable import CachedRoutesHummingbird

@Suite("Idle connections")
struct ConnectionIdlenessTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    @Test("A connection is closed when nothing has happened on it for so long")
    func idle() {
        var idleness = ConnectionIdleness(timeout: .seconds(10), now: at(0))
        #expect(idleness.firstLook == at(10))
        idleness.isActive(at: at(4))
        #expect(idleness.look(at: at(10), isAnswering: false, unwritten: 0) == .lookAgain(at: at(14)))
        #expect(idleness.look(at: at(14), isAnswering: false, unwritten: 0) == .close)
    }

    @Test("A request that waits for its answer keeps its connection open")
    func answering() {
        var idleness = ConnectionIdleness(timeout: .seconds(10), now: at(0))
        #expect(idleness.look(at: at(10), isAnswering: true, unwritten: 0) == .lookAgain(at: at(20)))
        #expect(idleness.look(at: at(20), isAnswering: false, unwritten: 0) == .close)
    }

    @Test("A client that takes an answer slowly keeps its connection, one that takes nothing of it does not")
    func slowReader() {
        var idleness = ConnectionIdleness(timeout: .seconds(10), now: at(0))
        #expect(idleness.look(at: at(10), isAnswering: false, unwritten: 900) == .lookAgain(at: at(20)))
        #expect(idleness.look(at: at(20), isAnswering: false, unwritten: 800) == .lookAgain(at: at(30)))
        #expect(idleness.look(at: at(30), isAnswering: false, unwritten: 800) == .close)
    }
}
