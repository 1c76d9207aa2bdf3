package import HTTPTypes

/// The name of a field that a request may have, as a type and as it is compared.
package struct RequestFieldName: Sendable {
    /// The name.
    package let name: HTTPField.Name
    /// The name in lowercase.
    package let bytes: [UInt8]

    init(_ name: HTTPField.Name) {
        self.name = name
        bytes = Array(name.canonicalName.utf8)
    }

    /// Whether a field of a request has this name (RFC 9110, 5.1).
    package func matches(_ other: UnsafeRawBufferPointer) -> Bool {
        other.count == bytes.count && zip(other, bytes).allSatisfy { $0.asciiLowercased == $1 }
    }
}

extension UInt8 {
    /// The byte, a capital letter of ASCII as a small one.
    package var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
