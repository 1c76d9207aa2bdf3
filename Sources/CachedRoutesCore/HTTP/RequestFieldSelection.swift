package import HTTPTypes

/// The fields of requests that a route reads, found by the bytes of their names.
package struct RequestFieldSelection: Sendable {
    private let names: [HTTPField.Name]
    /// The names in lowercase.
    private let bytes: [[UInt8]]
    /// Bit `n` is set if a name has `n` bytes; the last bit stands for all longer ones. Most fields of a request are
    /// passed over by it.
    private let lengths: UInt64

    init(_ names: [HTTPField.Name]) {
        self.names = names
        bytes = names.map { Array($0.canonicalName.utf8) }
        lengths = bytes.reduce(0) { $0 | Self.bit($1.count) }
    }

    private static func bit(_ length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

    /// Returns the name that `name` is, without regard to case (RFC 9110, 5.1); `nil` if the route does not read it.
    package func known(_ name: UnsafeRawBufferPointer) -> HTTPField.Name? {
        guard lengths & Self.bit(name.count) != 0 else { return nil }
        for index in bytes.indices where bytes[index].count == name.count && name.isLowercased(bytes[index]) {
            return names[index]
        }
        return nil
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
