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

        /// An identity of files.
        public init(certificate: URL, key: URL, authority: URL) {
            self.certificate = certificate
            self.key = key
            self.authority = authority
        }
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

    /// Issues a certificate for a server that is called by this name of a host, or for a client of this name.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - address: an IP address that the certificate is for instead of the name; `nil` for none.
    ///   - days: the days until it expires; negative for one that has expired.
    public func issue(for name: String, address: String? = nil, days: Int = 2) throws -> Identity {
        let base = "\(name)-\(UUID().uuidString.prefix(8))"
        let identity = Identity(certificate: file("\(base).crt"), key: file("\(base).key"), authority: certificate)
        let alternative = address.map { "IP:\($0)" } ?? "DNS:\(name)"
        try "subjectAltName = \(alternative)\n".write(to: file("\(base).cnf"), atomically: true, encoding: .utf8)
        try openssl(
            ["req", "-new", "-config", path("authority.cnf"), "-subj", "/CN=\(name)", "-out", path("\(base).csr")],
            ["-newkey", "rsa:2048", "-nodes", "-keyout", identity.key.path]
        )
        try openssl(
            ["x509", "-req", "-in", path("\(base).csr"), "-extfile", path("\(base).cnf"), "-days", "\(days)"],
            ["-CA", certificate.path, "-CAkey", path("authority.key"), "-CAcreateserial"],
            ["-out", identity.certificate.path]
        )
        return identity
    }

    /// Makes a certificate for a server that no authority has issued.
    public func selfSigned(for name: String) throws -> Identity {
        let base = "\(name)-\(UUID().uuidString.prefix(8))"
        let identity = Identity(certificate: file("\(base).crt"), key: file("\(base).key"), authority: certificate)
        try openssl(
            ["req", "-x509", "-subj", "/CN=\(name)", "-addext", "subjectAltName = DNS:\(name)", "-days", "2"],
            ["-newkey", "rsa:2048", "-nodes", "-keyout", identity.key.path, "-out", identity.certificate.path]
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
