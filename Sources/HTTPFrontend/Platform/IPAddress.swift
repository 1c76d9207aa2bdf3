#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An IPv4 or IPv6 address. An IPv4 address that is mapped to IPv6 (RFC 4291, 2.5.5.2) is the IPv4 address.
struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four bytes or 16.
    let bytes: [UInt8]
    let description: String

    /// Parses an address; `nil` for any other text.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        // It would end the text for the system's functions.
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &bytes) != 1 {
            bytes = [UInt8](repeating: 0, count: 16)
            guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
            if bytes.starts(with: Self.mappedPrefix) { bytes.removeFirst(Self.mappedPrefix.count) }
        }
        self.bytes = bytes
        description = Self.text(of: bytes)
    }

    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// Returns the canonical text of an address (RFC 5952).
    private static func text(of bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Parses an address as proxies write it, with blanks around it, and with a port or without (RFC 7239, 6).
    init?(node text: String) {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]"), Self.isPort(text[text.index(after: close)...]) else {
                return nil
            }
            self.init(text[..<close].dropFirst())
        } else if let colon = text.firstIndex(of: ":"), text[..<colon].contains("."), Self.isPort(text[colon...]) {
            self.init(text[..<colon])
        } else {
            self.init(text)
        }
    }

    /// Indicates that a text is empty, or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.first == ":" && UInt16(text.dropFirst()) != nil
    }
}

/// A range of addresses in CIDR notation (RFC 4632, 3.1; RFC 4291, 2.3).
struct IPAddressRange: Sendable {
    private let address: IPAddress
    /// The number of leading bits that the addresses have in common.
    private let length: Int

    /// Parses an address, or an address and the length of a prefix; `nil` for any other text.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        let bits = address.bytes.count * 8
        guard parts.count == 2 else {
            self.address = address
            length = bits
            return
        }
        guard parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let length = Int(parts[1]), length <= bits
        else { return nil }
        self.address = address
        self.length = length
    }

    /// Indicates that an address is in the range.
    func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let whole = length / 8
        guard other.bytes.prefix(whole) == address.bytes.prefix(whole) else { return false }
        guard length % 8 > 0 else { return true }
        let mask = ~UInt8(0) << UInt8(8 - length % 8)
        return other.bytes[whole] & mask == address.bytes[whole] & mask
    }
}
