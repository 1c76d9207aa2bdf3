import RouteManifest

/// Findings in the Static Analysis Results Interchange Format (OASIS, version 2.1.0).
package enum SARIFReport {
    private static let schema = "https://json.schemastore.org/sarif-2.1.0.json"

    /// Returns a log with one run.
    ///
    /// - Parameters:
    ///   - findings: the findings.
    ///   - failure: the reason for which no server was asked; `nil` if one was.
    package static func text(_ findings: [Finding], failure: String? = nil) -> String {
        let rules = Set(findings.map(rule)).sorted().map { JSONText.object([("id", JSONText.string($0))]) }
        let driver = JSONText.object([("name", JSONText.string("cached-routes")), ("rules", JSONText.array(rules))])
        let run = JSONText.object([
            ("tool", JSONText.object([("driver", driver)])),
            // Columns count Unicode scalars.
            ("columnKind", JSONText.string("unicodeCodePoints")), ("invocations", failure.map(invocations)),
            ("results", JSONText.array(findings.map(result))),
        ])
        return JSONText.object([
            ("$schema", JSONText.string(schema)), ("version", JSONText.string("2.1.0")),
            ("runs", JSONText.array([run])),
        ]) + "\n"
    }

    /// The one invocation that failed, with the reason.
    private static func invocations(_ failure: String) -> String {
        let notification = JSONText.object([("level", JSONText.string("error")), ("message", message(failure))])
        return JSONText.array([
            JSONText.object([
                ("executionSuccessful", "false"), ("toolExecutionNotifications", JSONText.array([notification])),
            ])
        ])
    }

    private static func rule(_ finding: Finding) -> String {
        finding.diagnostic.name?.rawValue ?? finding.state.map { "sql/\($0)" } ?? "manifest"
    }

    private static func result(_ finding: Finding) -> String {
        let diagnostic = finding.diagnostic
        let related = diagnostic.notes.map { place($0.location, message: $0.message) }
        return JSONText.object([
            ("ruleId", JSONText.string(rule(finding))), ("level", JSONText.string(diagnostic.severity.rawValue)),
            ("message", message(diagnostic.message)), ("locations", JSONText.array([place(diagnostic.location)])),
            ("relatedLocations", related.isEmpty ? nil : JSONText.array(related)),
        ])
    }

    private static func message(_ text: String) -> String { JSONText.object([("text", JSONText.string(text))]) }

    private static func place(_ location: Location, message text: String? = nil) -> String {
        let region = JSONText.object([("startLine", "\(location.line)"), ("startColumn", "\(location.column)")])
        let artifact = JSONText.object([("uri", JSONText.string(uri(location.file)))])
        return JSONText.object([
            ("message", text.map(message)),
            ("physicalLocation", JSONText.object([("artifactLocation", artifact), ("region", region)])),
        ])
    }

    /// The URI of a file: relative, unless its path is absolute.
    static func uri(_ path: String) -> String {
        let encoded = path.utf8.map { byte -> String in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~/".utf8.contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 0x10 ? "0" : "") + digits
        }.joined()
        return path.hasPrefix("/") ? "file://\(encoded)" : encoded
    }
}
