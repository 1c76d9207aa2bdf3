public import Foundation

/// A certificate authority that exists for a test, made by the `openssl` program.
public final class CertificateAuthority: Sendable {
    /// A server's certificate and its private key.
    public struct Identity: Sendable {
        /// The file with the certificate.
        public let certificate: URL
        /// The file with the private key.
        public let key: URL
        /// The file with the certificate of the authority.
        public let authority: URL
    }

    /// The file with the authority's own certificate, for `sslrootcert`.
    public let certificate: URL
    private let folder: URL

    /// Makes an authority in a folder of its own, which ``remove()`` removes.
    public init() throws {
        folder = try ServerProcess.temporaryFolder("authority")
        certificate = folder.appendingPathComponent("authority.crt")
        do {
            let configuration = """
                [req]
                distinguished_name = subject
                x509_extensions = authority
                [subject]
                [authority]
                basicConstraints = critical, CA:TRUE
                keyUsage = critical, keyCertSign
                subjectKeyIdentifier = hash
                """
            try configuration.write(to: file("authority.cnf"), atomically: true, encoding: .utf8)
            try openssl(
                ["req", "-x509", "-config", path("authority.cnf"), "-subj", "/CN=Test authority", "-days", "2"],
                ["-newkey", "rsa:2048", "-nodes", "-keyout", path("authority.key"), "-out", certificate.path]
            )
        } catch {
            remove()
            throw error
        }
    }

    /// Issues a certificate for a server that is called by this name of a host.
    public func issue(for name: String) throws -> Identity {
        let identity = Identity(
            certificate: file("\(name).crt"),
            key: file("\(name).key"),
            authority: certificate
        )
        try "subjectAltName = DNS:\(name)\n".write(to: file("\(name).cnf"), atomically: true, encoding: .utf8)
        try openssl(
            ["req", "-new", "-config", path("authority.cnf"), "-subj", "/CN=\(name)", "-out", path("\(name).csr")],
            ["-newkey", "rsa:2048", "-nodes", "-keyout", identity.key.path]
        )
        try openssl(
            ["x509", "-req", "-in", path("\(name).csr"), "-extfile", path("\(name).cnf"), "-days", "2"],
            ["-CA", certificate.path, "-CAkey", path("authority.key"), "-CAcreateserial"],
            ["-out", identity.certificate.path]
        )
        return identity
    }

    /// Removes all files.
    public func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
    private func path(_ name: String) -> String { file(name).path }

    private func openssl(_ arguments: [String]...) throws {
        try ServerCommand("openssl", arguments.flatMap { $0 }).run()
    }
}
