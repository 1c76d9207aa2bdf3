#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A `uuid` of a row, which is written in lower case, as PostgreSQL does.
public struct LowercaseUUID: Hashable, Sendable {
    /// The identifier.
    public var uuid: UUID

    /// Makes the value of an identifier.
    ///
    /// - Parameter uuid: the identifier.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

extension LowercaseUUID: LosslessStringConvertible {
    /// Reads 36 characters in either case; `nil` for any other text.
    ///
    /// - Parameter text: the identifier.
    public init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.init(uuid)
    }

    /// The identifier in lower case.
    public var description: String { uuid.uuidString.lowercased() }
}

extension LowercaseUUID: Codable {
    /// Reads a JSON string.
    ///
    /// - Parameter decoder: the decoder of the value.
    /// - Throws: `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let uuid = LowercaseUUID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The string is no UUID.")
        }
        self = uuid
    }

    /// Writes a JSON string in lower case.
    ///
    /// - Parameter encoder: the encoder of the value.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
