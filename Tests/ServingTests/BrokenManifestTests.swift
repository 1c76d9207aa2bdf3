import CachedRoutesCore
import Foundation
import HTTPTypes
import RouteManifest
import RouteServing
import Testing

@Suite struct BrokenManifestTests {
    @Test("All errors are in the document, with their places and notes, and warnings are not")
    func document() throws {
        let place = Location(file: "a \"b\".yaml", line: 3, column: 7)
        let other = Location(file: "c.yaml", line: 1, column: 2)
        let broken = BrokenManifest([
            Diagnostic(.error, "one\n\u{1}\\ ü", at: place, notes: [.init("see \"this\"", at: other)]),
            Diagnostic(.warning, "no error", at: other), Diagnostic(.error, "two", at: other),
        ])
        let text = broken.document
        let read = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(read["status"] as? Int == 500 && read["type"] as? String == "about:blank")
        #expect(
            (read["detail"] as? String)?.hasPrefix("There are 2 errors; the first: a \"b\".yaml:3:7: one")
                ?? false
        )
        let diagnostics = try #require(read["diagnostics"] as? [[String: Any]])
        #expect(diagnostics.count == 2)
        #expect(diagnostics[0]["message"] as? String == "one\n\u{1}\\ ü")
        #expect(diagnostics[0]["file"] as? String == "a \"b\".yaml" && diagnostics[0]["column"] as? Int == 7)
        let notes = try #require(diagnostics[0]["notes"] as? [[String: Any]])
        #expect(notes.count == 1 && notes[0]["message"] as? String == "see \"this\"" && notes[0]["line"] as? Int == 1)
        #expect(diagnostics[1]["notes"] == nil && diagnostics[1]["severity"] as? String == "error")
        let response = broken.response
        #expect(response.status == .internalServerError && response.headerFields[.cacheControl] == "no-store")
        #expect(response.headerFields[.contentLength] == "\(text.utf8.count)")
        #expect(broken.readiness.status == .serviceUnavailable)
    }

    @Test("One error is told as one")
    func one() {
        let broken = BrokenManifest([Diagnostic(.error, "x", at: Location(file: "f", line: 1, column: 1))])
        #expect(broken.document.contains(#""detail":"There is an error: f:1:1: x""#))
    }
}
