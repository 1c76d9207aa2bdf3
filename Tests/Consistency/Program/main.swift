import ConsistencyChecker
import Foundation

// The exit status: 0 if the run has found what is expected, 1 if it has not or proves nothing, 2 if the harness has failed.
do {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "serve" {
        try await ItemsService.run(checksTokens: Options.checksTokens(arguments.dropFirst()))
        exit(0)
    }
    let options = try Options(arguments)
    if let rate = options.recoveryRate {
        let (state, recoveries) = try await RecoveryRun(options: options, rate: rate).record()
        let count = state.checker.violationCount
        print(
            "\(rate) requests/s, seed \(options.seed), \(options.processes) processes, Redis \(options.redis.reportName)"
        )
        for recovery in recoveries { print(recovery.text) }
        print(
            "  \(state.writes.done) writes, \(state.queued) of them with a queued purge, \(state.writes.failed) failed"
        )
        print("  violations: \(count)")
        for violation in state.checker.violations.prefix(20) { print("    \(violation)") }
        let isServed = recoveries.allSatisfy { $0.serverErrors + $0.unanswered == 0 && $0.untilHits != nil }
        exit(count == 0 && isServed && state.crashes == 0 ? 0 : 1)
    }
    let report = Report(options: options, state: try await Run(options: options).record())
    print(report.text)
    if let failure = report.state.harnessFailure { throw HarnessError(failure) }
    let isClean = report.state.checker.violationCount == 0
    let proves = report.shortcomings.isEmpty || !isClean
    // Nothing is promised beside two primaries: a run shows how much goes wrong.
    let isExpected = options.hasTwoPrimaries || isClean == options.checksTokens
    exit(isExpected && proves && report.state.crashes == 0 ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("consistency: \(error)\n".utf8))
    exit(2)
}
