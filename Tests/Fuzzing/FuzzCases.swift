import Foundation

/// The seeds of a fuzzer's cases.
///
/// `CACHED_ROUTES_FUZZ_FACTOR` makes so many times as many cases as an ordinary run has. `CACHED_ROUTES_FUZZ_SEED` is the
/// seed of the first case, and each further case has the next one: the seed that a failure names, with a factor of 0, is that
/// case alone.
///
/// A case that takes longer than ``longest`` ends the process with a message that names its seed.
public struct FuzzCases: Sequence, Sendable {
    /// The time after which a case counts as one that never ends: far more than any takes, on a busy machine and with a sanitizer.
    public static let longest = Duration.seconds(120)

    private let seeds: Range<UInt64>
    private let limit: Duration

    /// The cases of which an ordinary run has `count`.
    ///
    /// - Parameters:
    ///   - part: the part of the cases that is wanted, from 0.
    ///   - parts: the parts into which the cases are divided, so that they run side by side.
    ///   - limit: the time that a case may take.
    public init(_ count: Int, part: Int = 0, of parts: Int = 1, limit: Duration = longest) {
        self.limit = limit
        let factor = Self.number("CACHED_ROUTES_FUZZ_FACTOR") ?? 1
        let first = Self.number("CACHED_ROUTES_FUZZ_SEED") ?? 1
        guard factor > 0 else {
            seeds = part == 0 ? first..<(first + 1) : first..<first
            return
        }
        let length = (UInt64(count) * factor + UInt64(parts) - 1) / UInt64(parts)
        let start = first + UInt64(part) * length
        seeds = start..<(start + length)
    }

    /// How many cases there are.
    public var count: Int { seeds.count }

    /// Walks through the seeds.
    public func makeIterator() -> Iterator { Iterator(seeds: seeds.makeIterator(), watch: CaseWatch(limit: limit)) }

    /// Walks through the seeds, and sees to it that each of their cases ends.
    public struct Iterator: IteratorProtocol {
        fileprivate var seeds: Range<UInt64>.Iterator
        fileprivate let watch: CaseWatch

        /// The seed of the next case; the one before has ended.
        public mutating func next() -> UInt64? {
            guard let seed = seeds.next() else {
                watch.end()
                return nil
            }
            watch.begin(seed)
            return seed
        }
    }

    private static func number(_ variable: String) -> UInt64? {
        guard let text = ProcessInfo.processInfo.environment[variable] else { return nil }
        guard let number = UInt64(text), number < 1 << 40 else { fatalError("\(variable) is '\(text)', not a number") }
        return number
    }
}
