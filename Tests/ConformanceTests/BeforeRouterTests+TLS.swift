import CachedRoutesTesting
import Foundation
import HummingbirdTLS
import NIOCore
import NIOSSL
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

extension BeforeRouterTests {
    @Test("Hits are answered behind TLS, in order with all else")
    func tls() async throws {
        let (identity, authority) = try await blocking {
            let authority = try CertificateAuthority()
            return (try authority.issue(for: "localhost"), authority)
        }
        defer { authority.remove() }
        let server = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(identity.certificate.path).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: identity.key.path, format: .pem))
        )
        var trusting = TLSConfiguration.makeClientConfiguration()
        trusting.trustRoots = .file(identity.authority.path)
        let client = try NIOSSLContext(configuration: trusting)
        let answered = AnsweredRequests()
        let body = "\"" + String(repeating: "x", count: 100_000) + "\""
        try await Harness.run(
            [route(CachePolicy(compress: false), public: true)],
            redis: nil,
            database: CannedDatabase(json: body),
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            isBeforeRouter: true,
            beforeRouter: answered.configuration,
            wrapping: { try .tls($0, tlsConfiguration: server) }
        ) { app async throws in
            let get = "GET /r HTTP/1.1\r\nHost: localhost\r\n"
            let last = get + "Connection: close\r\n\r\n"
            func answers(to text: String) async throws -> [WireAnswers.Answer] {
                let connection = try await RawConnection.open(text, port: app.port) { channel in
                    let handler = try NIOSSLClientHandler(context: client, serverHostname: "localhost")
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
                return WireAnswers(try await connection.transcript).answers
            }
            try await poll("the answer is in the store") {
                try await answers(to: last).first?["cache-status"]?.hasPrefix("CachedRoutes; hit") ?? false
            }
            let text =
                String(repeating: get + "\r\n", count: 3) + "GET /x HTTP/1.1\r\nHost: a\r\n\r\n" + get + "\r\n" + last
            let all = try await answers(to: text)
            #expect(all.map { $0.statusLine.contains(" 404 ") } == [false, false, false, true, false, false])
            #expect(all.filter { $0.body == body }.count == 5)
            // The first one has the router say where the path leads.
            #expect(answered.count == 3)
        }
    }
}
