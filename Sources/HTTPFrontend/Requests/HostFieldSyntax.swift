/// The syntax of `Host` (RFC 9112, 3.2): `uri-host [ ":" port ]` (RFC 3986, 3.2.2).
package enum HostFieldSyntax {
    /// Indicates that a value is well-formed; an empty one is, for a target without an authority.
    package static func isValid(_ value: some BidirectionalCollection<UInt8>) -> Bool {
        guard value.first == UInt8(ascii: "[") else {
            let (host, port) = split(value)
            return isRegisteredName(host) && isPort(port)
        }
        guard let close = value.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let rest = value[value.index(after: close)...]
        guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { return false }
        return isLiteral(value[..<close].dropFirst()) && isPort(rest.dropFirst())
    }

    private static func split<Bytes: BidirectionalCollection<UInt8>>(
        _ value: Bytes
    ) -> (host: Bytes.SubSequence, port: Bytes.SubSequence) {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return (value[...], value[value.endIndex...]) }
        return (value[..<colon], value[value.index(after: colon)...])
    }

    /// Indicates that a text is a port, which may be empty.
    private static func isPort(_ port: some Collection<UInt8>) -> Bool {
        port.count <= 5 && port.allSatisfy(isDigit) && port.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 65535
    }

    private static func isRegisteredName(_ host: some Collection<UInt8>) -> Bool {
        var hexDigitsDue = 0
        for byte in host {
            if hexDigitsDue > 0 {
                guard isHexDigit(byte) else { return false }
                hexDigitsDue -= 1
            } else if byte == UInt8(ascii: "%") {
                hexDigitsDue = 2
            } else if !isUnreservedOrSubDelimiter(byte) {
                return false
            }
        }
        return hexDigitsDue == 0
    }

    /// Indicates that a text has the characters of an IPv6 address, or of an address of a later version. The address
    /// itself is not parsed, because nothing depends on it.
    private static func isLiteral(_ literal: some Collection<UInt8>) -> Bool {
        guard let first = literal.first else { return false }
        if first | 0x20 == UInt8(ascii: "v") {
            return literal.count > 2
                && literal.dropFirst().allSatisfy { isUnreservedOrSubDelimiter($0) || $0 == UInt8(ascii: ":") }
        }
        return literal.contains(UInt8(ascii: ":"))
            && literal.allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isUnreservedOrSubDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="):
            true
        default: false
        }
    }
}
