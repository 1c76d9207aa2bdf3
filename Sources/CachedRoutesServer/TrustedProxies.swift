import HTTPFrontend

/// The proxies in front of a server, whose word for the address of a client is believed.
///
/// Any client can send the fields in which proxies forward addresses. They are therefore read from the connections of
/// these proxies only, from the last entry on, for as long as the entries are addresses of these proxies themselves.
public struct TrustedProxies: Sendable {
    /// The field in which the proxies forward the address.
    public struct Field: Sendable, Hashable {
        /// `X-Forwarded-For`, which most proxies set.
        public static let xForwardedFor = Field(kind: .xForwardedFor)
        /// `Forwarded` (RFC 7239).
        public static let forwarded = Field(kind: .forwarded)

        /// The fields of this version.
        enum Kind: Sendable {
            case xForwardedFor, forwarded
        }

        /// The field.
        let kind: Kind
    }

    /// The addresses of the proxies: addresses, ranges in CIDR notation such as `10.0.0.0/8`, and `unix:` for clients of
    /// a Unix domain socket.
    public var addresses: [String]
    /// The field that the proxies set. A client can send the other one through them, so that it is not read.
    public var field: Field

    /// Makes a list of proxies.
    ///
    /// - Parameters:
    ///   - addresses: addresses, ranges in CIDR notation such as `10.0.0.0/8`, and `unix:` for clients of a Unix domain
    ///     socket. ``CachedRoutesServer/run()`` throws an error if one of them is none of these.
    ///   - field: the field that the proxies set.
    public init(_ addresses: [String], field: Field = .xForwardedFor) {
        self.addresses = addresses
        self.field = field
    }

    /// Makes the resolver of clients' addresses.
    func resolver() throws(MalformedAddressRangeError) -> ClientAddressResolver {
        switch field.kind {
        case .xForwardedFor: try ClientAddressResolver(trusting: addresses, field: .xForwardedFor)
        case .forwarded: try ClientAddressResolver(trusting: addresses, field: .forwarded)
        }
    }
}
