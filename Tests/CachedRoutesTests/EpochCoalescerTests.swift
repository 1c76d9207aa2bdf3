import RouteModel
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Those who share an answer without tokens")
struct EpochCoalescerTests {
    private let key = CacheKey(whole: [1])

    @Test("come before its query begins; a few queries are under way at once")
    func begin() async {
        let epochs = EpochCoalescer(concurrency: 2)
        let gate = Gate()
        let begun = Tally()
        let first = epochs.number(for: key)
        #expect(epochs.number(for: key) == first)
        await withTaskGroup(of: Void.self) { group in
            for count in 1...3 {
                group.addTask {
                    await epochs.run(key) {
                        begun.add()
                        await gate.pass()
                    }
                }
                if count < 3 { await gate.arrivals(count) }
            }
            let later = epochs.number(for: key)
            #expect(later != first)
            #expect(begun.value == 2)
            gate.open()
            await group.waitForAll()
            #expect(epochs.number(for: key) != later)
        }
        #expect(begun.value == 3)
    }
}
