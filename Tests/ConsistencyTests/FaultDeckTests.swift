import ConsistencyChecker
import Testing

@Suite("The order of faults")
struct FaultDeckTests {
    private let faults = ["a", "b", "b", "b", "c"]

    @Test("has each fault once before any comes again, and then as often as it is named")
    func rounds() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20 {
            var deck = FaultDeck(faults)
            let first = (0..<3).compactMap { _ in deck.draw(using: &random) }
            #expect(first.sorted() == ["a", "b", "c"])
            for _ in 0..<3 {
                let round = (0..<5).compactMap { _ in deck.draw(using: &random) }
                #expect(round.sorted() == faults)
            }
        }
    }

    @Test("depends on the seed alone")
    func seeds() {
        func order(_ seed: UInt64) -> [String] {
            var random = Countdown(value: seed)
            var deck = FaultDeck(faults)
            return (0..<20).compactMap { _ in deck.draw(using: &random) }
        }
        #expect(order(1) == order(1))
        #expect(Set((0..<20).map(order)).count > 1)
    }

    @Test("brings a fault that could not happen again in the same round")
    func putBack() {
        var random = SystemRandomNumberGenerator()
        var deck = FaultDeck(["a", "b", "c"])
        let failed = deck.draw(using: &random)
        if let failed { deck.putBack(failed) }
        let rest = (0..<3).compactMap { _ in deck.draw(using: &random) }
        #expect(rest.sorted() == ["a", "b", "c"])
        #expect(rest.last == failed)
    }

    @Test("is over at once without faults")
    func empty() {
        var random = SystemRandomNumberGenerator()
        var deck = FaultDeck<String>([])
        #expect(deck.draw(using: &random) == nil)
    }

    /// Numbers that are the same for the same seed.
    private struct Countdown: RandomNumberGenerator {
        var value: UInt64

        mutating func next() -> UInt64 {
            value = value &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return value
        }
    }
}
