package import CachedRoutesCore
import HTTPTypes
import NIOCore
package import RouteManifest
import RouteModel

/// The errors for which manifests are not served, as a response to all requests.
///
/// The last routes without errors are not served instead: somebody who has just saved would take their responses for those of
/// what was saved.
package struct BrokenManifest: Hashable, Sendable {
    /// The errors, with their places and notes.
    package let diagnostics: [Diagnostic]

    /// Creates a response.
    ///
    /// - Parameter diagnostics: the diagnostics; those that are no errors are left out.
    package init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.filter { $0.severity == .error }
    }

    /// A problem document (RFC 9457) with all errors, which no cache may store. Its status is 500, because clients try a 503
    /// again by themselves.
    package var response: RouteResponse { Self.response(.internalServerError, "application/problem+json", document) }

    /// The response to `/ready`.
    package var readiness: RouteResponse {
        Self.response(.serviceUnavailable, "application/json", #"{"status":"broken"}"#)
    }

    private static func response(_ status: HTTPResponse.Status, _ type: String, _ text: String) -> RouteResponse {
        RouteResponse(
            status: status,
            headerFields: [.contentType: type, .contentLength: "\(text.utf8.count)", .cacheControl: "no-store"],
            body: ByteBuffer(string: text)
        )
    }

    /// The document's text.
    package var document: String {
        let status = HTTPResponse.Status.internalServerError
        var text = #"{"type":"about:blank","title":\#(Self.quoted(status.reasonPhrase)),"status":\#(status.code)"#
        text += #","detail":\#(Self.quoted(detail)),"diagnostics":["#
        text += diagnostics.map(Self.object).joined(separator: ",")
        return text + "]}"
    }

    /// The first error, and the number of all.
    private var detail: String {
        guard let first = diagnostics.first else { return "The manifests can't be served." }
        let place = "\(first.location): \(first.message)"
        return diagnostics.count == 1
            ? "There is an error: \(place)" : "There are \(diagnostics.count) errors; the first: \(place)"
    }

    private static func object(_ diagnostic: Diagnostic) -> String {
        let notes = diagnostic.notes.map { note in
            #"{\#(place(note.location)),"message":\#(quoted(note.message))}"#
        }
        let severity = quoted(diagnostic.severity.rawValue)
        return #"{\#(place(diagnostic.location)),"severity":\#(severity),"message":\#(quoted(diagnostic.message))"#
            + (notes.isEmpty ? "}" : #","notes":[\#(notes.joined(separator: ","))]}"#)
    }

    private static func place(_ location: Location) -> String {
        #""file":\#(quoted(location.file)),"line":\#(location.line),"column":\#(location.column)"#
    }

    private static func quoted(_ text: String) -> String { JSONStringEscaper.quoted(text) }
}
