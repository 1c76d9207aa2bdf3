/// What a run is told.
struct Options: Sendable {
    var minutes = 1.0
    var seed = UInt64.random(in: 0...UInt64(UInt32.max))
    var processes = 3
    /// Whether Redis writes snapshots and comes back from them; else it comes back empty.
    var hasSnapshots = false
    var checksTokens = true
    var redis = RedisKind.single
    /// Whether processes speak TLS to Redis.
    var hasTLS = false
    /// How much memory Redis has, as its `maxmemory` is written, while others write what nobody reads; `nil`: as much as it needs.
    var redisMemory: String?
    /// Whether there are faults in which an old primary still takes commands beside its successor.
    var hasTwoPrimaries = false
    /// How many requests a second there are while it is measured how soon hits are back after a fault; `nil`: that is not measured.
    var recoveryRate: Int?

    static let usage = """
        usage: consistency [--minutes N] [--seed N] [--processes N] [--redis single|sentinel|cluster] [--tls] [--snapshots]
                           [--redis-memory SIZE] [--two-primaries] [--without-token-checks] [--recovery RATE]
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
            case "--redis":
                guard let kind = rest.popFirst().flatMap(RedisKind.init) else {
                    throw HarnessError("--redis takes one of single, sentinel and cluster\n\(Self.usage)")
                }
                redis = kind
            case "--tls": hasTLS = true
            case "--redis-memory": redisMemory = rest.popFirst()
            case "--two-primaries": hasTwoPrimaries = true
            case "--recovery": recoveryRate = try number(option)
            default: throw HarnessError("'\(option)' is not understood\n\(Self.usage)")
            }
        }
        guard minutes > 0, processes > 0, recoveryRate ?? 1 > 0 else { throw HarnessError(Self.usage) }
        if redis != .single, hasSnapshots || redisMemory != nil {
            throw HarnessError("--snapshots and --redis-memory are for --redis single")
        }
        if redis == .single, hasTwoPrimaries {
            throw HarnessError("--two-primaries is for --redis sentinel and cluster")
        }
    }
}

/// What kind of Redis a run has.
enum RedisKind: String, Sendable {
    /// One server.
    case single
    /// A primary with replicas, watched by Sentinels.
    case sentinel
    /// A cluster.
    case cluster
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
