import RouteManifest

/// Findings as JSON, for other programs.
package enum JSONReport {
    /// Returns one object on one line.
    ///
    /// - Parameters:
    ///   - findings: the findings.
    ///   - server: the server's version; `nil` if no server was asked.
    ///   - failure: the reason for which none was asked; `nil` if one was.
    package static func text(_ findings: [Finding], server: String?, failure: String? = nil) -> String {
        JSONText.object([
            ("version", "1"), ("server", server.map(JSONText.string)), ("error", failure.map(JSONText.string)),
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
