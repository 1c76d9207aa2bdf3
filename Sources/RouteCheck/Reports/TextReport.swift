import RouteManifest

/// Findings as the build prints them.
package enum TextReport {
    /// Returns a line for each diagnostic and each of its notes.
    package static func text(_ findings: [Finding]) -> String {
        findings.map { "\($0.diagnostic)\n" }.joined()
    }

    /// Returns the line at the end: `12 statements, 3 errors, 1 warning (PostgreSQL 15.14)`.
    package static func summary(_ findings: [Finding], statements: Int, server: String) -> String {
        func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
        let errors = findings.filter { $0.diagnostic.severity == .error }.count
        let warnings = findings.filter { $0.diagnostic.severity == .warning }.count
        return
            "\(count(statements, "statement")), \(count(errors, "error")), \(count(warnings, "warning")) (PostgreSQL \(server))"
    }
}
