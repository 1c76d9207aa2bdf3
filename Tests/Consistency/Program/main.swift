import ConsistencyChecker
import Foundation

// The exit status: 0 where what was found is what is expected, 1 where it is not, 2 where the harness failed.
do {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "serve" {
        try await ItemsService.run(checksTokens: !arguments.contains("--without-token-checks"))
        exit(0)
    }
    let options = try Options(arguments)
    let report = Report(options: options, state: try await Run(options: options).record())
    print(report.text)
    let isClean = report.state.checker.violationCount == 0
    let proves = report.shortcomings.isEmpty || !isClean
    // Nothing is promised beside two primaries: a run shows what that comes to.
    let isExpected = options.hasTwoPrimaries || isClean == options.checksTokens
    exit(isExpected && proves && report.state.crashes == 0 ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("consistency: \(error)\n".utf8))
    exit(2)
}
