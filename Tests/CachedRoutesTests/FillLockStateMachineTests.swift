import NIOCore
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A turn among processes")
struct FillLockStateMachineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("is of the one who has the lock, unless the answer is there")
    func lead() {
        var turn = FillLockStateMachine(bound: start + .seconds(1))
        #expect(turn.next(.acquired, isStored: false, at: start) == .lead)
        #expect(turn.next(.acquired, isStored: true, at: start) == .take)
        #expect(turn.next(.held, isStored: true, at: start) == .take)
    }

    @Test("is everybody's without a store to agree in")
    func away() {
        var turn = FillLockStateMachine(bound: start + .seconds(1))
        #expect(turn.next(.unavailable, isStored: false, at: start) == .alone)
    }

    @Test("comes to those who wait at growing intervals, and at the bound in any case")
    func waiting() {
        var turn = FillLockStateMachine(bound: start + .milliseconds(200))
        var now = start
        var pauses: [Int64] = []
        while case .wait(let pause) = turn.next(.held, isStored: false, at: now) {
            pauses.append(pause.nanoseconds / 1_000_000)
            now = now + pause
        }
        #expect(pauses == [5, 10, 20, 40, 40, 40, 40, 5])
        #expect(now == start + .milliseconds(200))
        #expect(turn.next(.held, isStored: false, at: now) == .alone)
    }

    @Test("is everybody's at once where the one before has put nothing into the store")
    func nothingStored() {
        var turn = FillLockStateMachine(bound: start + .seconds(1))
        #expect(turn.next(.held, isStored: false, at: start) == .wait(.milliseconds(5)))
        #expect(turn.next(.acquired, isStored: false, at: start) == .alone)
    }
}
