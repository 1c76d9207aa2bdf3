/// Gathers diagnostics.
final class Diagnostics {
    private var all: [Diagnostic] = []
    private var seen: Set<Diagnostic> = []

    private(set) var hasErrors = false

    func error(_ message: String, at location: Location, notes: [Diagnostic.Note] = []) {
        add(Diagnostic(.error, message, at: location, notes: notes))
    }

    /// Reports what `allow` silences, unless its name is among those allowed.
    func report(
        _ name: DiagnosticName,
        message: String,
        severity: Diagnostic.Severity = .warning,
        allowed: Set<DiagnosticName>,
        at location: Location,
        notes: [Diagnostic.Note] = []
    ) {
        guard !allowed.contains(name) else { return }
        add(Diagnostic(severity, message, name: name, at: location, notes: notes))
    }

    /// Takes over what others have gathered.
    func add(_ others: Diagnostics) {
        for diagnostic in others.all { add(diagnostic) }
    }

    private func add(_ diagnostic: Diagnostic) {
        guard seen.insert(diagnostic).inserted else { return }
        all.append(diagnostic)
        if diagnostic.severity == .error { hasErrors = true }
    }

    /// Each diagnostic once, by place; those of one place in the order in which they were found.
    var sorted: [Diagnostic] {
        all.enumerated()
            .sorted { ($0.element.location, $0.offset) < ($1.element.location, $1.offset) }
            .map(\.element)
    }
}
