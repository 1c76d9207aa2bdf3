extension UInt8 {
    /// Indicates that the byte is a character of a token (RFC 9110, 5.6.2).
    @inlinable
    package var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension Collection<UInt8> {
    /// Indicates that the bytes are a token (RFC 9110, 5.6.2). A comma, which joins fields of one name, is in none.
    package var isToken: Bool { !isEmpty && allSatisfy(\.isTokenCharacter) }
}
