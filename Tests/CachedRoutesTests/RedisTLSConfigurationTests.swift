#if RedisTLS
    import Foundation
    import TestApp
    import TestServers
    import Testing

    @testable import CachedRoutes
    @testable import CachedRoutesCore

    @Suite("Variables about TLS to Redis")
    struct RedisTLSConfigurationTests {
        private static func lines(_ environment: [String: String], log: LogRecorder = LogRecorder()) -> [String] {
            do {
                _ = try CachedRoutesService(environment: CachedRoutesEnvironment(environment), logger: log.logger)
                return []
            } catch {
                let (lines, status) = CachedRoutesService.lastWords(for: error)
                return status == 78 ? lines : ["status \(status)"] + lines
            }
        }

        private static let withoutTLS =
            "has no effect on a connection without TLS: begin the URL of Redis with rediss, as in rediss://"

        @Test(
            "that can't be used are told by their names, when the service is created",
            arguments: [
                (["REDIS_URL": "redis://h", "REDIS_TLS_CA_FILE": "/x"], "REDIS_TLS_CA_FILE \(withoutTLS)"),
                (["REDIS_URL": "redis://h", "REDIS_TLS_VERIFY": "full"], "REDIS_TLS_VERIFY \(withoutTLS)"),
                (
                    ["REDIS_URL": "redis+unix:///h", "REDIS_TLS_SERVER_NAME": "h"],
                    "REDIS_TLS_SERVER_NAME \(withoutTLS)"
                ),
                (
                    ["REDIS_TLS_KEY_FILE": "/x", "REDIS_TLS_VERIFY": "none"],
                    "REDIS_TLS_KEY_FILE, REDIS_TLS_VERIFY have no effect without REDIS_URL: set it to a rediss:// URL"
                ),
                (
                    ["REDIS_URL": "rediss://h", "REDIS_TLS_CA_FILE": "/nowhere.pem"],
                    "REDIS_TLS_CA_FILE: '/nowhere.pem' can't be read: No such file or directory"
                ),
                (
                    ["REDIS_URL": "rediss://h", "REDIS_TLS_CERTIFICATE_FILE": "/nowhere.pem"],
                    "REDIS_TLS_KEY_FILE: the client's certificate needs its private key"
                ),
                (
                    ["REDIS_URL": "rediss://h", "REDIS_TLS_KEY_FILE": "/nowhere.pem"],
                    "REDIS_TLS_CERTIFICATE_FILE: the private key needs the client's certificate"
                ),
                (
                    ["REDIS_URL": "rediss://h", "REDIS_TLS_SERVER_NAME": "a b"],
                    "REDIS_TLS_SERVER_NAME: 'a b' is not a host's name"
                ),
                (
                    ["REDIS_URL": "rediss://h", "REDIS_TLS_VERIFY": "no"],
                    "REDIS_TLS_VERIFY='no' is not one of full, none"
                ),
                (["REDIS_URL": "rediss://300.1.1.1"], "REDIS_URL: the host is not a host's name or an IP address"),
            ]
        )
        func problem(environment: [String: String], line: String) {
            #expect(Self.lines(environment) == [line])
        }

        @Test("make a configuration of the client")
        func values() throws {
            let authority = try CertificateAuthority()
            defer { authority.remove() }
            let identity = try authority.issue(for: "client")
            let environment = [
                "REDIS_URL": "rediss://user:password@h:7000/2", "REDIS_TLS_CA_FILE": authority.certificate.path,
                "REDIS_TLS_CERTIFICATE_FILE": identity.certificate.path, "REDIS_TLS_KEY_FILE": identity.key.path,
                "REDIS_TLS_SERVER_NAME": "redis.example",
            ]
            let log = LogRecorder()
            #expect(Self.lines(environment, log: log) == [])
            #expect(!log.lines.contains { $0.hasPrefix("warning") })
        }

        @Test("warn at each start if certificates are not checked")
        func unchecked() {
            for _ in 0..<2 {
                let log = LogRecorder()
                #expect(Self.lines(["REDIS_URL": "rediss://h", "REDIS_TLS_VERIFY": "none"], log: log) == [])
                let warnings = log.lines.filter { $0.hasPrefix("warning") }
                #expect(warnings.count == 1 && warnings[0].contains("REDIS_TLS_VERIFY=none"), "\(log.lines)")
            }
        }
    }
#endif
