import Foundation

extension RedisServer {
    /// The demand for certificates of clients.
    public enum ClientCertificates: String, Sendable {
        /// The server does not ask for one.
        case no
        /// The server asks for one and does without.
        case optional
        /// The server lets nobody in without one.
        case yes
    }

    /// Starts a server with a port for TLS beside ``port``, which has none and is the test's own way in.
    ///
    /// - Parameters:
    ///   - identity: the server's certificate and key. It trusts clients whose certificates are of the same authority.
    ///   - clients: the demand for certificates of clients.
    ///   - arguments: further configuration as on the command line.
    public convenience init(
        tls identity: CertificateAuthority.Identity,
        clients: ClientCertificates = .no,
        arguments: [String] = []
    ) throws {
        let tls = [
            "--tls-port", "\(try ServerProcess.lastingFreePort())", "--tls-cert-file", identity.certificate.path,
            "--tls-key-file", identity.key.path, "--tls-ca-cert-file", identity.authority.path,
            "--tls-auth-clients", clients.rawValue,
        ]
        try self.init(arguments: tls + arguments)
    }

    /// The loopback port for TLS, or 0 where there is none.
    public var tlsPort: Int {
        guard let option = arguments.firstIndex(of: "--tls-port") else { return 0 }
        return Int(arguments[option + 1]) ?? 0
    }
}
