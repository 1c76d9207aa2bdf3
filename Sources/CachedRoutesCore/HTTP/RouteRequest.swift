public import HTTPTypes
public import NIOCore

/// A request to a route.
public struct RouteRequest: Sendable {
    /// The method.
    public let method: HTTPRequest.Method
    /// The header fields.
    public let headerFields: HTTPFields
    /// The body, if it has been read; only for routes that write.
    public let body: ByteBuffer?
    /// The client's connection, if the server can observe it.
    public let client: ClientConnection?

    let targetBytes: [UInt8]

    /// The request target: path and query, percent-encoded as they were received.
    public var target: String { String(decoding: targetBytes, as: UTF8.self) }

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: the request target: path and query, percent-encoded.
    ///   - headerFields: the header fields.
    ///   - body: the body, if it has been read.
    ///   - client: the client's connection, if the server can observe it.
    public init(
        method: HTTPRequest.Method,
        target: String,
        headerFields: HTTPFields = [:],
        body: ByteBuffer? = nil,
        client: ClientConnection? = nil
    ) {
        self.init(method: method, target: Array(target.utf8), headerFields: headerFields, body: body, client: client)
    }

    /// Makes a request from a target in bytes.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: the bytes of the request target.
    ///   - headerFields: the header fields.
    ///   - body: the body, if it has been read.
    ///   - client: the client's connection, if the server can observe it.
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

    /// Indicates that the target consists of the characters of a URI (RFC 3986, 2). Routers that split paths by
    /// characters and those that split by bytes disagree about others.
    var hasValidTarget: Bool { targetBytes.allSatisfy { (0x21...0x7E).contains($0) } }

    /// Indicates that the request has a body (RFC 9112, 6).
    var announcesBody: Bool {
        if headerFields.contains(.transferEncoding) { return true }
        return headerFields[.contentLength].map { !$0.utf8.allSatisfy { $0 == UInt8(ascii: "0") } } ?? false
    }
}
