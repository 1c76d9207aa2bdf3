import Fuzzing
import NIOCore
import Testing

@testable import RedisClient

/// Clusters in which much happens at once.
@Suite struct RedisClusterTopologyFuzzTests {
    @Test func `The map becomes that of the cluster after changes end, and the machine keeps its rules`() throws {
        let cases = FuzzCases(150)
        var (staleOnes, lostOnes) = (0, 0)
        for seed in cases {
            var cluster = try SimulatedCluster(seed: seed)
            // The age at which a map is refreshed, and a refresh with nodes that hang.
            let bound = cluster.knownAt + .seconds(13)
            cluster.run(until: bound + .seconds(20))
            let hasStale = cluster.nodes.values.contains(where: \.isStale)
            if hasStale { staleOnes += 1 }
            if cluster.isLost {
                lostOnes += 1
            } else if hasStale {
                // Its answer counts until commands contradict it, and then it is asked last.
                let times = cluster.wrongTimes(after: bound)
                let (longest, whole) = (times.max() ?? .zero, times.reduce(.zero, +))
                #expect(
                    longest < .seconds(3) && whole < .seconds(5),
                    "seed \(seed): the map was wrong for \(whole), \(times.count) times; \(cluster.description)"
                )
            } else {
                #expect(
                    cluster.wrongTimes(after: bound).isEmpty,
                    "seed \(seed): the map was wrong; \(cluster.description)"
                )
            }
            cluster.stop()
            #expect(cluster.violations.isEmpty, "seed \(seed): \(cluster.violations.prefix(5))")
            // No storm of questions: at most one refresh in fifty milliseconds on the whole.
            let longest = Int((cluster.now - .uptimeNanoseconds(0)).nanoseconds / 50_000_000)
            #expect(cluster.refreshes <= longest + 10, "seed \(seed): \(cluster.refreshes) refreshes")
        }
        #expect(staleOnes > 0 && lostOnes < cases.count / 10 || cases.count < 50, "\(staleOnes), \(lostOnes)")
    }
}
