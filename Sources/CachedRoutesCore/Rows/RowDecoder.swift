import RouteModel

/// Decodes rows, and whatever else is `Decodable`, from the body of a response without losing a digit.
///
/// ```swift
/// let users = try RowDecoder().decode(Routes.ListUsersResponse.self, from: body)
/// ```
///
/// Numbers are read from their text. Types that have a form of their own with Foundation's `JSONDecoder`, such as `Date` and
/// `Decimal`, are read by their own `init(from:)` here.
public struct RowDecoder: Sendable {
    /// The largest depth of nested objects and arrays, since each level needs a part of the thread's stack.
    private static let depthLimit = 256

    /// Makes a decoder.
    public init() {}

    /// Decodes a value.
    ///
    /// - Parameters:
    ///   - type: the type of the value.
    ///   - body: the JSON text in UTF-8.
    /// - Returns: the value.
    /// - Throws: `DecodingError` if the text is not strict JSON (RFC 8259), has an object with two members of one name or more
    ///   than 256 levels, or is no value of the type.
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self,
        from body: some Sequence<UInt8>
    ) throws -> Value {
        let value: JSONValue
        do {
            value = try JSONValue(Array(body), depthLimit: Self.depthLimit)
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "The text \(error)."))
        }
        return try Value(from: JSONValueDecoder(value, at: []))
    }
}
