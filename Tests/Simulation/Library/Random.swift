/// The source of all choices of a run: SplitMix64 (Sebastiano Vigna, public domain), which gives the same numbers for the same
/// seed on every machine.
struct Random {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed &>> 31)
    }

    /// A number from 0 on, below `bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: ((next() &>> 32) &* UInt64(truncatingIfNeeded: bound)) &>> 32)
    }

    /// Returns true in one of `cases` cases.
    mutating func isOne(of cases: Int) -> Bool { below(cases) == 0 }
}
