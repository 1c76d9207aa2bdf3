public import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a handler answers: bytes and their media type.
///
/// A handler may also return any `Encodable`, which becomes JSON by ``init(encoding:)``. This type is `Encodable` for that
/// place alone: it stands for itself there, and can't be encoded as a part of something else.
public struct HandlerAnswer: Sendable, Encodable {
    /// The body as it is sent.
    public let body: ByteBuffer
    /// The media type of the body.
    public let contentType: String

    /// The media type can't stand in a header field.
    struct InvalidContentType: Error, CustomStringConvertible {
        let description: String
    }

    /// The answer itself.
    ///
    /// - Throws: ``InvalidContentType`` unless the media type is printable ASCII, and there is one.
    func checked() throws(InvalidContentType) -> HandlerAnswer {
        guard !contentType.isEmpty, contentType.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw InvalidContentType(description: "'\(contentType)' is not a content type that a header field can hold")
        }
        return self
    }

    /// An answer of ready bytes. The media type is printable ASCII.
    public init(bytes body: ByteBuffer, contentType: String) {
        self.body = body
        self.contentType = contentType
    }

    /// The JSON of `value`, with keys in a stable order and dates as in RFC 3339, so that the same value has the same bytes.
    ///
    /// A ``HandlerAnswer`` is taken as it is.
    ///
    /// - Throws: `EncodingError` when `value` can't be encoded.
    public init(encoding value: some Encodable) throws {
        if let answer = value as? HandlerAnswer {
            self = answer
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        body = ByteBuffer(bytes: try encoder.encode(value))
        contentType = "application/json"
    }

    /// Always throws: bytes are not a part of a value.
    public func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            self,
            EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "A HandlerAnswer stands alone.")
        )
    }
}
