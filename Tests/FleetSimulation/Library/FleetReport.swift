/// What a fleet did.
package struct FleetReport: Sendable, Equatable {
    /// Commands to the store, or messages from it, and their bytes.
    package struct Traffic: Sendable, Equatable {
        package var count = 0
        package var bytes = 0

        mutating func add(_ bytes: Int, times: Int = 1) {
            count += times
            self.bytes += bytes * times
        }
    }

    package var requests = 0
    package var nearHits = 0
    package var storeHits = 0
    /// Requests that found nothing fresh. They have made a query, waited for one, or found its result after all.
    package var misses = 0
    package var queries = 0
    /// How often a key was asked for while no response of it was fresh and none was on its way: the queries that there have
    /// to be.
    package var expiries = 0
    /// Requests without a response at the end.
    package var unanswered = 0
    /// The longest time that a request took, in seconds.
    package var longestWait = 0.0

    /// Lookups, with the versions.
    package var reads = Traffic()
    /// Missing versions that were created, and renewals of those that are used.
    package var versions = Traffic()
    package var writes = Traffic()
    package var locks = Traffic()
    package var purges = Traffic()
    /// Messages about changed keys to near caches.
    package var invalidations = Traffic()

    /// The most of each process, of all processes.
    package var peakFlights = 0
    package var peakWaiters = 0
    package var peakNearBytes = 0
    package var peakNearCount = 0
    package var peakTrackedKeys = 0
    package var storedEntries = 0

    package init() {}

    package var queriesPerExpiry: Double { expiries == 0 ? 0 : Double(queries) / Double(expiries) }
}

extension FleetReport {
    /// A table with a column for each simulation.
    package static func table(_ runs: [(name: String, configuration: FleetConfiguration, report: FleetReport)])
        -> String
    {
        var rows: [[String]] = [[""] + runs.map(\.name)]
        func row(_ name: String, _ value: (FleetConfiguration, FleetReport) -> String) {
            rows.append([name] + runs.map { value($0.configuration, $0.report) })
        }
        func rate(_ name: String, _ traffic: KeyPath<FleetReport, Traffic>) {
            row("\(name), /s") { text(Double($1[keyPath: traffic].count) / $0.seconds, digits: 1) }
            row("\(name), kB/s") { text(Double($1[keyPath: traffic].bytes) / $0.seconds / 1000, digits: 1) }
        }
        func share(_ name: String, _ count: KeyPath<FleetReport, Int>) {
            row("\(name), % of requests") {
                text(Double($1[keyPath: count]) / Double(max(1, $1.requests)) * 100, digits: 2)
            }
        }
        row("requests") { text($1.requests) }
        share("hits in memory", \.nearHits)
        share("hits in the store", \.storeHits)
        share("misses", \.misses)
        row("keys that expired or were purged, and were asked for") { text($1.expiries) }
        row("queries") { text($1.queries) }
        row("queries for each of these keys") { text($1.queriesPerExpiry, digits: 4) }
        row("longest request, ms") { text($1.longestWait * 1000, digits: 0) }
        rate("commands of lookups", \.reads)
        rate("commands for versions", \.versions)
        rate("commands that store", \.writes)
        rate("commands for locks", \.locks)
        rate("commands of purges", \.purges)
        rate("announcements to near caches", \.invalidations)
        row("entries in the store at the end") { text($1.storedEntries) }
        row("keys that the store tracks, most") { text($1.peakTrackedKeys) }
        row("near memory of a process, most, MB") { text(Double($1.peakNearBytes) / 1e6, digits: 1) }
        row("entries and versions in it, most") { text($1.peakNearCount) }
        row("flights of a process, most") { text($1.peakFlights) }
        row("requests that wait in a process, most") { text($1.peakWaiters) }
        row("connections of a process") { configuration, _ in text(configuration.connections) }
        row("connections to each server") { configuration, _ in
            text(configuration.connections * configuration.processes / max(1, configuration.primaries))
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func text(_ number: Int) -> String {
        var digits = Array(String(number))
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
        return String(digits)
    }

    private static func text(_ number: Double, digits: Int) -> String {
        guard digits > 0 else { return text(Int(number.rounded())) }
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((number * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        return text(scaled / scale) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension FleetConfiguration {
    /// The connections of a process to all servers: one for each event loop, and two for tracked reads and their messages.
    fileprivate var connections: Int { max(1, primaries) * (eventLoops + (near > 0 ? 2 : 0)) }
}
