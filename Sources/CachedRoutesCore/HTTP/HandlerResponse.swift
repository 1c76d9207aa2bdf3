public import HTTPTypes
public import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A handler's response: bytes with their media type, a status, and header fields.
///
/// A handler may also return any `Encodable`, which ``init(encoding:status:headerFields:)`` turns into JSON. This type
/// is `Encodable` only so that it can be returned in the same place: it cannot be encoded as a part of another value.
///
/// Fields are stored with the response and sent again on each hit. Some of them control storage:
///
/// | field | effect |
/// |---|---|
/// | `Cache-Control: no-store`, `private`, `no-cache` or `max-age=0`, or `Set-Cookie` | the response is neither stored nor shared |
/// | `Cache-Control: max-age` or `s-maxage`, or `Expires` | shortens the route's ttl and the time for which clients may store the response, never lengthens them |
/// | `Cache-Control: must-revalidate`, `proxy-revalidate` or `s-maxage` | the response is never served stale |
/// | `Cache-Control: no-transform`, or `Content-Encoding` | the response is not compressed |
///
/// A handler of a GET route may also set these fields, which apply to hits and misses:
///
/// | field | effect |
/// |---|---|
/// | `ETag`, strong or weak | replaces the one that is computed from the bytes, and is compared with `If-None-Match` and `If-Match`. The compressed representation of a strong one has the suffix `-gzip` |
/// | `Last-Modified` | replaces the time at which the bytes were first seen, with 304 too, and is compared with `If-Modified-Since`. A date in the future is replaced by that of the response |
/// | `Age` | the age that the response already has: its freshness and the `Age` that is sent count from it. A malformed one is ignored |
///
/// A malformed `ETag` or `Last-Modified` is an error: the log has the field and the reason, and the client gets 500. So
/// is a field that a handler cannot set: `Cache-Status`, `Cached-Routes-Date`, `Cached-Routes-Purge`, `Connection`,
/// `Content-Length`, `Content-Range`, `Content-Type`, `Date`, `Keep-Alive`, `Proxy-Connection`, `TE`, `Trailer`,
/// `Transfer-Encoding`, `Upgrade` or `Vary`, or, on a route that writes, `Age`, `ETag` or `Last-Modified`.
///
/// A response needs the field that its status requires (RFC 9110, 15.5): `Allow` with 405, `Proxy-Authenticate` with
/// 407. Without it the response is an error, and so is 426, because no handler can set `Upgrade`. A 401 without a
/// challenge in `WWW-Authenticate` is sent with `Bearer`.
///
/// If a handler sets `Cache-Control` or `Expires`, the route's stale windows are no longer sent to clients; they then
/// apply to this service's own store only.
///
/// Statuses from 200 to 299 and redirects are stored, 404 and 410 if the route has a `negative-ttl`, and no others.
public struct HandlerResponse: Sendable, Encodable {
    /// The status; `nil` for the route's.
    public let status: Int?
    /// The header fields apart from the content type.
    public let headerFields: HTTPFields
    /// The body.
    public let body: ByteBuffer
    /// The media type of the body; empty without a body.
    public let contentType: String

    /// Makes a response from bytes.
    ///
    /// - Parameters:
    ///   - body: the bytes to send.
    ///   - contentType: the media type, in printable ASCII.
    ///   - status: the status; `nil` for the route's.
    ///   - headerFields: further fields, stored with the response.
    public init(bytes body: ByteBuffer, contentType: String, status: Int? = nil, headerFields: HTTPFields = [:]) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
        self.contentType = contentType
    }

    /// Makes a response without a body.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - headerFields: the fields, stored with the response.
    public init(status: Int, headerFields: HTTPFields = [:]) {
        self.init(bytes: ByteBuffer(), contentType: "", status: status, headerFields: headerFields)
    }

    /// Makes a response from the JSON of a value.
    ///
    /// Keys have a stable order and dates are in the format of RFC 3339, so that equal values have equal bytes. A
    /// ``RouteRow`` and an array of them have the bytes that a route with SQL sends.
    ///
    /// - Parameters:
    ///   - value: the value. A ``HandlerResponse`` is returned unchanged, and the other arguments are then ignored.
    ///   - status: the status; `nil` for the route's.
    ///   - headerFields: further fields, stored with the response.
    /// - Throws: `EncodingError` if `value` cannot be encoded.
    public init(encoding value: some Encodable, status: Int? = nil, headerFields: HTTPFields = [:]) throws {
        if let response = value as? HandlerResponse {
            self = response
            return
        }
        let json: ByteBuffer
        if value is any RouteRow || value is any RouteRows {
            json = ByteBuffer(bytes: try RowEncoder().encode(value))
        } else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            json = ByteBuffer(bytes: try encoder.encode(value))
        }
        self.init(
            bytes: json,
            contentType: "application/json",
            status: status,
            headerFields: headerFields
        )
    }

    /// Always throws, because a response cannot be a part of another value.
    ///
    /// - Parameter encoder: unused.
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            self,
            EncodingError.Context(
                codingPath: encoder.codingPath,
                debugDescription: "A HandlerResponse cannot be a part of another value."
            )
        )
    }
}
