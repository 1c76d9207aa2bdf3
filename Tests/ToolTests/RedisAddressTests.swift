#if RedisTLS
    import ArgumentParser
    import Foundation
    import RedisClient
    import TestServers
    import Testing

    @testable import cached_routes

    @Suite("The Redis of commands")
    struct RedisAddressTests {
        private static func message(_ url: String, _ environment: [String: String]) -> String? {
            do {
                _ = try RedisConfiguration(url: url, environment: environment)
                return nil
            } catch {
                return (error as? ValidationError)?.message ?? "\(error)"
            }
        }

        @Test("has TLS by the variables of services")
        func variables() throws {
            let authority = try CertificateAuthority()
            defer { authority.remove() }
            let path = authority.certificate.path
            let variables = ["REDIS_TLS_CA_FILE": " \(path)\n", "REDIS_TLS_SERVER_NAME": "redis.example"]
            let redis = try RedisConfiguration(url: "rediss://h", environment: variables)
            #expect(redis.tls?.trustRoots == .file(path: path) && redis.tls?.serverName == "redis.example")
            #expect(redis.tls?.verification == .full)
        }

        @Test("is refused with variables that it has no use for, or that can't be used")
        func refusals() {
            #expect(Self.message("redis://h", ["REDIS_TLS_CA_FILE": ""]) == nil)
            #expect(
                Self.message("redis://h", ["REDIS_TLS_CA_FILE": "/x"])?.hasPrefix("REDIS_TLS_CA_FILE has no effect")
                    == true
            )
            #expect(
                Self.message("rediss://h", ["REDIS_TLS_CA_FILE": "/nowhere"])?.hasPrefix("REDIS_TLS_CA_FILE: ") == true
            )
            #expect(
                Self.message("rediss://h", ["REDIS_TLS_VERIFY": "off"])
                    == "REDIS_TLS_VERIFY='off' is not one of full, none"
            )
        }
    }
#endif
