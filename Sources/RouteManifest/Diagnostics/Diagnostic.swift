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
