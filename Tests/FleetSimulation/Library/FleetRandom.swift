#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Numbers that a seed determines: SplitMix64 (Steele, Lea and Flood, 2014).
struct FleetRandom {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    private mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }

    /// A number of at least 0 and less than 1.
    mutating func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }

    mutating func below(_ bound: Int) -> Int { Int(unit() * Double(bound)) }

    /// A time between two events of which one happens in `mean` on average.
    mutating func exponential(_ mean: Double) -> Double { -log(1 - unit()) * mean }
}

/// Zipf's law: the keys that requests ask for.
struct ZipfKeys {
    /// The share of all requests that ask for a key up to each one.
    private let cumulative: [Double]

    init(count: Int, exponent: Double) {
        var sum = 0.0
        var cumulative: [Double] = []
        cumulative.reserveCapacity(count)
        for rank in 1...count {
            sum += pow(Double(rank), -exponent)
            cumulative.append(sum)
        }
        self.cumulative = cumulative.map { $0 / sum }
    }

    func draw(_ random: inout FleetRandom) -> Int {
        let point = random.unit()
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > point { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
