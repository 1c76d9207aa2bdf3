import Synchronization

/// Draws the numbers by which lifetimes are varied, for all event loops.
///
/// The system's generator makes a system call for each number, which nobody has to be unable to guess here. This is
/// SplitMix64 (Steele, Lea and Flood, 2014): a counter whose values are mixed.
final class JitterGenerator: Sendable {
    private let state: Atomic<UInt64>

    /// Makes a generator.
    ///
    /// - Parameter seed: the number that determines all others.
    init(seed: UInt64 = .random(in: .min ... .max)) {
        state = Atomic(seed)
    }

    /// Returns the next number, at least 0 and less than 1.
    func next() -> Double {
        var bits = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ bits >> 31) >> 11) * 0x1p-53
    }
}
