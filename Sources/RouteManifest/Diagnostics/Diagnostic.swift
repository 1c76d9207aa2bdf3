/// A place in a manifest or in a `.sql` file.
public struct Location: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file, as it was named to the parser.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, counted in Unicode scalars: a tab and an `é` in its composed form are one column each. A byte order mark
    /// at the start of a file is not counted.
    public var column: Int

    /// A location from its parts.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, as editors link it.
    public var description: String { "\(file):\(line):\(column)" }

    /// The order of files, then lines, then columns.
    public static func < (left: Location, right: Location) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// What is wrong, or doubtful, at one place of a manifest.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// How much a diagnostic matters.
    public enum Severity: String, Sendable, Hashable {
        /// Nothing can be generated.
        case error
        /// Worth a look; generation goes on.
        case warning
        /// An explanation at another place.
        case note
    }

    /// An explanation at a place of its own.
    public struct Note: Sendable, Hashable {
        /// Where.
        public var location: Location
        /// What there is to see.
        public var message: String

        /// A note from its parts.
        public init(_ message: String, at location: Location) {
            self.location = location
            self.message = message
        }
    }

    /// How much it matters.
    public var severity: Severity
    /// Where.
    public var location: Location
    /// What is wrong and, where that is known, what to write instead.
    public var message: String
    /// The name by which `allow` silences it; `nil`: nothing does.
    public var name: DiagnosticName?
    /// Explanations at other places.
    public var notes: [Note]

    /// A diagnostic from its parts.
    public init(
        _ severity: Severity,
        _ message: String,
        name: DiagnosticName? = nil,
        at location: Location,
        notes: [Note] = []
    ) {
        self.severity = severity
        self.location = location
        self.message = message
        self.name = name
        self.notes = notes
    }

    /// `file:line:column: error: text [name]`, and a line of the same form for each note.
    public var description: String {
        let suffix = name.map { " [\($0.rawValue)]" } ?? ""
        var lines = ["\(location): \(severity.rawValue): \(message)\(suffix)"]
        lines += notes.map { "\($0.location): \(Severity.note.rawValue): \($0.message)" }
        return lines.joined(separator: "\n")
    }
}

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
        _ message: String,
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
