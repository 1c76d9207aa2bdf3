public import CachedRoutes
public import HTTPTypes
public import NIOCore

/// The response to a request of a route, in a test.
public struct TestedResponse<Route: RouteNamespace>: Sendable {
    /// The status.
    public let status: HTTPResponse.Status
    /// The header fields.
    public let headerFields: HTTPFields
    /// The body; empty for HEAD, 204 and 304.
    public let body: ByteBuffer

    init(_ response: RouteResponse) {
        status = response.status
        headerFields = response.headerFields
        body = response.body
    }

    /// The body as text.
    public var text: String { String(buffer: body) }

    /// The value of `Cache-Status` (RFC 9211); `nil` if the response has none.
    public var cacheStatus: String? { HTTPField.Name("Cache-Status").flatMap { headerFields[$0] } }

    /// Indicates that the response came from the store, fresh or stale.
    public var isHit: Bool { cacheStatus?.contains("; hit;") ?? false }

    /// The value of the body.
    ///
    /// - Returns: the rows that the route's lock gives types to; any JSON without one, and for a handler.
    /// - Throws: ``UnexpectedResponseError`` if the status is none of a success, or there is no body; `DecodingError` if the body is
    ///   of another form.
    public func decoded() throws -> Route.Response { try decoded(as: Route.Response.self) }

    /// The value of the body as another type, such as that of a handler's result.
    ///
    /// - Parameter type: the type to decode, by a `RowDecoder`.
    /// - Throws: ``UnexpectedResponseError`` if the status is none of a success, or there is no body; `DecodingError` if the body is
    ///   of another form.
    public func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        guard status.kind == .successful, body.readableBytes > 0 else {
            throw UnexpectedResponseError(description: "\(Route.declaration.name) was answered with \(status): \(text)")
        }
        return try RowDecoder().decode(type, from: body.readableBytesView)
    }
}

/// The error about a response that has no value to decode.
public struct UnexpectedResponseError: Error, CustomStringConvertible {
    /// The name of the route, the status and the body.
    public let description: String
}
