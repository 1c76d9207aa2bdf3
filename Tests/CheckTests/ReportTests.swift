import Foundation
import RouteManifest
import Testing

@testable import RouteCheck

@Suite("Reports of a check")
struct ReportTests {
    private static let findings = [
        Finding(
            Diagnostic(
                .error,
                "PostgreSQL can't prepare this: column \"ä\"\u{1}\n does not exist [42703]",
                at: Location(file: "Sources/My App/routes.yaml", line: 7, column: 12),
                notes: [.init("HINT: none", at: Location(file: "a/b.sql", line: 1, column: 2))]
            ),
            state: "42703"
        ),
        Finding(Diagnostic(.warning, "big", name: .seqScan, at: Location(file: "/x.yaml", line: 1, column: 1))),
        Finding(Diagnostic(.error, "plain", at: Location(file: "x.yaml", line: 1, column: 1))),
    ]

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("have as JSON all that is in the text")
    func json() throws {
        let json = try Self.object(JSONReport.text(Self.findings, server: "15.4"))
        #expect(json["version"] as? Int == 1 && json["server"] as? String == "15.4")
        let diagnostics = try #require(json["diagnostics"] as? [[String: Any]])
        #expect(diagnostics.count == 3)
        #expect(diagnostics[0]["message"] as? String == Self.findings[0].diagnostic.message)
        #expect(diagnostics[0]["line"] as? Int == 7 && diagnostics[0]["column"] as? Int == 12)
        #expect(diagnostics[0]["sqlstate"] as? String == "42703" && diagnostics[0]["name"] == nil)
        #expect(((diagnostics[0]["notes"] as? [[String: Any]])?.first)?["file"] as? String == "a/b.sql")
        #expect(diagnostics[1]["name"] as? String == "seq-scan" && diagnostics[1]["severity"] as? String == "warning")
    }

    @Test("have as SARIF the members that it requires")
    func sarif() throws {
        let log = try Self.object(SARIFReport.text(Self.findings))
        #expect(log["version"] as? String == "2.1.0" && log["$schema"] is String)
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        #expect(driver["name"] as? String == "cached-routes")
        let rules = (driver["rules"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
        #expect(rules == ["manifest", "seq-scan", "sql/42703"])
        #expect(run["columnKind"] as? String == "unicodeCodePoints")
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.map { $0["ruleId"] as? String } == ["sql/42703", "seq-scan", "manifest"])
        #expect(results.map { $0["level"] as? String } == ["error", "warning", "error"])
        let uris = results.map { result in
            let location = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
            return (location?["artifactLocation"] as? [String: Any])?["uri"] as? String
        }
        #expect(uris == ["Sources/My%20App/routes.yaml", "file:///x.yaml", "x.yaml"])
        #expect((results[0]["message"] as? [String: Any])?["text"] as? String == Self.findings[0].diagnostic.message)
    }

    @Test("have the reason for which no server was asked")
    func failures() throws {
        let json = try Self.object(JSONReport.text([], server: nil, failure: "a \"reason\""))
        #expect(json["error"] as? String == "a \"reason\"" && json["server"] == nil)
        #expect((json["diagnostics"] as? [Any])?.isEmpty == true)
        let log = try Self.object(SARIFReport.text([], failure: "a \"reason\""))
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        let notification = try #require((invocation["toolExecutionNotifications"] as? [[String: Any]])?.first)
        #expect((notification["message"] as? [String: Any])?["text"] as? String == "a \"reason\"")
        #expect(invocation["executionSuccessful"] as? Bool == false)
        let other = try Self.object(SARIFReport.text([]))
        #expect((other["runs"] as? [[String: Any]])?.first?["invocations"] == nil)
    }

    @Test("end with the numbers")
    func summary() {
        let text = TextReport.summary(Self.findings, statements: 1, server: "15.4")
        #expect(text == "1 statement, 2 errors, 1 warning (PostgreSQL 15.4)")
        #expect(PlanFindings.grouped(2_100_000) == "2,100,000" && PlanFindings.grouped(999) == "999")
    }
}
