package import NIOCore

/// Finds the address of a request's client, which proxies may have forwarded.
///
/// A field in which proxies give the address is trusted only if it comes from a trusted proxy, because any client can
/// send it. Its entries are read from the last one, which the proxy nearest to the server has added, for as long as
/// they are addresses of trusted proxies themselves.
package struct ClientAddressResolver: Sendable {
    /// The field in which proxies give the address.
    package enum Field: Sendable {
        /// `X-Forwarded-For`.
        case xForwardedFor
        /// `Forwarded` (RFC 7239).
        case forwarded

        fileprivate var name: String {
            switch self {
            case .xForwardedFor: "x-forwarded-for"
            case .forwarded: "forwarded"
            }
        }
    }

    private let ranges: [IPAddressRange]
    private let trustsUnixDomainSockets: Bool
    private let field: Field

    /// Creates a resolver that trusts no proxy.
    package init() {
        ranges = []
        trustsUnixDomainSockets = false
        field = .xForwardedFor
    }

    /// Creates a resolver that trusts proxies.
    ///
    /// - Parameters:
    ///   - proxies: addresses, ranges in CIDR notation (RFC 4632), and `unix:` for clients of a Unix domain socket.
    ///   - field: the field that the proxies set.
    /// - Throws: ``MalformedAddressRangeError`` for the first one that is none of these.
    package init(trusting proxies: [String], field: Field) throws(MalformedAddressRangeError) {
        var ranges: [IPAddressRange] = []
        for proxy in proxies where proxy != Self.unixDomainSocket {
            guard let range = IPAddressRange(proxy) else { throw MalformedAddressRangeError(text: proxy) }
            ranges.append(range)
        }
        self.ranges = ranges
        self.field = field
        trustsUnixDomainSockets = proxies.contains(Self.unixDomainSocket)
    }

    private static let unixDomainSocket = "unix:"

    /// Returns the address of the client; `nil` if it is not known.
    ///
    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - values: returns the values of a field, given its name in lowercase.
    package func address(peer: SocketAddress?, values: (String) -> [String]) -> String? {
        let address = peer?.ipAddress
        guard trusts(peer) else { return address }
        var known = address
        for entry in entries(values(field.name)).reversed() {
            guard let hop = IPAddress(node: entry) else { break }
            known = hop.description
            guard trusts(hop) else { break }
        }
        return known
    }

    private func trusts(_ peer: SocketAddress?) -> Bool {
        if case .unixDomainSocket = peer { return trustsUnixDomainSockets }
        guard !ranges.isEmpty, let address = peer?.ipAddress.flatMap({ IPAddress($0) }) else { return false }
        return trusts(address)
    }

    private func trusts(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    private func entries(_ values: [String]) -> [String] {
        switch field {
        case .xForwardedFor:
            values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map(String.init)
        case .forwarded: ForwardedField.nodes(values)
        }
    }
}

/// The error of a text that is neither an IP address nor a range of addresses.
package struct MalformedAddressRangeError: Error {
    package let text: String
}

/// The field `Forwarded` (RFC 7239, 4).
enum ForwardedField {
    /// Returns the node of each element's `for` parameter; an empty one for an element without it.
    static func nodes(_ values: [String]) -> [String] {
        values.flatMap { value in
            split(value, by: UInt8(ascii: ",")).map { element in
                for pair in split(element, by: UInt8(ascii: ";")) {
                    guard let equals = pair.firstIndex(of: "=") else { continue }
                    let name = pair[..<equals].drop { $0 == " " || $0 == "\t" }
                    if name.lowercased() == "for" { return unquoted(pair[pair.index(after: equals)...]) }
                }
                return ""
            }
        }
    }

    /// Splits a text at a separator outside of quoted strings.
    private static func split(_ text: some StringProtocol, by separator: UInt8) -> [String] {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                isEscaped = false
            } else if isQuoted && byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator && !isQuoted {
                parts.append([])
                continue
            }
            parts[parts.count - 1].append(byte)
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns the contents of a quoted string, and any other text without the blanks around it.
    private static func unquoted(_ text: Substring) -> String {
        let text = text.drop { $0 == " " || $0 == "\t" }
        guard text.first == "\"", let end = text.dropFirst().lastIndex(of: "\"") else {
            return String(text.prefix { $0 != " " && $0 != "\t" })
        }
        return String(text[..<end].dropFirst().filter { $0 != "\\" })
    }
}
