import HTTPTypes

/// The validators and the age that a handler sets in fields that this service would otherwise generate (RFC 9110, 8.8;
/// RFC 9111, 5.1).
struct HandlerValidatorsAndAge: Sendable, Hashable {
    /// The value of `ETag`.
    private(set) var entityTag: EntityTag.Value?
    /// The date of `Last-Modified` in milliseconds, a whole number of seconds. It may lie in the future.
    private(set) var lastModified: Int64?
    /// The value of `Age` in seconds.
    private(set) var age: Int64?

    /// No metadata.
    static let none = HandlerValidatorsAndAge()

    private init() {}

    /// Extracts the metadata from a response's fields and removes them there.
    ///
    /// - Parameters:
    ///   - fields: the fields of the response.
    ///   - now: the current time in milliseconds, which completes two-digit years.
    /// - Throws: ``HandlerResponse/ValidationError`` if `ETag` or `Last-Modified` is malformed (RFC 9110, 2.2). A malformed
    ///   `Age` is ignored, and of several the first counts (RFC 9111, 5.1).
    init(taking fields: inout HTTPFields, now: Int64) throws(HandlerResponse.ValidationError) {
        if let value = try Self.take(.eTag, from: &fields) {
            do throws(EntityTag.Value.SyntaxError) {
                entityTag = try EntityTag.Value(reading: value)
            } catch {
                throw HandlerResponse.ValidationError("'ETag' \(error.reason) (RFC 9110, 8.8.3)", field: .eTag)
            }
        }
        if let value = try Self.take(.lastModified, from: &fields) {
            guard let date = HTTPDate.milliseconds(value, now: now) else {
                throw HandlerResponse.ValidationError(
                    "'Last-Modified' is not a date such as 'Sun, 06 Nov 1994 08:49:37 GMT' (RFC 9110, 5.6.7)",
                    field: .lastModified
                )
            }
            lastModified = date
        }
        if let value = fields[.age] {
            let first = value.utf8.prefix { $0 != UInt8(ascii: ",") }
            age = CacheDirectives.deltaSeconds(String(Substring(first.trimmed)))
            fields[.age] = nil
        }
    }

    /// Extracts the value of a field that may occur only once.
    private static func take(
        _ name: HTTPField.Name,
        from fields: inout HTTPFields
    ) throws(HandlerResponse.ValidationError) -> String? {
        guard let value = fields[name] else { return nil }
        let lines = fields[fields: name]
        guard lines.count == 1 else {
            throw HandlerResponse.ValidationError("'\(name)' occurs more than once", field: name)
        }
        // Bytes that are not UTF-8 would be sent as others.
        guard lines[0].withUnsafeBytesOfValue({ $0.elementsEqual(value.utf8) }) else {
            throw HandlerResponse.ValidationError("'\(name)' has bytes that are not UTF-8", field: name)
        }
        fields[name] = nil
        return String(Substring(value.utf8[...].trimmed))
    }
}
