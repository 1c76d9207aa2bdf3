/// Encodes rows, and whatever else is `Encodable`, as JSON without losing a digit.
///
/// Members are in the order in which they are encoded, and there is no white space. Types that have a form of their own with
/// Foundation's `JSONEncoder`, such as `Date` and `Decimal`, are written by their own `encode(to:)` here.
public struct RowEncoder: Sendable {
    /// Makes an encoder.
    public init() {}

    /// Encodes a value.
    ///
    /// - Parameter value: the value.
    /// - Returns: the JSON text in UTF-8.
    /// - Throws: `EncodingError` for a number that JSON can't express, or what `value` throws.
    public func encode(_ value: some Encodable) throws -> [UInt8] {
        let node = JSONNode()
        try value.encode(to: JSONNodeEncoder(node, at: []))
        var text: [UInt8] = []
        node.append(to: &text)
        return text
    }
}
