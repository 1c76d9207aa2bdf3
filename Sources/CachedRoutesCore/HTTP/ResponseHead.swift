import HTTPTypes
import NIOHTTP1

/// A response's head under construction. Fields are only added, each once.
protocol ResponseHead {
    /// Sets the status; called first.
    mutating func begin(status: Int)
    mutating func add(_ field: HTTPField)
    mutating func add(_ name: EncodedFieldName, _ value: String)
    mutating func add(_ name: EncodedFieldName, number: Int64)
    /// - Parameters:
    ///   - name: the name of the field.
    ///   - milliseconds: since 1970-01-01T00:00:00Z.
    mutating func add(_ name: EncodedFieldName, date milliseconds: Int64)
    /// - Parameters:
    ///   - name: the name of the field.
    ///   - tag: the opaque part of an entity tag.
    ///   - isWeak: makes the tag weak.
    mutating func add(_ name: EncodedFieldName, entityTag tag: String, isWeak: Bool)
    mutating func add(_ name: EncodedFieldName, _ status: CacheStatus)
}

/// The name of a response's field, both as a type and in the bytes that are sent.
struct EncodedFieldName {
    let name: HTTPField.Name
    /// The name, the colon and a space.
    let prefix: StaticString

    static let age = EncodedFieldName(name: .age, prefix: "Age: ")
    static let cacheControl = EncodedFieldName(name: .cacheControl, prefix: "Cache-Control: ")
    static let cacheStatus = EncodedFieldName(name: .cacheStatus, prefix: "Cache-Status: ")
    static let contentEncoding = EncodedFieldName(name: .contentEncoding, prefix: "Content-Encoding: ")
    static let contentLength = EncodedFieldName(name: .contentLength, prefix: "Content-Length: ")
    static let contentType = EncodedFieldName(name: .contentType, prefix: "Content-Type: ")
    static let date = EncodedFieldName(name: .date, prefix: "Date: ")
    static let entityTag = EncodedFieldName(name: .eTag, prefix: "ETag: ")
    static let lastModified = EncodedFieldName(name: .lastModified, prefix: "Last-Modified: ")
    static let vary = EncodedFieldName(name: .vary, prefix: "Vary: ")
}

/// A head in the types of an HTTP framework.
struct HTTPTypesHead: ResponseHead {
    private(set) var status = HTTPResponse.Status.ok
    private(set) var fields = HTTPFields()

    mutating func begin(status: Int) {
        self.status = HTTPResponse.Status(code: status)
        fields.reserveCapacity(14)
    }

    mutating func add(_ field: HTTPField) { fields.append(field) }

    mutating func add(_ name: EncodedFieldName, _ value: String) {
        fields.append(HTTPField(name: name.name, value: value))
    }

    mutating func add(_ name: EncodedFieldName, number: Int64) { add(name, String(number)) }

    mutating func add(_ name: EncodedFieldName, date milliseconds: Int64) {
        add(name, HTTPDate.string(milliseconds: milliseconds))
    }

    mutating func add(_ name: EncodedFieldName, entityTag tag: String, isWeak: Bool) {
        add(name, EntityTag.Value(opaque: tag, isWeak: isWeak).fieldValue)
    }

    mutating func add(_ name: EncodedFieldName, _ status: CacheStatus) { add(name, status.fieldValue) }
}

/// A head in the bytes of HTTP/1.1 (RFC 9112, 4 and 5), without the empty line that ends it.
///
/// The bytes are gathered in an array, where a small piece costs less than in a buffer of the channel.
struct WireHead: ResponseHead {
    private(set) var bytes: [UInt8] = []

    /// The usual length of a head, with room to spare.
    private static let usualLength = 512

    mutating func begin(status: Int) {
        bytes.reserveCapacity(Self.usualLength)
        switch status {
        case 200: append("HTTP/1.1 200 OK\r\n")
        case 304: append("HTTP/1.1 304 Not Modified\r\n")
        // The same as the router's encoder writes.
        default:
            append("HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n" as String)
        }
    }

    mutating func add(_ field: HTTPField) {
        append(field.name.rawName)
        append(": ")
        end(field.value)
    }

    mutating func add(_ name: EncodedFieldName, _ value: String) {
        append(name.prefix)
        end(value)
    }

    mutating func add(_ name: EncodedFieldName, number: Int64) {
        append(name.prefix)
        bytes.appendDecimal(number)
        end()
    }

    mutating func add(_ name: EncodedFieldName, date milliseconds: Int64) {
        append(name.prefix)
        withUnsafeTemporaryAllocation(byteCount: HTTPDate.length, alignment: 1) { date in
            HTTPDate.write(milliseconds: milliseconds, to: date)
            bytes.append(contentsOf: date)
        }
        end()
    }

    mutating func add(_ name: EncodedFieldName, entityTag tag: String, isWeak: Bool) {
        append(name.prefix)
        append(isWeak ? "W/\"" : "\"")
        append(tag)
        append("\"")
        end()
    }

    mutating func add(_ name: EncodedFieldName, _ status: CacheStatus) {
        guard case .hit(let ttl) = status.outcome, status.detail == nil else { return add(name, status.fieldValue) }
        append(name.prefix)
        append("CachedRoutes; hit; ttl=")
        bytes.appendDecimal(ttl)
        end()
    }

    private mutating func end(_ value: String) {
        append(value)
        end()
    }

    private mutating func end() { append("\r\n") }

    private mutating func append(_ text: StaticString) { bytes.append(literal: text) }

    @_disfavoredOverload
    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
