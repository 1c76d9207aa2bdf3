#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension CachedRoutesService {
    /// The status of a program whose configuration can't be used: `EX_CONFIG` of `sysexits.h`.
    private static let configurationStatus: Int32 = 78

    /// Ends the process, as a program does that can't start.
    ///
    /// ```swift
    /// do {
    ///     let service = try CachedRoutesService(environment: .process)
    ///     …
    ///     try await app.runService()
    /// } catch {
    ///     CachedRoutesService.exit(withError: error)
    /// }
    /// ```
    ///
    /// An error that leaves the top level of `main.swift` makes Swift trap, with a backtrace and the status of a crash. Here a
    /// ``CachedRoutesConfigurationError`` is a line for each problem on the standard error, and status 78, and so is an address
    /// that can't be listened on here; any other error is one line and status 1, a port that somebody else has among them. Nothing in this library ends a process unless it is told to by this call.
    public static func exit(withError error: any Error) -> Never {
        let (lines, status) = lastWords(for: error)
        var bytes = Array(lines.map { "error: \($0)\n" }.joined().utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written > 0 { bytes = bytes.dropFirst(written) } else if errno != EINTR { break }
        }
        #if canImport(Darwin)
            Darwin.exit(status)
        #elseif canImport(Glibc)
            Glibc.exit(status)
        #elseif canImport(Musl)
            Musl.exit(status)
        #endif
    }

    /// The lines to end with, and the status.
    ///
    /// - Parameter environment: says where an app listens that takes its address from there.
    static func lastWords(
        for error: any Error,
        environment: CachedRoutesEnvironment = .process
    ) -> (lines: [String], status: Int32) {
        if let fault = ListeningFault(error, environment) {
            return ([fault.description], fault.isOfConfiguration ? configurationStatus : 1)
        }
        guard let error = error as? CachedRoutesConfigurationError else {
            return (["\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")], 1)
        }
        // A message of libpq's has several lines.
        let lines = error.problems.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        return (lines, configurationStatus)
    }
}
