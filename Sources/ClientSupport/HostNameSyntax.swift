#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Checks the spelling of hosts without resolving them.
package enum HostNameSyntax {
    /// Indicates that a text is an IPv4 or IPv6 address.
    package static func isAddress(_ text: String) -> Bool {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        var addresses: UnsafeMutablePointer<addrinfo>?
        guard !text.isEmpty, getaddrinfo(text, nil, &hints, &addresses) == 0 else { return false }
        freeaddrinfo(addresses)
        return true
    }

    /// Indicates that a text is an address or a valid host name.
    ///
    /// A name whose last label is a number would be an address, so it is not valid (RFC 1123, 2.1).
    package static func isPossible(_ text: String) -> Bool {
        if isAddress(text) { return true }
        let name = text.hasSuffix(".") ? text.dropLast() : text[...]
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.allSatisfy(isAllowed) }),
            let last = labels.last
        else { return false }
        return !last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Letters of other alphabets are left to the resolver, and underscores occur in Docker's names.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: !scalar.isASCII && !scalar.properties.isWhitespace
        }
    }
}
