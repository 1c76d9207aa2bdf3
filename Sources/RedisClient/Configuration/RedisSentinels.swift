extension RedisConfiguration {
    /// The Sentinels that know the address of a primary.
    public struct Sentinels: Hashable, Sendable {
        /// The addresses of the Sentinels.
        public var addresses: [Endpoint]
        /// The name under which the Sentinels know the primary.
        public var primaryName: String
        /// The login at the Sentinels, which are servers with users of their own; `nil` sends no `AUTH`.
        public var credentials: Credentials?

        /// The port on which Sentinels listen by default.
        public static let defaultPort = 26_379

        /// Makes a value from its parts.
        ///
        /// - Parameters:
        ///   - addresses: the addresses of the Sentinels.
        ///   - primaryName: the name under which the Sentinels know the primary.
        ///   - credentials: the login at the Sentinels; `nil` sends no `AUTH`.
        public init(addresses: [Endpoint], primaryName: String, credentials: Credentials? = nil) {
            self.addresses = addresses
            self.primaryName = primaryName
            self.credentials = credentials
        }

        /// Validates all values but the syntax of the hosts.
        ///
        /// - Throws: ``RedisConfigurationError`` that names the first invalid value.
        public func validate() throws(RedisConfigurationError) {
            if addresses.isEmpty {
                throw RedisConfigurationError(.invalidValue, "the addresses of the Sentinels are missing")
            }
            for (position, address) in addresses.enumerated() {
                guard case .tcp(let host, let port) = address else {
                    throw RedisConfigurationError(
                        .invalidValue,
                        "a Sentinel has a host and a port, not a socket: '\(address)'"
                    )
                }
                if host.isEmpty { throw RedisConfigurationError(.invalidValue, "the host of a Sentinel is missing") }
                if !(1...65_535).contains(port) {
                    throw RedisConfigurationError(.invalidValue, "\(port) is not a port of a Sentinel: 1 to 65535")
                }
                if addresses[..<position].contains(address) {
                    throw RedisConfigurationError(.invalidValue, "the Sentinel \(address) is given twice")
                }
            }
            if primaryName.isEmpty {
                throw RedisConfigurationError(
                    .invalidValue,
                    "the primary's name is missing, as in sentinel monitor NAME …"
                )
            }
            // Sentinels separate the parts of their messages by spaces.
            if !primaryName.utf8.allSatisfy({ (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) }) {
                throw RedisConfigurationError(
                    .invalidValue,
                    "the primary's name must be printable ASCII without spaces"
                )
            }
        }
    }
}
