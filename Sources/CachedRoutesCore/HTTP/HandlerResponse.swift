public import HTTPTypes
public import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a handler answers: bytes and their media type, a status, and header fields.
///
/// A handler may also return any `Encodable`, which becomes JSON by ``init(encoding:status:headerFields:)``. This type is
/// `Encodable` for that place alone: it stands for itself there, and can't be encoded as a part of something else.
///
/// Fields are stored with the answer and sent again with each hit. Some of them are about storing:
///
/// | field | effect |
/// |---|---|
/// | `Cache-Control: no-store`, `private`, `no-cache` or `max-age=0`, or `Set-Cookie` | the answer is neither stored nor shared |
/// | `Cache-Control: max-age` or `s-maxage`, or `Expires` | shortens the route's ttl and what clients may keep, never lengthens them |
/// | `Cache-Control: must-revalidate`, `proxy-revalidate` or `s-maxage` | the answer is not given once it is stale |
/// | `Cache-Control: no-transform`, or `Content-Encoding` | the answer is not compressed |
///
/// A handler of a GET route may say more of its answer itself, on hits as on misses:
///
/// | field | effect |
/// |---|---|
/// | `ETag`, strong or weak | is sent in place of the one that is made from the bytes, and compared with `If-None-Match` and `If-Match`. The compressed form of a strong one has `-gzip` behind it |
/// | `Last-Modified` | is sent in place of the date when the bytes were first seen, with 304 too, and compared with `If-Modified-Since`. A date in the future is replaced by that of the answer |
/// | `Age` | the answer has been fresh for so long already: its freshness, and the `Age` that is sent, count from it. One that can't be read is ignored |
///
/// An `ETag` or a `Last-Modified` that is malformed is an error, which the log tells with the field and the reason, and the client
/// gets 500. So it is where a handler sets a field that is not its own: `Cache-Status`, `Cached-Routes-Date`,
/// `Cached-Routes-Purge`, `Connection`, `Content-Length`, `Content-Range`, `Content-Type`, `Date`, `Keep-Alive`,
/// `Proxy-Connection`, `TE`, `Trailer`, `Transfer-Encoding`, `Upgrade` or `Vary`, or, on a route that writes, `Age`, `ETag` or
/// `Last-Modified`.
///
/// An answer has the field that its status asks for (RFC 9110, 15.5): `Allow` with 405, `Proxy-Authenticate` with 407. One that
/// has not is an error, too, and so is 426, whose `Upgrade` no handler can set. An answer with 401 that has no challenge in
/// `WWW-Authenticate` is sent with `Bearer` there.
///
/// A handler that says anything of caching has said all that clients are told: the route's stale windows are for its own store then.
///
/// Statuses from 200 to 299, and redirects, are stored; 404 and 410 where the route has a `negative-ttl`; no other.
public struct HandlerResponse: Sendable, Encodable {
    /// The status; `nil`: the route's.
    public let status: Int?
    /// Fields beside the content type.
    public let headerFields: HTTPFields
    /// The body as it is sent.
    public let body: ByteBuffer
    /// The media type of the body; empty where there is no body.
    public let contentType: String

    /// An answer of ready bytes. The media type is printable ASCII.
    public init(bytes body: ByteBuffer, contentType: String, status: Int? = nil, headerFields: HTTPFields = [:]) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
        self.contentType = contentType
    }

    /// An answer without a body.
    public init(status: Int, headerFields: HTTPFields = [:]) {
        self.init(bytes: ByteBuffer(), contentType: "", status: status, headerFields: headerFields)
    }

    /// The JSON of `value`, with keys in a stable order and dates as in RFC 3339, so that the same value has the same bytes.
    ///
    /// A ``HandlerResponse`` is taken as it is.
    ///
    /// - Throws: `EncodingError` when `value` can't be encoded.
    public init(encoding value: some Encodable, status: Int? = nil, headerFields: HTTPFields = [:]) throws {
        if let answer = value as? HandlerResponse {
            self = answer
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        self.init(
            bytes: ByteBuffer(bytes: try encoder.encode(value)),
            contentType: "application/json",
            status: status,
            headerFields: headerFields
        )
    }

    /// Always throws: bytes are not a part of a value.
    public func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            self,
            EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "A HandlerResponse stands alone.")
        )
    }
}

/// What a handler throws to answer with a problem document of its own; any other error is a 500 that tells nothing.
///
/// So are the statuses that ask for a field, which a problem can't have: 405, 407 and 426. A handler returns a ``HandlerResponse``
/// instead.
public struct HandlerError: Error, Sendable, Hashable {
    /// The status, 400 to 599.
    public let status: Int
    /// A sentence for the client.
    public let detail: String

    /// A problem from its parts. A status that is not one of an error becomes 500.
    public init(status: Int, _ detail: String) {
        self.status = (400...599).contains(status) ? status : 500
        self.detail = detail
    }
}
