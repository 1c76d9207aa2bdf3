#if TLS
    import CachedRoutesServer
    import CachedRoutesTesting
    import Foundation
    import NIOCore
    import NIOSSL
    import TestApp
    import TestServers
    import Testing

    /// A server's identity, and a client that trusts it.
    struct TLSFixture {
        let server: TLSConfiguration
        private let authority: CertificateAuthority
        private let trusted: TLSConfiguration

        init() throws {
            authority = try CertificateAuthority()
            let identity = try authority.issue(for: "localhost")
            server = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(identity.certificate.path).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: identity.key.path, format: .pem))
            )
            var trusted = TLSConfiguration.makeClientConfiguration()
            trusted.trustRoots = .file(identity.authority.path)
            self.trusted = trusted
        }

        func remove() { authority.remove() }

        /// Makes the handler of a client that offers protocols.
        func client(offering protocols: [String] = []) throws -> NIOSSLClientHandler {
            var configuration = trusted
            configuration.applicationProtocols = protocols
            return try NIOSSLClientHandler(
                context: NIOSSLContext(configuration: configuration),
                serverHostname: "localhost"
            )
        }

        static func with(_ body: (TLSFixture) async throws -> Void) async throws {
            let fixture = try await blocking { try TLSFixture() }
            defer { fixture.remove() }
            try await body(fixture)
        }
    }

    @Suite("TLS")
    struct TLSTests {
        @Test(
            "Requests are served behind TLS, in order, whatever protocols a client of HTTP/1.1 offers",
            arguments: [[], ["http/1.1"], ["h3", "http/1.1"]]
        )
        func requests(protocols: [String]) async throws {
            try await TLSFixture.with { fixture in
                let body = "\"" + String(repeating: "x", count: 200_000) + "\""
                try await RunningServer.run(database: CannedDatabase(json: body)) {
                    $0.tls = fixture.server
                } _: { server async throws in
                    let post =
                        "POST /r HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n"
                        + #"{"name":"x"}"#
                    let text =
                        RunningServer.request("GET /r") + RunningServer.request("GET /r") + post
                        + RunningServer.request("GET /x") + RunningServer.request("GET /r", "Connection: close")
                    let connection = try await RawConnection.open(text, port: server.port) { channel in
                        try channel.pipeline.syncOperations.addHandler(fixture.client(offering: protocols))
                    }
                    let answers = WireAnswers(try await connection.transcript).answers
                    #expect(answers.statuses == ["200", "200", "200", "404", "200"])
                    #expect(answers.filter { $0.body == body }.count == 4)
                }
            }
        }

        @Test("A client without TLS gets nothing, and others are served")
        func plain() async throws {
            try await TLSFixture.with { fixture in
                try await RunningServer.run {
                    $0.tls = fixture.server
                } _: { server async throws in
                    let plain = try await RawConnection.open(RunningServer.request("GET /r"), port: server.port)
                    #expect(WireAnswers(try await plain.receivedUntilClosed).answers.isEmpty)
                    let text = RunningServer.request("GET /r", "Connection: close")
                    let connection = try await RawConnection.open(text, port: server.port) { channel in
                        try channel.pipeline.syncOperations.addHandler(fixture.client())
                    }
                    #expect(WireAnswers(try await connection.transcript).answers.statuses == ["200"])
                }
            }
        }
    }
#endif
