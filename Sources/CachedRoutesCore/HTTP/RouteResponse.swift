public import HTTPTypes
public import NIOCore

/// A response that is ready to be sent.
public struct RouteResponse: Sendable {
    /// The status.
    public var status: HTTPResponse.Status
    /// The header fields, with `Content-Length` if there is or could be a body, and the `Date` of a response that may
    /// be reused.
    public var headerFields: HTTPFields
    /// The body; empty for HEAD, 204 and 304.
    public var body: ByteBuffer

    /// Makes a response.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - headerFields: the header fields.
    ///   - body: the body; empty for HEAD, 204 and 304.
    package init(status: HTTPResponse.Status, headerFields: HTTPFields, body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }

    /// Writes the head in the bytes of HTTP/1.1, without the empty line that ends it.
    ///
    /// - Parameters:
    ///   - bytes: the buffer that the head is appended to.
    ///   - now: the time of day, in milliseconds since 1970, for a response without a `Date`.
    package func writeHead(to bytes: inout ByteBuffer, now: Int64) {
        var head = WireHead()
        head.begin(status: status.code)
        for field in headerFields { head.add(field) }
        if headerFields[.date] == nil { head.add(.date, date: now) }
        bytes.writeBytes(head.bytes)
    }
}

extension HTTPField.Name {
    static let cacheStatus = HTTPField.Name("Cache-Status")!
}
