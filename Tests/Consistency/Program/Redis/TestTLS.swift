import Foundation
import TestServers

/// The certificates of a run in which processes speak TLS to Redis.
struct TestTLS: Sendable {
    private let authority: CertificateAuthority
    /// The certificate of all servers.
    let identity: CertificateAuthority.Identity

    init() throws {
        authority = try CertificateAuthority()
        identity = try authority.issue(for: "localhost")
    }

    /// The variables by which processes accept the servers.
    var environment: [String: String] {
        ["REDIS_TLS_CA_FILE": authority.certificate.path, "REDIS_TLS_SERVER_NAME": "localhost"]
    }

    /// The options by which a server speaks TLS at a port.
    func arguments(port: Int) -> [String] {
        [
            "--tls-port", "\(port)", "--tls-cert-file", identity.certificate.path, "--tls-key-file", identity.key.path,
            "--tls-ca-cert-file", identity.authority.path, "--tls-auth-clients", "no",
        ]
    }

    /// Removes the files.
    func remove() { authority.remove() }
}
