import RouteManifest

/// Findings as JSON, for other programs.
package enum JSONReport {
    /// Returns one object on one line.
    package static func text(_ findings: [Finding], server: String) -> String {
        JSONText.object([
            ("version", "1"), ("server", JSONText.string(server)),
            ("diagnostics", JSONText.array(findings.map(diagnostic))),
        ]) + "\n"
    }

    private static func diagnostic(_ finding: Finding) -> String {
        let diagnostic = finding.diagnostic
        let notes = diagnostic.notes.map { note -> String in
            var members: [(name: String, json: String?)] = [("message", JSONText.string(note.message))]
            members += place(note.location)
            return JSONText.object(members)
        }
        var members: [(name: String, json: String?)] = [
            ("severity", JSONText.string(diagnostic.severity.rawValue)),
            ("name", diagnostic.name.map { JSONText.string($0.rawValue) }),
            ("sqlstate", finding.state.map(JSONText.string)), ("message", JSONText.string(diagnostic.message)),
        ]
        members += place(diagnostic.location)
        members.append(("notes", JSONText.array(notes)))
        return JSONText.object(members)
    }

    private static func place(_ location: Location) -> [(name: String, json: String?)] {
        [("file", JSONText.string(location.file)), ("line", "\(location.line)"), ("column", "\(location.column)")]
    }
}
