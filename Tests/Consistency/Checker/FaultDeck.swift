/// The order of the faults of a run: by chance, and so that each fault happens.
///
/// Every fault comes once before any comes again. After that each round has all of them, those that are named several times as
/// often as they are named.
public struct FaultDeck<Fault: Hashable> {
    private let faults: [Fault]
    /// The rest of the round; the next fault is the last one.
    private var rest: [Fault] = []
    private var hasBegun = false

    /// - Parameter faults: the faults; one that is named twice comes twice as often.
    public init(_ faults: [Fault]) {
        self.faults = faults
    }

    /// The next fault; `nil` if there are none.
    public mutating func draw(using random: inout some RandomNumberGenerator) -> Fault? {
        if rest.isEmpty {
            var seen: Set<Fault> = []
            rest = (hasBegun ? faults : faults.filter { seen.insert($0).inserted }).shuffled(using: &random)
            hasBegun = true
        }
        return rest.popLast()
    }

    /// Puts a fault that could not happen to the end of the round.
    public mutating func putBack(_ fault: Fault) {
        rest.insert(fault, at: 0)
    }
}
