/// An error or a warning about one place in a manifest or a `.sql` file.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// The severity of a diagnostic.
    public enum Severity: String, Sendable, Hashable {
        /// An error. Nothing is generated.
        case error
        /// A warning. Code is generated nevertheless.
        case warning
        /// A note at another place.
        case note
    }

    /// A note about another place.
    public struct Note: Sendable, Hashable {
        /// The place.
        public var location: Location
        /// The text.
        public var message: String

        /// Creates a note.
        public init(_ message: String, at location: Location) {
            self.location = location
            self.message = message
        }
    }

    /// The severity.
    public var severity: Severity
    /// The place.
    public var location: Location
    /// The problem and, if known, what to write instead.
    public var message: String
    /// The name by which `allow` silences the diagnostic; `nil` if nothing does.
    public var name: DiagnosticName?
    /// Notes about other places.
    public var notes: [Note]

    /// Creates a diagnostic.
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

    /// The diagnostic as `file:line:column: error: text [name]`, followed by a line of the same form for each note.
    public var description: String {
        let suffix = name.map { " [\($0.rawValue)]" } ?? ""
        var lines = ["\(location): \(severity.rawValue): \(message)\(suffix)"]
        lines += notes.map { "\($0.location): \(Severity.note.rawValue): \($0.message)" }
        return lines.joined(separator: "\n")
    }
}
