import NIOCore
import Testing

@testable import CachedRoutesCore

@Suite("The queue of deadlines")
struct DeadlineQueueTests {
    private let start = NIODeadline.uptimeNanoseconds(0)

    private func add(_ queue: inout DeadlineQueue, _ seconds: Int64, of work: UInt64, ended: Set<UInt64> = [])
        -> DeadlineQueue.Addition
    {
        queue.add(start + .seconds(seconds), of: work, hasEnded: ended.contains)
    }

    private func fire(_ queue: inout DeadlineQueue, _ time: Int64, now: Int64, ended: Set<UInt64> = []) -> (
        late: [UInt64], next: NIODeadline?
    )? {
        queue.fire(start + .seconds(time), now: start + .seconds(now), hasEnded: ended.contains)
    }

    @Test("needs one timer for deadlines that come in order, and gives them back as they pass")
    func order() {
        var queue = DeadlineQueue()
        #expect(add(&queue, 1, of: 1) == .first)
        #expect(add(&queue, 1, of: 2) == .behind)
        #expect(add(&queue, 3, of: 3) == .behind)
        #expect(add(&queue, 4, of: 4) == .behind)
        let first = fire(&queue, 1, now: 2, ended: [2])
        #expect(first?.late == [1])
        #expect(first?.next == start + .seconds(3))
        let second = fire(&queue, 3, now: 4)
        #expect(second?.late == [3, 4])
        #expect(second?.next == nil)
        #expect(add(&queue, 9, of: 5) == .first, "the timer has fired")
    }

    @Test("does not take a deadline that is before one of work under way")
    func unordered() {
        var queue = DeadlineQueue()
        #expect(add(&queue, 5, of: 1) == .first)
        #expect(add(&queue, 4, of: 2) == .unordered)
        #expect(add(&queue, 5, of: 3, ended: [1]) == .behind)
        #expect(fire(&queue, 5, now: 5, ended: [1])?.late == [3])
    }

    @Test("needs an earlier timer when the work that has set it has ended, and else keeps the one it has")
    func ended() {
        var queue = DeadlineQueue()
        #expect(add(&queue, 60, of: 1) == .first)
        #expect(add(&queue, 10, of: 2, ended: [1]) == .first)
        #expect(add(&queue, 11, of: 3, ended: [1, 2]) == .behind)
        #expect(fire(&queue, 60, now: 60) == nil, "the timer has been set to another time")
        let fired = fire(&queue, 10, now: 10, ended: [1, 2])
        #expect(fired?.late.isEmpty == true)
        #expect(fired?.next == start + .seconds(11))
    }

    @Test("takes the time of its timer to have passed, whatever the clock says")
    func clock() {
        var queue = DeadlineQueue()
        #expect(add(&queue, 1, of: 1) == .first)
        #expect(fire(&queue, 1, now: 0)?.late == [1])
    }

    @Test("drops the deadlines of ended work behind work that does not end")
    func stuck() {
        var queue = DeadlineQueue()
        _ = add(&queue, 60, of: 0)
        for work in 1...10_000 as ClosedRange<UInt64> {
            _ = queue.add(start + .seconds(60), of: work) { 1..<work ~= $0 }
        }
        #expect(queue.count <= 64)
        #expect(queue.fire(start + .seconds(60), now: start + .seconds(60)) { 1..<10_000 ~= $0 }?.late == [0, 10_000])
    }
}
