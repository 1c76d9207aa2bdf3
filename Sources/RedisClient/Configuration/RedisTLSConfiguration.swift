import ClientSupport

/// TLS of the connections to a Redis server: the trusted authorities, and the certificate of the client.
///
/// All files are in PEM format. They are read for each new connection, so that renewed certificates are used from the next
/// connection on.
public struct RedisTLSConfiguration: Hashable, Sendable {
    /// The certificate authorities that may have issued a server's certificate.
    public enum TrustRoots: Hashable, Sendable {
        /// The operating system's.
        case system
        /// Those in a file.
        case file(path: String)
    }

    /// The checks of a server's certificate.
    public enum Verification: String, Hashable, Sendable, CaseIterable {
        /// A trusted authority has issued it, it is valid now, and it is for the server's name or address.
        case full
        /// None. Whoever is on the path to the server can read and change everything, passwords included.
        case none
    }

    /// The trusted authorities. Default: ``TrustRoots/system``.
    public var trustRoots = TrustRoots.system
    /// The file with the client's certificate, followed by those of intermediate authorities; `nil` for none.
    public var certificateFile: String?
    /// The file with the private key of the client's certificate; `nil` for none.
    public var privateKeyFile: String?
    /// The name to ask the server for and to look for in its certificate; `nil` for the host of the server's address.
    public var serverName: String?
    /// The checks of a server's certificate. Default: ``Verification/full``.
    public var verification = Verification.full

    /// Makes a configuration without a client certificate that checks servers by the system's authorities.
    public init() {}

    /// Validates all values, and reads all files.
    ///
    /// - Throws: ``RedisConfigurationError`` that names the first invalid value.
    public func validate() throws(RedisConfigurationError) {
        guard let fault = fault() else { return }
        throw RedisConfigurationError(fault.setting == nil ? .unsupported : .invalidValue, fault.message)
    }

    /// A setting, for messages about it.
    package enum Setting: String, Hashable, Sendable, CaseIterable {
        case trustRoots, certificateFile, privateKeyFile, serverName, verification
    }

    /// The reason for which a configuration can't be used.
    package struct Fault: Error {
        /// The setting to change; `nil` if the program has no TLS for Redis.
        package let setting: Setting?
        /// The reason, without the setting's name.
        package let reason: String

        /// The reason, after the name of the property.
        var message: String { setting.map { "tls.\($0.rawValue): \(reason)" } ?? reason }
    }

    /// Returns the first reason for which the configuration can't be used; `nil` if there is none.
    package func fault() -> Fault? {
        if let serverName {
            if HostNameSyntax.isAddress(serverName) {
                return Fault(
                    setting: .serverName,
                    reason:
                        "'\(serverName)' is an address, and TLS asks for names only; leave it out, and the certificate "
                        + "has to be for the address of the URL"
                )
            }
            if !Self.isName(serverName) {
                return Fault(setting: .serverName, reason: "'\(serverName)' is not a host's name")
            }
        }
        if certificateFile != nil, privateKeyFile == nil {
            return Fault(setting: .privateKeyFile, reason: "the client's certificate needs its private key")
        }
        if privateKeyFile != nil, certificateFile == nil {
            return Fault(setting: .certificateFile, reason: "the private key needs the client's certificate")
        }
        if trustRoots != .system, verification == .none {
            return Fault(
                setting: .verification,
                reason: "without a check of the server's certificate its authorities have no effect"
            )
        }
        #if RedisTLS
            do {
                try RedisTLSContext.check(self)
                return nil
            } catch {
                return error
            }
        #else
            return Fault(
                setting: nil,
                reason: "this program was built without TLS for Redis: enable the trait 'RedisTLS'"
            )
        #endif
    }

    /// Indicates that a text can stand in a certificate as a host's name.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 253 && HostNameSyntax.isPossible(text) && text.utf8.allSatisfy { $0 < 0x80 }
    }
}
