/// What a run is told.
struct Options: Sendable {
    var minutes = 1.0
    var seed = UInt64.random(in: 0...UInt64(UInt32.max))
    var processes = 3
    /// Whether Redis writes snapshots and comes back from them; else it comes back empty.
    var hasSnapshots = false
    var checksTokens = true

    static let usage = """
        usage: consistency [--minutes N] [--seed N] [--processes N] [--snapshots] [--without-token-checks]
               consistency serve [--without-token-checks]      one process of the service, by environment variables
        """

    /// - Throws: ``HarnessError`` for what is not understood.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func number<Value: LosslessStringConvertible>(_ option: String) throws -> Value {
            guard let text = rest.popFirst(), let value = Value(text) else {
                throw HarnessError("\(option) takes a number\n\(Self.usage)")
            }
            return value
        }
        while let option = rest.popFirst() {
            switch option {
            case "--minutes": minutes = try number(option)
            case "--seed": seed = try number(option)
            case "--processes": processes = try number(option)
            case "--snapshots": hasSnapshots = true
            case "--without-token-checks": checksTokens = false
            default: throw HarnessError("'\(option)' is not understood\n\(Self.usage)")
            }
        }
        guard minutes > 0, processes > 0 else { throw HarnessError(Self.usage) }
    }
}

/// Numbers that are the same for the same seed (SplitMix64, by Sebastiano Vigna, public domain).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
