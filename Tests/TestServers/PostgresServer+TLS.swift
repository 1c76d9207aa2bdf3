public import Foundation

extension PostgresServer {
    /// A copy of the authority's certificate, for `sslrootcert`, where the server was made with one.
    public var rootCertificate: URL { folder.appendingPathComponent("root.crt") }

    /// Creates and starts a server that lets in nobody without TLS and a password, apart from the superuser of ``url``.
    ///
    /// - Parameters:
    ///   - identity: the server's certificate and key.
    ///   - settings: further lines for the server's configuration.
    public convenience init(tls identity: CertificateAuthority.Identity, settings: [String: String] = [:]) throws {
        let tls = [
            "ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key",
            "password_encryption": "scram-sha-256",
        ]
        try self.init(settings: tls.merging(settings) { $1 }, isStarted: true) { server in
            try server.initializeCluster()
            try FileManager.default.copyItem(at: identity.authority, to: server.rootCertificate)
            for (source, name) in [(identity.certificate, "server.crt"), (identity.key, "server.key")] {
                let file = server.data.appendingPathComponent(name)
                try FileManager.default.copyItem(at: source, to: file)
                // The server refuses a key that others can read.
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
                try ServerCommand.giveToServerUser(file)
            }
            let access = """
                host    all postgres 127.0.0.1/32 trust
                hostssl all all      127.0.0.1/32 scram-sha-256

                """
            let file = server.data.appendingPathComponent("pg_hba.conf")
            try access.write(to: file, atomically: true, encoding: .utf8)
            try ServerCommand.giveToServerUser(file)
        }
    }
}
