/// The arguments of a run.
struct Options: Sendable {
    var minutes = 1.0
    var seed = UInt64.random(in: 0...UInt64(UInt32.max))
    var processes = 3
    /// Indicates that Redis writes snapshots and comes back from them; else it comes back empty.
    var hasSnapshots = false
    var checksTokens = true
    var redis = RedisKind.single
    /// Indicates that processes speak TLS to Redis.
    var hasTLS = false
    /// The `maxmemory` of a Redis that others fill with values that nobody reads; `nil` for no limit.
    var redisMemory: String?
    /// Adds faults in which an old primary still takes commands beside its successor.
    var hasTwoPrimaries = false
    /// The folder in which the logs of processes stay, with their details; `nil`: they are removed.
    var logs: String?
    /// The number of requests a second in a measurement of the return of hits after faults; `nil` for a run that measures nothing.
    var recoveryRate: Int?

    static let usage = """
        usage: consistency [--minutes N] [--seed N] [--processes N] [--redis single|sentinel|cluster] [--tls]
                           [--snapshots | --redis-memory SIZE] [--two-primaries | --without-token-checks]
                           [--logs FOLDER]
               consistency --recovery RATE [--minutes N] [--seed N] [--processes N] [--redis ...] [--tls]
                           [--logs FOLDER]
               consistency serve [--without-token-checks]      one process of the service, by environment variables
        """

    /// - Throws: ``HarnessError`` for arguments without a meaning or an effect.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value<Value>(_ option: String, _ words: String, _ read: (String) -> Value?) throws -> Value {
            guard let text = rest.popFirst(), !text.hasPrefix("--"), let value = read(text) else {
                throw Self.refusal("\(option) takes \(words)")
            }
            return value
        }
        while let option = rest.popFirst() {
            switch option {
            case "--minutes": minutes = try value(option, "a number") { Double($0) }
            case "--seed": seed = try value(option, "a number") { UInt64($0) }
            case "--processes": processes = try value(option, "a number") { Int($0) }
            case "--snapshots": hasSnapshots = true
            case "--without-token-checks": checksTokens = false
            case "--redis":
                redis = try value(option, "one of single, sentinel and cluster") { RedisKind(rawValue: $0) }
            case "--tls": hasTLS = true
            case "--redis-memory":
                redisMemory = try value(option, "a size such as 3mb") { Self.isSize($0) ? $0 : nil }
            case "--two-primaries": hasTwoPrimaries = true
            case "--logs": logs = try value(option, "a folder") { $0 }
            case "--recovery": recoveryRate = try value(option, "a number of requests a second") { Int($0) }
            default: throw Self.refusal("'\(option)' is not understood")
            }
        }
        try check()
    }

    private func check() throws {
        guard minutes > 0, minutes.isFinite, processes > 0, recoveryRate ?? 1 > 0 else {
            throw Self.refusal("numbers have to be greater than 0")
        }
        if redis != .single, hasSnapshots || redisMemory != nil {
            throw Self.refusal("--snapshots and --redis-memory are for --redis single")
        }
        if hasSnapshots, redisMemory != nil {
            throw Self.refusal("--snapshots and --redis-memory exclude each other")
        }
        if redis == .single, hasTwoPrimaries {
            throw Self.refusal("--two-primaries is for --redis sentinel and cluster")
        }
        if hasTwoPrimaries, !checksTokens {
            throw Self.refusal("beside two primaries violations are expected with token checks too")
        }
        if recoveryRate != nil, hasSnapshots || redisMemory != nil || hasTwoPrimaries || !checksTokens {
            throw Self.refusal(
                "--snapshots, --redis-memory, --two-primaries and --without-token-checks have no effect with --recovery"
            )
        }
    }

    private static func refusal(_ reason: String) -> HarnessError { HarnessError("\(reason)\n\(usage)") }

    /// Indicates that Redis takes the text for a `maxmemory`, and one that is a limit.
    private static func isSize(_ text: String) -> Bool {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["", "b", "k", "kb", "m", "mb", "g", "gb"]
        return Int(digits) ?? 0 > 0 && units.contains(text.dropFirst(digits.count).lowercased())
    }

    /// Reads the arguments behind `serve`.
    ///
    /// - Returns: `false` if tokens are not to be checked.
    /// - Throws: ``HarnessError`` for arguments without a meaning.
    static func checksTokens(_ arguments: some Collection<String>) throws -> Bool {
        if let other = arguments.first(where: { $0 != "--without-token-checks" }) {
            throw refusal("'\(other)' is not understood")
        }
        return arguments.isEmpty
    }
}

/// The kind of Redis of a run.
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
