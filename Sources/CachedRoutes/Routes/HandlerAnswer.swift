public import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a handler answers: bytes and their media type.
///
/// A handler may also return any `Encodable`, which becomes JSON by ``init(encoding:)``.
public struct HandlerAnswer: Sendable {
    /// The body as it is sent.
    public let body: ByteBuffer
    /// The media type of the body.
    public let contentType: String

    /// An answer of ready bytes.
    public init(bytes body: ByteBuffer, contentType: String) {
        self.body = body
        self.contentType = contentType
    }

    /// The JSON of `value`, with keys in a stable order and dates as in RFC 3339, so that the same value has the same bytes.
    ///
    /// - Throws: `EncodingError` when `value` can't be encoded.
    public init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        body = ByteBuffer(bytes: try encoder.encode(value))
        contentType = "application/json"
    }
}
