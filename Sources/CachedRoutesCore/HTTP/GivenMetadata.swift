import HTTPTypes

/// The version and the age that a handler gives its answer, in fields that this service would make itself (RFC 9110, 8.8;
/// RFC 9111, 5.1).
struct GivenMetadata: Sendable, Hashable {
    /// The value of `ETag`.
    private(set) var entityTag: EntityTag.Value?
    /// The date of `Last-Modified`, in milliseconds: a whole number of seconds, which may lie in the future.
    private(set) var lastModified: Int64?
    /// The seconds of `Age`.
    private(set) var age: Int64?

    /// Nothing.
    static let none = GivenMetadata()

    private init() {}

    /// Takes the fields out of those of an answer.
    ///
    /// - Parameter now: the time of day in milliseconds, by which a year of two digits is completed.
    /// - Throws: where `ETag` or `Last-Modified` has not the form that a sender owes (RFC 9110, 2.2). `Age` that can't be read is
    ///   ignored, and of several the first counts (RFC 9111, 5.1).
    init(taking fields: inout HTTPFields, now: Int64) throws(HandlerResponse.Invalid) {
        if let value = try Self.take(.eTag, from: &fields) {
            do throws(EntityTag.Value.Malformed) {
                entityTag = try EntityTag.Value(reading: value)
            } catch {
                throw HandlerResponse.Invalid("'ETag' \(error.reason) (RFC 9110, 8.8.3)", field: .eTag)
            }
        }
        if let value = try Self.take(.lastModified, from: &fields) {
            guard let date = HTTPDate.milliseconds(value, now: now) else {
                throw HandlerResponse.Invalid(
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

    /// Takes the value of a field that stands once.
    private static func take(
        _ name: HTTPField.Name,
        from fields: inout HTTPFields
    ) throws(HandlerResponse.Invalid) -> String? {
        guard let value = fields[name] else { return nil }
        let lines = fields[fields: name]
        guard lines.count == 1 else { throw HandlerResponse.Invalid("'\(name)' stands more than once", field: name) }
        // What is no UTF-8 could be sent only as something else.
        guard lines[0].withUnsafeBytesOfValue({ $0.elementsEqual(value.utf8) }) else {
            throw HandlerResponse.Invalid("'\(name)' has bytes that are no UTF-8", field: name)
        }
        fields[name] = nil
        return String(Substring(value.utf8[...].trimmed))
    }
}
