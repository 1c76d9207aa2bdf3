/// Positions of some of the keys of a read, in ascending order, that are less than 64 apart.
struct RedisKeyPositions: Sequence, Sendable {
    /// The number of positions, from a start on, of which any may be chosen.
    static let maximumSpan = 64

    private let start: Int
    private var bits: UInt64 = 0

    /// Makes an empty list of positions from `start` on.
    init(startingAt start: Int) { self.start = start }

    /// Makes a list of one position.
    init(_ position: Int) {
        start = position
        bits = 1
    }

    /// The number of positions.
    var count: Int { bits.nonzeroBitCount }

    /// The lowest position; `nil` if there is none.
    var first: Int? { bits == 0 ? nil : start + bits.trailingZeroBitCount }

    /// Adds a position, which is not before the start and less than ``maximumSpan`` behind it.
    mutating func insert(_ position: Int) {
        precondition((0..<Self.maximumSpan).contains(position - start), "\(position) is too far from \(start)")
        bits |= 1 << UInt64(position - start)
    }

    /// The position with a number in the order; `nil` if there are not so many.
    func position(number: Int) -> Int? { dropFirst(number).first { _ in true } }

    /// The number of positions that are less than this one.
    func count(below position: Int) -> Int {
        let distance = position - start
        guard distance > 0 else { return 0 }
        return distance < Self.maximumSpan ? (bits & (1 << UInt64(distance) - 1)).nonzeroBitCount : count
    }

    struct Iterator: IteratorProtocol {
        fileprivate let start: Int
        fileprivate var bits: UInt64

        mutating func next() -> Int? {
            guard bits != 0 else { return nil }
            defer { bits &= bits - 1 }
            return start + bits.trailingZeroBitCount
        }
    }

    func makeIterator() -> Iterator { Iterator(start: start, bits: bits) }
}
