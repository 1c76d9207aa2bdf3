public import HTTPTypes

/// A request as a route sees it.
public struct RouteRequest: Sendable {
    /// The method.
    public let method: HTTPRequest.Method
    /// The request target as it came: path and query, percent-encoded.
    public let target: String
    /// The header fields.
    public let headerFields: HTTPFields

    /// A request from its parts.
    public init(method: HTTPRequest.Method, target: String, headerFields: HTTPFields = [:]) {
        self.method = method
        self.target = target
        self.headerFields = headerFields
    }

    /// Whether the request announces a body (RFC 9112, 6).
    var announcesBody: Bool {
        if headerFields.contains(.transferEncoding) { return true }
        return headerFields[.contentLength].map { !$0.utf8.allSatisfy { $0 == 0x30 } } ?? false
    }
}
