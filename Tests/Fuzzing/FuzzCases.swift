import Foundation

/// The seeds of a fuzzer's cases.
///
/// `CACHED_ROUTES_FUZZ_FACTOR` makes so many times as many cases as an ordinary run has. `CACHED_ROUTES_FUZZ_SEED` is the
/// seed of the first case, and each further case has the next one: the seed that a failure names, with a factor of 0, is that
/// case alone.
public struct FuzzCases: Sequence, Sendable {
    private let seeds: Range<UInt64>

    /// The cases of which an ordinary run has `count`.
    ///
    /// - Parameters:
    ///   - part: the part of the cases that is wanted, from 0.
    ///   - parts: the parts into which the cases are divided, so that they run side by side.
    public init(_ count: Int, part: Int = 0, of parts: Int = 1) {
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
    public func makeIterator() -> Range<UInt64>.Iterator { seeds.makeIterator() }

    private static func number(_ variable: String) -> UInt64? {
        guard let text = ProcessInfo.processInfo.environment[variable] else { return nil }
        guard let number = UInt64(text), number < 1 << 40 else { fatalError("\(variable) is '\(text)', not a number") }
        return number
    }
}
