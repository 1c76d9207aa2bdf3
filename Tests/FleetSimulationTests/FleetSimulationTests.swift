import FleetSimulation
import Testing

@Suite
struct FleetSimulationTests {
    /// Five processes that ask for a thousand keys, so that several of them miss most keys at once.
    private static func report(_ change: (inout FleetConfiguration) -> Void = { _ in }) -> FleetReport {
        var configuration = FleetConfiguration()
        configuration.processes = 5
        configuration.keys = 1000
        configuration.requestsPerSecond = 1000
        configuration.seconds = 10
        configuration.ttl = 3
        configuration.purgesPerSecond = 0
        configuration.nearBudget = 1 << 20
        change(&configuration)
        return FleetSimulation(configuration).run()
    }

    @Test(arguments: [0, 3])
    func aKeyThatExpiresIsQueriedOnceInTheFleet(primaries: Int) {
        let report = Self.report { $0.primaries = primaries }
        #expect(report.expiries > 1000)
        #expect(report.queries == report.expiries)
        #expect(report.unanswered == 0)
        #expect(report.requests == report.storeHits + report.misses)
    }

    /// A request that has read versions before a purge finds no response under them any more, and does not wait twice.
    @Test
    func purgesAddFewQueries() {
        let report = Self.report { $0.purgesPerSecond = 10 }
        #expect(report.purges.count > 50)
        #expect(report.queriesPerExpiry < 1.05)
        #expect(report.unanswered == 0)
    }

    @Test
    func withoutCoalescingInTheFleetItIsQueriedMoreOften() {
        let report = Self.report { $0.coalescing = .process }
        #expect(report.queries > report.expiries)
        #expect(report.locks.count == 0)
        #expect(report.unanswered == 0)
    }

    @Test
    func nearCachesSpareLookupsAndAddNoQueries() {
        let report = Self.report { $0.near = 2 }
        #expect(report.queries == report.expiries)
        #expect(report.nearHits > report.requests / 4)
        #expect(report.invalidations.count > 0)
        #expect((1...1 << 20).contains(report.peakNearBytes))
        #expect(report.requests == report.nearHits + report.storeHits + report.misses)
    }

    @Test
    func aTableChangeIsPurgedByEachProcess() {
        let report = Self.report {
            $0.tableChangesPerSecond = 1
        }
        #expect(report.purges.count > 0)
        #expect(report.purges.count.isMultiple(of: 5))
        #expect(report.unanswered == 0)
    }

    @Test
    func aSeedRepeats() {
        let report = Self.report { $0.near = 2 }
        #expect(Self.report { $0.near = 2 } == report)
        #expect(
            Self.report {
                $0.near = 2
                $0.seed = 2
            } != report
        )
    }
}
