import Simulation
import Testing

/// The simulator itself. `Tests/simulate.sh` makes as many steps as are asked for.
@Suite struct SimulationTests {
    @Test(arguments: [Deployment.single, .sentinel, .cluster])
    func everyPromiseHolds(_ deployment: Deployment) {
        var settings = Settings()
        settings.deployment = deployment
        var simulator = Simulator(settings: settings)
        var seed: UInt64 = 1
        while simulator.counts.steps < 100_000 {
            let violation = simulator.run(seed: seed)
            #expect(violation == nil)
            if violation != nil { break }
            seed += 1
        }
        // The promises are worth something only where all of this happens.
        let counts = simulator.counts
        #expect(counts.hits > 300)
        #expect(counts.misses > 1000)
        #expect(counts.purges > 100)
        #expect(counts.queued > 50)
        #expect(counts.failovers > 50)
        #expect(counts.failures < counts.hits + counts.misses)
        #expect(counts.excused < (counts.hits + counts.misses) / 10)
    }

    /// `simulate --table` has the others, which take a build with optimization.
    @Test(arguments: Omission.allCases.filter { $0.bound <= 5_000_000 })
    func isMissed(_ omission: Omission) {
        var simulator = Simulator(without: [omission], settings: omission.settings)
        var seed: UInt64 = 1
        var violation: Violation?
        while violation == nil, simulator.counts.steps < omission.bound {
            violation = simulator.run(seed: seed)
            seed += 1
        }
        #expect(violation != nil, "\(omission.rawValue) is not found within \(omission.bound) steps")
    }

    @Test func aSeedIsARun() {
        var used = Simulator()
        // A simulator takes its memory from one run to the next, but nothing else.
        for seed in 1...100 as ClosedRange<UInt64> {
            var new = Simulator()
            let one = new.trace(seed: seed)
            let other = used.trace(seed: seed)
            // Flights are numbered through all runs of a simulator.
            let number = /flight [0-9]+/
            #expect(
                one.events.map { $0.replacing(number, with: "a flight") }
                    == other.events.map { $0.replacing(number, with: "a flight") }
            )
            #expect(one.events.count > 100)
        }
    }

    @Test func aTraceEndsWithTheViolation() throws {
        var simulator = Simulator(without: [.versionCheck])
        var seed: UInt64 = 1
        while simulator.run(seed: seed) == nil { seed += 1 }
        let (events, violation) = simulator.trace(seed: seed)
        let found = try #require(violation)
        #expect(found.seed == seed)
        #expect(events.last?.hasSuffix("VIOLATION: " + found.rule) == true)
        #expect(found.description.hasPrefix("seed \(seed), step \(found.step): "))
    }
}
