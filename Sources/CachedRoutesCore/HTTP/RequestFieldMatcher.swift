package import HTTPTypes

/// The name of a request's field, both as a type and in the bytes that it is compared with.
package struct RequestFieldMatcher: Sendable {
    /// The name.
    package let name: HTTPField.Name
    /// The name in lowercase.
    package let bytes: [UInt8]

    init(_ name: HTTPField.Name) {
        self.name = name
        bytes = Array(name.canonicalName.utf8)
    }

    /// Indicates that a request's field has this name (RFC 9110, 5.1).
    package func matches(_ other: UnsafeRawBufferPointer) -> Bool {
        other.count == bytes.count && other.isLowercased(bytes)
    }
}

extension Sequence<UInt8> {
    /// Indicates that the bytes, with ASCII letters in lowercase, equal `bytes`.
    @inlinable
    package func isLowercased(_ bytes: some Sequence<UInt8>) -> Bool {
        elementsEqual(bytes) { byte, expected in
            byte == expected || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == expected
        }
    }
}
