public import HTTPTypes
public import NIOCore

/// An answer ready to be sent.
public struct RouteResponse: Sendable {
    /// The status.
    public var status: HTTPResponse.Status
    /// The header fields: `Content-Length` where there is or could be a body, and the `Date` of an answer that may be reused.
    public var headerFields: HTTPFields
    /// The body; empty for HEAD, 204 and 304.
    public var body: ByteBuffer

    /// A response from its parts.
    public init(status: HTTPResponse.Status, headerFields: HTTPFields, body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }
}

extension HTTPField.Name {
    static let cacheStatus = HTTPField.Name("Cache-Status")!
}
