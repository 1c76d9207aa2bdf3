package import RouteManifest

/// A diagnostic of a check.
package struct Finding: Hashable, Sendable {
    /// The diagnostic.
    package var diagnostic: Diagnostic
    /// The SQLSTATE of the server's error that it is about; `nil` for other diagnostics.
    package var state: String?

    /// Creates a finding.
    package init(_ diagnostic: Diagnostic, state: String? = nil) {
        self.diagnostic = diagnostic
        self.state = state
    }
}

/// Collects findings, each once.
struct Findings {
    private(set) var all: [Finding] = []
    private var seen: Set<Finding> = []

    mutating func add(_ finding: Finding) {
        if seen.insert(finding).inserted { all.append(finding) }
    }

    /// Removes the findings that satisfy a condition.
    mutating func remove(where condition: (Finding) -> Bool) { all.removeAll(where: condition) }

    mutating func error(
        _ message: String,
        at location: Location,
        notes: [Diagnostic.Note] = [],
        state: String? = nil
    ) {
        add(Finding(Diagnostic(.error, message, at: location, notes: notes), state: state))
    }

    /// Reports a finding that `allow` can silence, unless the statement's route allows it.
    mutating func report(
        _ name: DiagnosticName,
        _ message: String,
        severity: Diagnostic.Severity = .warning,
        of statement: StatementToCheck,
        at location: Location,
        notes: [Diagnostic.Note] = []
    ) {
        report(name, message, severity: severity, allowed: statement.allowed, at: location, notes: notes)
    }

    /// Reports a finding that `allow` can silence, unless it is among the allowed ones.
    mutating func report(
        _ name: DiagnosticName,
        _ message: String,
        severity: Diagnostic.Severity = .warning,
        allowed: Set<DiagnosticName>,
        at location: Location,
        notes: [Diagnostic.Note] = []
    ) {
        guard !allowed.contains(name) else { return }
        add(Finding(Diagnostic(severity, message, name: name, at: location, notes: notes)))
    }

    /// The findings ordered by place; those of one place in the order in which they were reported.
    var sorted: [Finding] {
        all.enumerated()
            .sorted { ($0.element.diagnostic.location, $0.offset) < ($1.element.diagnostic.location, $1.offset) }
            .map(\.element)
    }
}
