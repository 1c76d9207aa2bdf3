import ConsistencyChecker

/// The results of a run, for people.
struct Report {
    let options: Options
    let state: Recorder.State

    /// The shortest run in minutes in which every fault has to happen.
    private static let minutesOfAllFaults = 3.0

    /// The reasons why the run proves nothing: something was never read, stored or written, or a fault did not happen.
    var shortcomings: [String] {
        var shortcomings: [String] = []
        for kind in RouteKind.allCases {
            let count = state.reads[kind] ?? Recorder.Count()
            if count.done < 50 { shortcomings.append("\(kind.rawValue) was read \(count.done) times only") }
            if count.hits == 0 { shortcomings.append("\(kind.rawValue) had no hit") }
            if count.hits == count.done { shortcomings.append("\(kind.rawValue) was never made anew") }
        }
        if state.writes.done < 50 { shortcomings.append("\(state.writes.done) writes were acknowledged only") }
        if state.foreignWrites.done < 20 {
            shortcomings.append("\(state.foreignWrites.done) writes past the service were acknowledged only")
        }
        if let evicted = state.evicted, evicted.entries < 20 || evicted.tagVersions < 20 {
            shortcomings.append("\(evicted.entries) entries and \(evicted.tagVersions) tag versions were evicted only")
        }
        if options.minutes >= Self.minutesOfAllFaults {
            for (fault, count) in faults where count == 0 { shortcomings.append("'\(fault.rawValue)' did not happen") }
        }
        return shortcomings
    }

    private var faults: [(key: Fault, value: Int)] { state.faults.sorted { $0.key.rawValue < $1.key.rawValue } }

    /// The report, on several lines.
    var text: String {
        var lines = [
            "Seed \(options.seed), \(options.minutes) minutes, \(options.processes) processes, Redis \(options.redis.reportName), "
                + (options.hasSnapshots ? "with snapshots" : "without persistence") + (options.hasTLS ? ", TLS" : "")
                + (options.redisMemory.map { ", allkeys-lru in \($0)" } ?? "")
                + (options.hasTwoPrimaries ? ", old primaries that go on beside their successors" : "")
                + (options.checksTokens ? "" : ", token checks switched off")
        ]
        lines.append("")
        lines.append(
            "  reads by kind of route        reads    hits  failed   p50 ms   p99 ms   older, calm: p50 / p99 / max ms"
        )
        for kind in RouteKind.allCases {
            let count = state.reads[kind] ?? Recorder.Count()
            let lags = state.checker.lags[kind] ?? []
            let late =
                kind.isNear || kind.hasTables
                ? "\(lags.count) reads: \(ms(lags, 50)) / \(ms(lags, 99)) / \(ms(lags, 100))" : "none is allowed"
            lines.append(
                "  " + kind.rawValue.padded(26) + "\(count.done)".leading(9)
                    + percent(count.hits, of: count.done).leading(8)
                    + "\(count.failed)".leading(8) + ms(count.latencies, 50).leading(9)
                    + ms(count.latencies, 99).leading(9) + "   " + late
            )
        }
        lines.append("")
        lines.append(
            "  writes through routes: \(state.writes.done) acknowledged, \(state.queued) of them with a queued purge, "
                + "\(state.writes.failed) failed; p50 \(ms(state.writes.latencies, 50)) ms, p99 \(ms(state.writes.latencies, 99)) ms"
        )
        lines.append(
            "  writes past the service: \(state.foreignWrites.done) acknowledged, \(state.foreignWrites.failed) failed"
        )
        if let evicted = state.evicted {
            lines.append("  evicted: \(evicted.entries) entries, \(evicted.tagVersions) tag versions")
        }
        lines.append("  faults: \(state.faults.values.reduce(0, +))")
        for (fault, count) in faults { lines.append("  " + "\(count)".leading(6) + "  \(fault.rawValue)") }
        lines.append("")
        if state.crashes > 0 { lines.append("  processes that ended by themselves: \(state.crashes)") }
        lines.append("  violations: \(state.checker.violationCount)")
        for violation in state.checker.violations.prefix(20) { lines.append("    \(violation)") }
        for shortcoming in shortcomings { lines.append("  proves nothing: \(shortcoming)") }
        return lines.joined(separator: "\n")
    }

    private func percent(_ part: Int, of whole: Int) -> String {
        whole == 0 ? "-" : "\(part * 100 / whole) %"
    }

    /// The percentile of times in nanoseconds, in milliseconds.
    private func ms(_ values: [UInt64], _ percentile: Int) -> String {
        guard !values.isEmpty else { return "-" }
        let sorted = values.sorted()
        let value = sorted[min(sorted.count - 1, sorted.count * percentile / 100)]
        let tenths = (value + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension RedisKind {
    /// Its name in reports.
    var reportName: String {
        switch self {
        case .single: "alone"
        case .sentinel: "with Sentinels"
        case .cluster: "as a cluster"
        }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    fileprivate func leading(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
