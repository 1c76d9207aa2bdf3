import Simulation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs the simulator.
///
///     simulate [--steps N] [--seed S] [--jobs N] [--deployment single|sentinel|cluster] [--without NAME]…
///              [--slots-return] [--about-migration] [--about-return]
///     simulate --replay S [--deployment ...] [--without NAME]… [--slots-return] [--about-migration] [--about-return]
///                                               all events of one run
///     simulate --table [--seed S] [--without NAME]…
///                                               leaves out each part of the protocol, or each that is named, and tells after how
///                                               many steps that is found
///
/// The exit status is 0 if all promises held, 1 if one was broken, and 2 for arguments that have no meaning or no effect and for
/// runs that prove nothing, because they had no hits, purges or failovers.
@main
struct Program {
    static func main() async {
        // Sets and dictionaries have the same order in every process, so that a seed is a run.
        if getenv("SWIFT_DETERMINISTIC_HASHING") == nil {
            setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
            execv("/proc/self/exe", CommandLine.unsafeArgv)
            execvp(CommandLine.arguments[0], CommandLine.unsafeArgv)
        }
        let options: Options
        do {
            options = try Options(CommandLine.arguments.dropFirst())
        } catch {
            print("simulate: \(error.reason)\n\(Options.usage)")
            exit(2)
        }
        if options.printsTable {
            exit(table(options) ? 0 : 1)
        }
        if let seed = options.replayed {
            exit(replay(seed, options) ? 0 : 1)
        }
        exit(await simulate(options))
    }

    /// Prints all events of a run.
    private static func replay(_ seed: UInt64, _ options: Options) -> Bool {
        var simulator = Simulator(without: options.omissions, settings: options.settings)
        let (events, violation) = simulator.trace(seed: seed)
        for event in events { print(event) }
        print(violation.map { "\($0)" } ?? "no promise was broken")
        return violation == nil
    }

    /// Makes runs until they have the number of steps, or a promise was broken.
    ///
    /// - Returns: the exit status.
    private static func simulate(_ options: Options) async -> Int32 {
        let start = ContinuousClock.now
        let results = await withTaskGroup(of: (Counts, Violation?).self) { group in
            for job in 0..<options.jobs {
                group.addTask {
                    var simulator = Simulator(without: options.omissions, settings: options.settings)
                    var seed = options.seed &+ UInt64(job)
                    while simulator.counts.steps < options.steps / options.jobs {
                        if let violation = simulator.run(seed: seed) { return (simulator.counts, violation) }
                        seed &+= UInt64(options.jobs)
                    }
                    return (simulator.counts, nil)
                }
            }
            var results: [(Counts, Violation?)] = []
            for await result in group { results.append(result) }
            return results
        }
        let elapsed = ContinuousClock.now - start
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let counts = results.reduce(into: Counts()) { $0.add($1.0) }
        let violations = results.compactMap(\.1)
        print(
            """
            \(counts.steps) steps in \(counts.runs) runs from seed \(options.seed) on, \(Int(Double(counts.steps) / seconds)) steps/s \
            in \(options.jobs) jobs
            \(counts.hits) hits, \(counts.misses) misses, \(counts.failures) errors, \(counts.purges) purges, \(counts.queued) queued, \
            \(counts.failovers) restarts and failovers, \(counts.excused) answers of which nothing is promised
            """
        )
        for violation in violations {
            print("VIOLATION: \(violation)")
            print("  simulate --replay \(violation.seed) \(options.protocolArguments)")
        }
        guard violations.isEmpty else { return 1 }
        print("0 violations")
        let missing = [("hits", counts.hits), ("purges", counts.purges), ("failovers", counts.failovers)]
            .filter { $0.1 == 0 }.map(\.0)
        for name in missing { print("proves nothing: there were no \(name)") }
        return missing.isEmpty ? 0 : 2
    }

    /// Prints after how many steps each omission is found.
    private static func table(_ options: Options) -> Bool {
        var allFound = true
        for omission in Omission.allCases where options.omissions.isEmpty || options.omissions.contains(omission) {
            var simulator = Simulator(without: [omission], settings: omission.settings)
            var seed = options.seed
            var found: Violation?
            while found == nil, simulator.counts.steps < omission.bound {
                found = simulator.run(seed: seed)
                seed &+= 1
            }
            let steps = "\(simulator.counts.steps)"
            print(
                "\(omission.rawValue): \(found.map { "after \(steps) steps, \($0)" } ?? "NOT FOUND within \(steps) steps")"
            )
            if found == nil { allFound = false }
        }
        return allFound
    }
}

/// The arguments of the program.
struct Options {
    struct Fault: Error {
        let reason: String
    }

    static let usage = """
        usage: simulate [--steps N] [--seed S] [--jobs N] [--deployment single|sentinel|cluster|any] [--without NAME]...
                        [--slots-return] [--about-migration] [--about-return]
               simulate --replay S [--deployment ...] [--without NAME]... [--slots-return] [--about-migration]
                        [--about-return]
               simulate --table [--seed S] [--without NAME]...
        names: \(Omission.allCases.map(\.rawValue).joined(separator: ", "))
        """

    var steps = 1_000_000
    var seed: UInt64 = 1
    var jobs = 1
    var replayed: UInt64?
    var printsTable = false
    var omissions: [Omission] = []
    var settings = Settings()

    init(_ arguments: some Sequence<String>) throws(Fault) {
        var rest = arguments.makeIterator()
        var given: [String] = []
        while let argument = rest.next() {
            given.append(argument)
            switch argument {
            case "--table":
                printsTable = true
                continue
            case "--about-migration":
                settings.isAboutMigration = true
                continue
            case "--about-return":
                settings.isAboutReturn = true
                continue
            case "--slots-return":
                settings.slotsReturn = true
                continue
            default: break
            }
            guard let value = rest.next() else { throw Fault(reason: "\(argument) needs a value") }
            switch argument {
            case "--steps": steps = try Self.number(value)
            case "--jobs": jobs = try Self.number(value)
            case "--seed": seed = try Self.number(value)
            case "--replay": replayed = try Self.number(value)
            case "--without":
                guard let omission = Omission(rawValue: value) else {
                    throw Fault(reason: "nothing is called \(value)")
                }
                omissions.append(omission)
            case "--deployment":
                guard let deployment = Deployment(rawValue: value) else {
                    throw Fault(reason: "\(value) is no deployment")
                }
                settings.deployment = deployment
            default: throw Fault(reason: "\(argument) has no meaning")
            }
        }
        try check(given)
    }

    /// Refuses arguments without effect.
    private func check(_ given: [String]) throws(Fault) {
        func refuse(allBut allowed: Set<String>, with mode: String) throws(Fault) {
            guard let other = given.first(where: { $0 != mode && !allowed.contains($0) }) else { return }
            throw Fault(reason: "\(other) has no effect with \(mode)")
        }
        if settings.isAboutReturn, [.single, .cluster].contains(settings.deployment) {
            throw Fault(reason: "--about-return is about Sentinels")
        }
        if printsTable {
            try refuse(allBut: ["--seed", "--without"], with: "--table")
        } else if replayed != nil {
            let ofSettings = ["--slots-return", "--about-migration", "--about-return"]
            try refuse(allBut: Set(["--deployment", "--without"] + ofSettings), with: "--replay")
        } else {
            guard jobs > 0 else { throw Fault(reason: "--jobs has to be greater than 0") }
            guard steps >= jobs else { throw Fault(reason: "--steps has to be at least 1 for each job") }
        }
    }

    /// The arguments that decide what happens in a run.
    var protocolArguments: String {
        var arguments = ["--deployment", settings.deployment.rawValue]
        for omission in omissions { arguments += ["--without", omission.rawValue] }
        if settings.isAboutMigration { arguments.append("--about-migration") }
        if settings.isAboutReturn { arguments.append("--about-return") }
        if settings.slotsReturn { arguments.append("--slots-return") }
        return arguments.joined(separator: " ")
    }

    private static func number<Number: FixedWidthInteger>(_ text: String) throws(Fault) -> Number {
        guard let number = Number(text.filter { $0 != "_" }) else { throw Fault(reason: "\(text) is no number") }
        return number
    }
}
