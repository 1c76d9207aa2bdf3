public import HTTPTypes
public import NIOCore

/// A request as a route sees it.
public struct RouteRequest: Sendable {
    /// The method.
    public let method: HTTPRequest.Method
    /// The header fields.
    public let headerFields: HTTPFields
    /// The body, where it has been read; only routes that write have one.
    public let body: ByteBuffer?
    /// Whether the client is still there, where the server can tell.
    public let client: ClientConnection?

    let targetBytes: [UInt8]

    /// The request target as it came: path and query, percent-encoded.
    public var target: String { String(decoding: targetBytes, as: UTF8.self) }

    /// A request from its parts.
    public init(
        method: HTTPRequest.Method,
        target: String,
        headerFields: HTTPFields = [:],
        body: ByteBuffer? = nil,
        client: ClientConnection? = nil
    ) {
        self.init(method: method, target: Array(target.utf8), headerFields: headerFields, body: body, client: client)
    }

    /// A request whose target is still in bytes.
    package init(
        method: HTTPRequest.Method,
        target: [UInt8],
        headerFields: HTTPFields,
        body: ByteBuffer? = nil,
        client: ClientConnection? = nil
    ) {
        self.method = method
        targetBytes = target
        self.headerFields = headerFields
        self.body = body
        self.client = client
    }

    /// Whether the target is made of the characters a URI has (RFC 3986, 2). Others are read differently by a router that
    /// splits a path by characters and by one that splits it by bytes.
    var hasValidTarget: Bool { targetBytes.allSatisfy { (0x21...0x7E).contains($0) } }

    /// Whether the request announces a body (RFC 9112, 6).
    var announcesBody: Bool {
        if headerFields.contains(.transferEncoding) { return true }
        return headerFields[.contentLength].map { !$0.utf8.allSatisfy { $0 == 0x30 } } ?? false
    }
}
