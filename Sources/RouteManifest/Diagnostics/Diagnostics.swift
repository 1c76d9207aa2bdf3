/// Collects diagnostics, each once.
final class Diagnostics {
    private var all: [Diagnostic] = []
    private var seen: Set<Diagnostic> = []

    private(set) var hasErrors = false

    func error(_ message: String, at location: Location, notes: [Diagnostic.Note] = []) {
        add(Diagnostic(.error, message, at: location, notes: notes))
    }

    func warning(_ message: String, at location: Location, notes: [Diagnostic.Note] = []) {
        add(Diagnostic(.warning, message, at: location, notes: notes))
    }

    /// Reports a diagnostic that `allow` can silence, unless its name is among `allowed`. Nothing silences one without a name.
    func report(
        _ name: DiagnosticName?,
        message: String,
        severity: Diagnostic.Severity = .warning,
        allowed: Set<DiagnosticName>,
        at location: Location,
        notes: [Diagnostic.Note] = []
    ) {
        if let name, allowed.contains(name) { return }
        add(Diagnostic(severity, message, name: name, at: location, notes: notes))
    }

    /// Tells whether there is an error about a place.
    func hasError(at location: Location) -> Bool {
        all.contains { $0.severity == .error && $0.location == location }
    }

    /// Adds the diagnostics of another collector.
    func add(_ others: Diagnostics) {
        for diagnostic in others.all { add(diagnostic) }
    }

    private func add(_ diagnostic: Diagnostic) {
        guard seen.insert(diagnostic).inserted else { return }
        all.append(diagnostic)
        if diagnostic.severity == .error { hasErrors = true }
    }

    /// The diagnostics ordered by place; those of one place in the order in which they were reported.
    var sorted: [Diagnostic] {
        all.enumerated()
            .sorted { ($0.element.location, $0.offset) < ($1.element.location, $1.offset) }
            .map(\.element)
    }
}
