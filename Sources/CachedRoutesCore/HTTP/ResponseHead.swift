import HTTPTypes
package import NIOCore
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
struct WireHead: ResponseHead {
    private(set) var bytes: ByteBuffer

    /// - Parameter bytes: the buffer that the head is appended to.
    init(_ bytes: consuming ByteBuffer) {
        self.bytes = bytes
    }

    mutating func begin(status: Int) {
        switch status {
        case 200: bytes.writeStaticString("HTTP/1.1 200 OK\r\n")
        case 304: bytes.writeStaticString("HTTP/1.1 304 Not Modified\r\n")
        // The same as the router's encoder writes.
        default:
            bytes.writeString("HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n")
        }
    }

    mutating func add(_ field: HTTPField) {
        bytes.writeString(field.name.rawName)
        bytes.writeStaticString(": ")
        end(field.value)
    }

    mutating func add(_ name: EncodedFieldName, _ value: String) {
        bytes.writeStaticString(name.prefix)
        end(value)
    }

    mutating func add(_ name: EncodedFieldName, number: Int64) {
        bytes.writeStaticString(name.prefix)
        bytes.writeDecimal(number)
        end()
    }

    mutating func add(_ name: EncodedFieldName, date milliseconds: Int64) {
        bytes.writeStaticString(name.prefix)
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: HTTPDate.length) {
            HTTPDate.write(milliseconds: milliseconds, to: $0)
            return HTTPDate.length
        }
        end()
    }

    mutating func add(_ name: EncodedFieldName, entityTag tag: String, isWeak: Bool) {
        bytes.writeStaticString(name.prefix)
        if isWeak { bytes.writeStaticString("W/") }
        bytes.writeInteger(UInt8(ascii: "\""))
        bytes.writeString(tag)
        bytes.writeInteger(UInt8(ascii: "\""))
        end()
    }

    mutating func add(_ name: EncodedFieldName, _ status: CacheStatus) {
        guard case .hit(let ttl) = status.outcome, status.detail == nil else { return add(name, status.fieldValue) }
        bytes.writeStaticString(name.prefix)
        bytes.writeStaticString("CachedRoutes; hit; ttl=")
        bytes.writeDecimal(ttl)
        end()
    }

    private mutating func end(_ value: String) {
        bytes.writeString(value)
        end()
    }

    private mutating func end() { bytes.writeStaticString("\r\n") }
}

extension ByteBuffer {
    /// Writes a number in decimal digits.
    package mutating func writeDecimal(_ number: Int64) {
        // 19 digits and a sign.
        writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { bytes in
            var rest = number.magnitude
            var end = 20
            repeat {
                end -= 1
                bytes[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                end -= 1
                bytes[end] = UInt8(ascii: "-")
            }
            let digits = UnsafeRawBufferPointer(rebasing: bytes[end..<20])
            // The ranges may overlap.
            bytes.copyMemory(from: digits)
            return digits.count
        }
    }
}
