import Foundation
import NIOCore
import PostgresClient
import TestServers
import Testing

/// A server that demands TLS and a password, and what libpq reads besides the connection string.
@Suite(.timeLimit(.minutes(2))) struct TLSTests {
    private static let shared = Result<PostgresServer, any Error> {
        let server = try PostgresServer.demandingTLS()
        server.stopAtExit()
        return server
    }

    private static func server() async throws -> PostgresServer {
        try await blocking { try shared.get() }
    }

    private static let answer = #"[{"ssl":true,"who":"app"}]"#
    private static let query = "SELECT ssl, session_user AS who FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

    /// A connection string of the role `app` with its password.
    private func url(
        _ options: String,
        host: String = "localhost",
        password: String = Password.inURL
    ) async throws -> String {
        let server = try await Self.server()
        return "postgres://app:\(password)@\(host):\(server.port)/postgres?hostaddr=127.0.0.1&\(options)"
    }

    /// Why a connection with these options cannot be had.
    private func refusal(_ url: String) async throws -> String {
        let error = try await withClient(url, configure: { $0.connectTimeout = .seconds(10) }) { client async throws in
            await client.failure(Self.query)
        }
        #expect(error?.code == .unavailable)
        let text = error.map { "\($0)" } ?? "no error"
        #expect(!text.contains("geheim"), "the password is told: \(text)")
        return text
    }

    @Test func aServerWithAGoodCertificateAndItsNameIsAnswered() async throws {
        let root = try await Self.server().rootCertificate.path
        for options in [
            "sslmode=verify-full&sslrootcert=\(root)", "sslmode=verify-ca&sslrootcert=\(root)", "sslmode=require",
        ] {
            let answer = try await withClient(try await url(options)) { try await $0.body(Self.query) }
            #expect(answer == Self.answer, "\(options)")
        }
    }

    @Test func aCertificateWithAnotherNameIsRefusedWhereNamesCount() async throws {
        let root = try await Self.server().rootCertificate.path
        let text = try await refusal(url("sslmode=verify-full&sslrootcert=\(root)", host: "elsewhere.test"))
        #expect(text.contains("server certificate for \"localhost\" does not match host name \"elsewhere.test\""))
        let lenient = try await url("sslmode=verify-ca&sslrootcert=\(root)", host: "elsewhere.test")
        #expect(try await withClient(lenient) { try await $0.body(Self.query) } == Self.answer)
    }

    @Test func aCertificateOfAnotherAuthorityIsRefused() async throws {
        let other = try CertificateAuthority()
        defer { other.remove() }
        for mode in ["verify-ca", "verify-full"] {
            let text = try await refusal(url("sslmode=\(mode)&sslrootcert=\(other.certificate.path)"))
            #expect(text.contains("certificate verify failed"), "\(text)")
        }
        let text = try await refusal(url("sslmode=verify-full&sslrootcert=/nowhere/root.crt"))
        #expect(text.contains("/nowhere/root.crt") && text.contains("does not exist"), "\(text)")
    }

    @Test func withoutTLSTheServerRefuses() async throws {
        let text = try await refusal(url("sslmode=disable"))
        #expect(text.contains("no pg_hba.conf entry") && text.contains("no encryption"), "\(text)")
    }

    @Test func aWrongOrMissingPasswordIsRefused() async throws {
        let wrong = try await refusal(url("sslmode=require", password: "geheimnis"))
        #expect(wrong.contains("password authentication failed for user \"app\""), "\(wrong)")
        let port = try await Self.server().port
        let missing = "postgres://app@localhost:\(port)/postgres?hostaddr=127.0.0.1&sslmode=require&passfile=/nowhere"
        let text = try await refusal(missing)
        #expect(text.contains("no password supplied"), "\(text)")
    }

    @Test func aPasswordFileIsReadWhereTheConnectionStringNamesOne() async throws {
        let server = try await Self.server()
        let folder = try ServerProcess.temporaryFolder("passwords")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try Password.writeFile(to: folder, port: server.port)
        let url = "postgres://app@localhost:\(server.port)/postgres?hostaddr=127.0.0.1&passfile=\(file.path)"
        #expect(try await withClient(url) { try await $0.body(Self.query) } == Self.answer)
        // One that others may read does not count.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        let text = try await refusal(url)
        #expect(text.contains("no password supplied"), "\(text)")
    }

    /// In a process of its own, because the environment of one with several threads must not be changed.
    @Test func serviceAndPasswordFilesOfTheEnvironmentAreRead() async {
        await #expect(processExitsWith: .success) {
            let server = try PostgresServer.demandingTLS()
            let folder = try ServerProcess.temporaryFolder("service")
            defer {
                server.stop()
                try? FileManager.default.removeItem(at: folder)
            }
            let services = folder.appendingPathComponent("services")
            let text = """
                [app]
                host=localhost
                hostaddr=127.0.0.1
                port=\(server.port)
                dbname=postgres
                user=app
                sslmode=verify-full
                sslrootcert=\(server.rootCertificate.path)

                """
            try text.write(to: services, atomically: true, encoding: .utf8)
            setenv("PGSERVICEFILE", services.path, 1)
            setenv("PGPASSFILE", try Password.writeFile(to: folder, port: server.port).path, 1)
            for url in ["service=app", "postgres://?service=app", "postgres:///?service=app&application_name=other"] {
                #expect(try await withClient(url) { try await $0.body(Self.query) } == Self.answer, "\(url)")
            }
            let unknown = await #expect(throws: PostgresError.self) {
                try await withClient("service=unknown") { try await $0.body(Self.query) }
            }
            #expect(unknown?.code == .invalidConfiguration)
            #expect("\(String(describing: unknown))".contains("definition of service \"unknown\" not found"))
            setenv("PGSERVICE", "app", 1)
            let answer = try await withClient("", configure: { $0.url = nil }) { try await $0.body(Self.query) }
            #expect(answer == Self.answer)
        }
    }
}

/// The password of the role `app`, which needs escapes everywhere.
private enum Password {
    static let inSQL = "'geheim:\\ @/%ü\"'''"
    static let inURL = "geheim%3A%5C%20%40%2F%25%C3%BC%22%27"
    static let inFile = "geheim\\:\\\\ @/%ü\"'"

    static func writeFile(to folder: URL, port: Int) throws -> URL {
        let file = folder.appendingPathComponent("passwords")
        let text = "localhost:1:postgres:app:geheimnis\nlocalhost:\(port):*:app:\(inFile)\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return file
    }
}

extension PostgresServer {
    /// A server with a certificate for `localhost` and the role `app`.
    fileprivate static func demandingTLS() throws -> PostgresServer {
        let authority = try CertificateAuthority()
        defer { authority.remove() }
        let server = try PostgresServer(tls: authority.issue(for: "localhost"))
        try server.psql("CREATE ROLE app LOGIN PASSWORD \(Password.inSQL)")
        return server
    }
}
