import FleetSimulation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Simulates a fleet four times: with queries shared by the requests of each process, and of all; without near caches, and with.
@main
struct Program {
    private static let usage = """
        usage: simulate-fleet [--processes N] [--keys N] [--minutes M] [--rate REQUESTS/S] [--exponent S] [--ttl SECONDS]
                              [--jitter PERCENT] [--near SECONDS] [--near-budget MIB] [--purges PER-SECOND]
                              [--table-changes PER-SECOND] [--primaries N] [--seed N]

        --primaries 0 is one server without a cluster.
        """

    static func main() {
        // Sets and dictionaries have the same order in every process, so that a seed has the same results.
        if getenv("SWIFT_DETERMINISTIC_HASHING") == nil {
            setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
            execv("/proc/self/exe", CommandLine.unsafeArgv)
            execvp(CommandLine.arguments[0], CommandLine.unsafeArgv)
        }
        var configuration = FleetConfiguration()
        configuration.near = 10
        guard read(CommandLine.arguments.dropFirst(), into: &configuration) else {
            print(usage)
            exit(2)
        }
        let (near, seconds) = (configuration.near, Int(configuration.seconds))
        print(
            "\(configuration.processes) processes, \(configuration.keys) keys (Zipf, s = \(configuration.exponent)),",
            "\(Int(configuration.requestsPerSecond)) requests/s, \(seconds) s; ttl \(configuration.ttl) s less up to",
            "\(configuration.jitter) %; \(configuration.purgesPerSecond) tags and",
            "\(configuration.tableChangesPerSecond) tables purged/s; \(configuration.primaries) primaries; seed",
            "\(configuration.seed)\n"
        )
        var runs: [(name: String, configuration: FleetConfiguration, report: FleetReport)] = []
        for time in near > 0 ? [0, near] : [0] {
            for coalescing in FleetConfiguration.Coalescing.allCases {
                configuration.coalescing = coalescing
                configuration.near = time
                let name = "\(coalescing.rawValue)\(time > 0 ? ", near \(Int(time)) s" : "")"
                runs.append((name, configuration, FleetSimulation(configuration).run()))
            }
        }
        print(FleetReport.table(runs))
    }

    /// Reads options.
    ///
    /// - Returns: `false` if one is unknown or has no valid value.
    private static func read(_ arguments: ArraySlice<String>, into configuration: inout FleetConfiguration) -> Bool {
        var rest = arguments
        while let option = rest.popFirst() {
            guard let value = rest.popFirst().flatMap({ Double($0) }), value >= 0 else { return false }
            switch option {
            case "--processes" where value >= 1: configuration.processes = Int(value)
            case "--keys" where value >= 1: configuration.keys = Int(value)
            case "--minutes": configuration.seconds = value * 60
            case "--rate" where value > 0: configuration.requestsPerSecond = value
            case "--exponent": configuration.exponent = value
            case "--ttl" where value > 0: configuration.ttl = value
            case "--jitter" where value < 100: configuration.jitter = Int(value)
            case "--near": configuration.near = value
            case "--near-budget": configuration.nearBudget = Int(value) << 20
            case "--purges": configuration.purgesPerSecond = value
            case "--table-changes": configuration.tableChangesPerSecond = value
            case "--primaries": configuration.primaries = Int(value)
            case "--seed": configuration.seed = UInt64(value)
            default: return false
            }
        }
        return true
    }
}
