#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension CachedRoutesService {
    /// The exit status for a configuration that can't be used: `EX_CONFIG` of `sysexits.h`.
    private static let configurationStatus: Int32 = 78

    /// Prints an error and ends the process.
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
    /// An error that leaves the top level of `main.swift` makes Swift trap, with a backtrace and the status of a crash.
    /// This method prints a line for each problem of a ``CachedRoutesConfigurationError`` on the standard error and
    /// exits with status 78; the same status follows an address that this machine can't listen on. For any other error,
    /// such as a port in use, it prints one line and exits with status 1. Nothing else in this library ends a process.
    ///
    /// - Parameter error: the error that the program can't start or go on with.
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

    /// Returns the lines to print for an error, and the exit status.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - environment: the variables from which an app may have its address.
    static func lastWords(
        for error: any Error,
        environment: CachedRoutesEnvironment = .process
    ) -> (lines: [String], status: Int32) {
        if let fault = ServerBindFailure(error, environment) {
            return ([fault.description], fault.isOfConfiguration ? configurationStatus : 1)
        }
        guard let error = error as? CachedRoutesConfigurationError else {
            return (["\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")], 1)
        }
        // A message from libpq may have several lines.
        let lines = error.problems.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        return (lines, configurationStatus)
    }
}
