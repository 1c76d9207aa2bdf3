#if RedisTLS
    import ClientSupport
    import Foundation
    import Logging
    import NIOCore
    import NIOPosix
    import Synchronization
    import TestServers
    import Testing

    @testable import RedisClient

    /// TLS with servers that are right, wrong, and not there, by certificates of test authorities.
    @Suite struct RedisTLSTests {
        private static let authority = Result { try CertificateAuthority() }
        private static let otherAuthority = Result { try CertificateAuthority() }

        /// A server's certificate.
        enum Certificate: String, CaseIterable, Sendable {
            case good, expired, wrongName, selfSigned, ofAnotherAuthority, forAddress

            func issue() throws -> CertificateAuthority.Identity {
                let authority = try RedisTLSTests.authority.get()
                return switch self {
                case .good: try authority.issue(for: "localhost")
                case .expired: try authority.issue(for: "localhost", days: -1)
                case .wrongName: try authority.issue(for: "redis.example")
                case .selfSigned: try authority.selfSigned(for: "localhost")
                case .ofAnotherAuthority: try RedisTLSTests.otherAuthority.get().issue(for: "localhost")
                case .forAddress: try authority.issue(for: "localhost", address: "127.0.0.1")
                }
            }
        }

        /// A configuration that trusts the test's authority.
        private static func trusting(
            _ change: (inout RedisTLSConfiguration) -> Void = { _ in }
        ) throws -> RedisTLSConfiguration {
            var tls = RedisTLSConfiguration()
            tls.trustRoots = .file(path: try authority.get().certificate.path)
            change(&tls)
            return tls
        }

        /// Connects and closes the connection.
        ///
        /// - Returns: the error; `nil` if the connection was opened.
        private func failure(
            to host: String = "localhost",
            _ port: Int,
            _ tls: RedisTLSConfiguration,
            within timeout: Duration = .seconds(20)
        ) async throws -> RedisConnectError? {
            var configuration = RedisConfiguration(endpoint: .tcp(host: host, port: port))
            configuration.tls = tls
            configuration.connectTimeout = timeout
            do {
                let channel = try await configuration.connect(
                    to: configuration.endpoints[0],
                    on: MultiThreadedEventLoopGroup.singleton.next()
                ).get()
                try await channel.close()
                return nil
            } catch let error as RedisConnectError {
                return error
            }
        }

        private func with(
            _ certificate: Certificate = .good,
            clients: RedisServer.ClientCertificates = .no,
            arguments: [String] = [],
            _ body: (RedisServer) async throws -> Void
        ) async throws {
            let server = try await blocking {
                try RedisServer(tls: certificate.issue(), clients: clients, arguments: arguments)
            }
            defer { server.stop() }
            try await body(server)
        }

        /// Runs a client at the server's port for TLS.
        private func client(
            _ server: RedisServer,
            port: Int? = nil,
            login: String = "",
            loops: Int = 1,
            isReady: Bool = true,
            _ tls: RedisTLSConfiguration,
            configure: (inout RedisConfiguration) -> Void = { _ in },
            _ body: (RunningClient) async throws -> Void
        ) async throws {
            let url = "redis://\(login)localhost:\(port ?? server.tlsPort)"
            try await RunningClient.with(
                url,
                loops: loops,
                isReady: isReady,
                configure: {
                    $0.tls = tls
                    configure(&$0)
                },
                body
            )
        }

        // MARK: The server's certificate

        @Test func `A server with a good certificate is used, over TLS`() async throws {
            try await with { server async throws in
                try await client(server, Self.trusting()) { client async throws in
                    #expect(try await client.send(.set("k", "v")).isOK)
                    #expect(try await client.send(.mget(["k"]))[0].string == "v")
                    #expect(try server.cli("GET", "k") == "v")
                }
            }
        }

        @Test(arguments: [
            (
                Certificate.expired, "localhost", nil as String?, "the server's certificate has expired",
                "renew the server's certificate"
            ),
            (.wrongName, "localhost", nil, "the server's certificate is not for 'localhost'", "REDIS_TLS_SERVER_NAME"),
            (
                .good, "localhost", "redis.example", "the server's certificate is not for 'redis.example'",
                "as its certificate"
            ),
            (.good, "127.0.0.1", nil, "the server's certificate is not for '127.0.0.1'", "REDIS_TLS_SERVER_NAME"),
            (
                .selfSigned, "localhost", nil, "the server's certificate is not trusted: no trusted authority",
                "REDIS_TLS_CA_FILE"
            ),
            (
                .ofAnotherAuthority, "localhost", nil, "the server's certificate is not trusted: no trusted authority",
                "REDIS_TLS_CA_FILE"
            ),
        ])
        func `A certificate that is not accepted is refused with the reason and its cure`(
            _ certificate: Certificate,
            _ host: String,
            _ name: String?,
            _ reason: String,
            _ cure: String
        ) async throws {
            try await with(certificate) { server async throws in
                let error = try await failure(to: host, server.tlsPort, Self.trusting { $0.serverName = name })
                #expect(error?.description.hasPrefix(reason) == true, "\(String(describing: error))")
                #expect(error?.tlsFailure?.cure?.contains(cure) == true)
                #expect(error?.tlsFailure?.isRefusal == true)
                var unchecked = RedisTLSConfiguration()
                unchecked.verification = .none
                unchecked.serverName = name
                #expect(try await failure(to: host, server.tlsPort, unchecked) == nil)
            }
        }

        @Test func `The operating system's authorities have not issued the certificate of a test`() async throws {
            try await with { server async throws in
                let error = try await failure(server.tlsPort, RedisTLSConfiguration())
                #expect(error?.tlsFailure?.kind == .untrusted(.validOrUnknown), "\(String(describing: error))")
            }
        }

        @Test func `A certificate for an address is for a server that the URL names by it`() async throws {
            try await with(.forAddress) { server async throws in
                #expect(try await failure(to: "127.0.0.1", server.tlsPort, Self.trusting()) == nil)
            }
        }

        @Test func `A server name stands in for the host`() async throws {
            try await with(.wrongName) { server async throws in
                for host in ["localhost", "127.0.0.1"] {
                    let tls = try Self.trusting { $0.serverName = "redis.example" }
                    #expect(try await failure(to: host, server.tlsPort, tls) == nil)
                }
            }
        }

        // MARK: The client's certificate

        @Test func `A client with a certificate gets in where one is asked for`() async throws {
            let identity = try Self.authority.get().issue(for: "client")
            try await with(clients: .yes) { server async throws in
                let tls = try Self.trusting {
                    $0.certificateFile = identity.certificate.path
                    $0.privateKeyFile = identity.key.path
                }
                try await client(server, tls) { client async throws in
                    #expect(try await client.send(.ping).isPong)
                }
            }
        }

        @Test(arguments: ["", "--tls-protocols TLSv1.2"])
        func `A client without a certificate where one is asked for is told so`(_ option: String) async throws {
            try await with(clients: .yes, arguments: Self.words(option)) { server async throws in
                try await client(server, isReady: false, Self.trusting()) { client async throws in
                    await client.log.wait(for: "Redis refuses connections, trying to connect again")
                    let entry = try #require(client.log.entries(.warning).first)
                    #expect(entry.reason.contains("the server asks for a client certificate"), "\(entry.reason)")
                    #expect(entry.cure.contains("REDIS_TLS_CERTIFICATE_FILE"))
                }
            }
        }

        @Test func `A server that does without certificates of clients lets clients in`() async throws {
            try await with(clients: .optional) { server async throws in
                try await client(server, Self.trusting()) { client async throws in
                    #expect(try await client.send(.ping).isPong)
                }
            }
        }

        @Test func `A certificate of an authority that the server does not trust is refused`() async throws {
            let identity = try Self.otherAuthority.get().issue(for: "client")
            try await with(clients: .yes, arguments: Self.words("--tls-protocols TLSv1.2")) { server async throws in
                let tls = try Self.trusting {
                    $0.certificateFile = identity.certificate.path
                    $0.privateKeyFile = identity.key.path
                }
                let error = try await failure(server.tlsPort, tls)
                #expect(error?.description == "the server does not accept the client's certificate (unknown authority)")
                #expect(error?.tlsFailure?.isRefusal == true)
            }
        }

        private static func words(_ option: String) -> [String] { option.split(separator: " ").map(String.init) }

        // MARK: Servers without TLS

        @Test func `A plain server is told from one with TLS, or is silent until the time is over`() async throws {
            let server = try await blocking { try RedisServer() }
            defer { server.stop() }
            let error = try #require(try await failure(server.port, Self.trusting(), within: .milliseconds(500)))
            let kinds: [RedisTLSFailure.Kind] = [.notTLS, .closed, .timedOut(milliseconds: 500)]
            #expect(kinds.contains { $0 == error.tlsFailure?.kind }, "\(error)")
            #expect(error.tlsFailure?.cure?.contains("tls-port") == true)
        }

        @Test func `A plain server that answers with an error text is said to have no TLS`() async throws {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Denial())
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let error = try await failure(listener.localAddress!.port!, Self.trusting())
            #expect(error?.description == "the server does not speak TLS at this port")
            #expect(error?.tlsFailure?.isRefusal == true)
            try await listener.close()
        }

        /// A server in protected mode.
        private final class Denial: ChannelInboundHandler {
            typealias InboundIn = ByteBuffer
            typealias OutboundOut = ByteBuffer

            func channelActive(context: ChannelHandlerContext) {
                let text = ByteBuffer(string: "-DENIED Redis is running in protected mode\r\n")
                context.writeAndFlush(wrapOutboundOut(text), promise: nil)
            }
        }

        @Test func `A server that accepts and is silent is given up when the time for connecting is over`() async throws
        {
            try await with { server async throws in
                server.pause()
                let error = try await failure(server.tlsPort, Self.trusting(), within: .milliseconds(300))
                #expect(error?.description == "the TLS handshake was not finished within 300 ms")
                #expect(error?.tlsFailure?.isRefusal == false)
            }
        }

        @Test func `A server that is not there is said to refuse the connection`() async throws {
            let error = try await failure(to: "127.0.0.1", 1, Self.trusting())
            #expect(error?.description == "Connection refused")
        }

        @Test func `A version of TLS that is too old is said`() async throws {
            try await with(arguments: ["--tls-protocols", "TLSv1.1", "--tls-ciphers", "DEFAULT@SECLEVEL=0"]) {
                server async throws in
                let error = try await failure(server.tlsPort, Self.trusting())
                #expect(
                    error?.description == "the server does not speak TLS 1.2 or 1.3",
                    "\(String(describing: error))"
                )
            }
        }

        @Test func `Connections that end at any point of the handshake are followed by one that works`() async throws {
            try await with { server async throws in
                let proxy = try FaultProxy(to: server.tlsPort, seed: 1) { number in
                    switch number {
                    case 0: .close(withReset: false)
                    case 1: .close(withReset: true)
                    case 2: .garbage
                    case 3: .half(1)
                    case 4: .half(200)
                    case 5: .half(1_500)
                    case 6: .half(4_000)
                    default: .relay
                    }
                }
                defer { proxy.stop() }
                try await client(server, port: proxy.port, isReady: false, Self.trusting()) { client async throws in
                    await waitForConnection(client)
                    #expect(try await client.send(.ping).isPong)
                    let reasons = client.log.entries(.warning).map(\.reason) + client.log.entries(.debug).map(\.reason)
                    // Of garbage before an end, either may be noticed first.
                    #expect(reasons.contains { $0.contains("during the TLS handshake") }, "\(reasons)")
                    // Words, and no values of another library.
                    #expect(
                        !reasons.contains { $0.contains("sslError") || $0.contains("uncleanShutdown") },
                        "\(reasons)"
                    )
                }
            }
        }

        @Test func `A connection that is cut is replaced`() async throws {
            try await with { server async throws in
                let proxy = try FaultProxy(to: server.tlsPort, seed: 1)
                defer { proxy.stop() }
                try await client(server, port: proxy.port, Self.trusting()) { client async throws in
                    #expect(try await client.send(.ping).isPong)
                    proxy.cut()
                    await waitForConnection(client, count: 2)
                    #expect(try await client.send(.ping).isPong)
                    let reasons = client.log.entries(.warning).map(\.reason) + client.log.entries(.debug).map(\.reason)
                    #expect(
                        !reasons.contains { $0.contains("sslError") || $0.contains("uncleanShutdown") },
                        "\(reasons)"
                    )
                }
            }
        }

        // MARK: Files

        @Test func `Renewed files are used from the next connection on`() async throws {
            let folder = try ServerProcess.temporaryFolder("renewal")
            defer { try? FileManager.default.removeItem(at: folder) }
            func install(_ identity: CertificateAuthority.Identity) throws {
                for (source, name) in [
                    (identity.certificate, "redis.crt"), (identity.key, "redis.key"), (identity.authority, "ca.crt"),
                ] {
                    try Data(contentsOf: source).write(to: folder.appendingPathComponent(name))
                }
            }
            try install(Certificate.good.issue())
            let files = CertificateAuthority.Identity(
                certificate: folder.appendingPathComponent("redis.crt"),
                key: folder.appendingPathComponent("redis.key"),
                authority: folder.appendingPathComponent("ca.crt")
            )
            let server = try await blocking { try RedisServer(tls: files) }
            defer { server.stop() }
            var tls = RedisTLSConfiguration()
            tls.trustRoots = .file(path: files.authority.path)
            try await client(server, tls) { client async throws in
                #expect(try await client.send(.ping).isPong)
                let (old, other) = (try Data(contentsOf: files.authority), try Certificate.ofAnotherAuthority.issue())
                try install(other)
                // The server has the new certificate, and the client's file still the old authority.
                try old.write(to: files.authority)
                try await blocking { try server.restart() }
                await client.log.wait(for: "Redis refuses connections, trying to connect again")
                #expect(client.log.entries(.warning).contains { $0.reason.contains("not trusted") })
                try FileManager.default.removeItem(at: files.authority)
                let reason = "'\(files.authority.path)' can't be read: No such file or directory"
                await wait { client.log.entries(.debug).contains { $0.reason.contains(reason) } }
                try install(other)
                await waitForConnection(client, count: 2)
                #expect(try await client.send(.ping).isPong)
            }
        }

        @Test func `Files that can't be used are named before any connection`() throws {
            let folder = try ServerProcess.temporaryFolder("files")
            defer { try? FileManager.default.removeItem(at: folder) }
            let empty = folder.appendingPathComponent("empty.pem").path
            try Data().write(to: URL(fileURLWithPath: empty))
            let (mine, theirs) = (try Certificate.good.issue(), try Certificate.good.issue())
            func message(_ change: (inout RedisTLSConfiguration) -> Void) -> String? {
                var tls = RedisTLSConfiguration()
                change(&tls)
                do throws(RedisConfigurationError) {
                    try tls.validate()
                    return nil
                } catch {
                    return error.message
                }
            }
            func pair(_ certificate: String?, _ key: String?) -> String? {
                message { ($0.certificateFile, $0.privateKeyFile) = (certificate, key) }
            }
            let (certificate, key) = (mine.certificate.path, mine.key.path)
            #expect(message { _ in } == nil)
            #expect(pair(certificate, key) == nil)
            #expect(
                message { $0.trustRoots = .file(path: "/nowhere.pem") }
                    == "tls.trustRoots: '/nowhere.pem' can't be read: No such file or directory"
            )
            #expect(
                message { $0.trustRoots = .file(path: folder.path) }
                    == "tls.trustRoots: '\(folder.path)' can't be read: Is a directory"
            )
            #expect(
                message { $0.trustRoots = .file(path: empty) }
                    == "tls.trustRoots: '\(empty)' has no certificates in PEM format, or a damaged one"
            )
            #expect(pair(certificate, nil) == "tls.privateKeyFile: the client's certificate needs its private key")
            #expect(pair(nil, key) == "tls.certificateFile: the private key needs the client's certificate")
            #expect(
                pair(key, key) == "tls.certificateFile: '\(key)' has no certificates in PEM format, or a damaged one"
            )
            #expect(
                pair(certificate, certificate)
                    == "tls.privateKeyFile: '\(certificate)' has no private key in PEM format, or an encrypted one"
            )
            #expect(
                pair(certificate, theirs.key.path)
                    == "tls.privateKeyFile: the key in '\(theirs.key.path)' is not that of the certificate in '\(certificate)'"
            )
            #expect(
                message { $0.serverName = "10.0.0.1" }?.hasPrefix("tls.serverName: '10.0.0.1' is an address") == true
            )
            #expect(message { $0.serverName = "two words" } == "tls.serverName: 'two words' is not a host's name")
            #expect(
                message {
                    $0.verification = .none
                    $0.trustRoots = .file(path: certificate)
                }?.hasPrefix("tls.verification: ") == true
            )
        }

        @Test func `TLS over a Unix socket is refused`() {
            var configuration = RedisConfiguration(endpoint: .unixSocket(path: "/run/redis.sock"))
            configuration.tls = RedisTLSConfiguration()
            let error = #expect(throws: RedisConfigurationError.self) { try configuration.validate() }
            #expect(error?.code == .unsupported)
        }

        // MARK: Use

        @Test func `Users and databases are as without TLS`() async throws {
            try await with { server async throws in
                #expect(try server.cli("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all") == "OK")
                try await client(server, login: "app:secret@", Self.trusting()) {
                    $0.database = 3
                } _: { client async throws in
                    #expect(try await client.send(RedisCommand("ACL", ["WHOAMI"])).string == "app")
                    #expect(try await client.send(.set("k", "v")).isOK)
                    #expect(try server.cli("-n", "3", "GET", "k") == "v")
                }
                try await client(server, login: "app:wrong@", isReady: false, Self.trusting()) { client async throws in
                    await client.log.wait(for: "Redis refuses connections, trying to connect again")
                    #expect(client.log.entries(.warning).first?.reason.contains("WRONGPASS") == true)
                }
            }
        }

        @Test func `A value of 64 MiB is written and read, among others`() async throws {
            try await with { server async throws in
                try await client(server, loops: 2, Self.trusting()) {
                    $0.maximumPendingBytes = 128 << 20
                } _: { client async throws in
                    let block = (0..<(1 << 20) - 8).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                    var blocks = ByteBuffer()
                    for number in 0..<64 {
                        blocks.writeInteger(number)
                        blocks.writeBytes(block)
                    }
                    let value = blocks
                    async let write = client.send(.set("large", .buffer(value)))
                    async let other = client.send(.set("small", "v"))
                    #expect(try await write.isOK)
                    #expect(try await other.isOK)
                    let reply = try await client.send(.mget(["large", "small"]), on: 1)
                    #expect(reply[0].bytes == value)
                    #expect(reply[1].string == "v")
                }
            }
        }

        @Test func `Bytes that the socket does not accept count as pending`() async throws {
            try await with { server async throws in
                try await client(server, Self.trusting()) {
                    $0.maximumPendingBytes = 1 << 20
                } _: { client async throws in
                    server.pause()
                    let value = ByteBuffer(repeating: 7, count: 512 << 10)
                    var refused = 0
                    for number in 0..<128 {
                        let command = RedisCommand.set(.string("k\(number)"), .buffer(value))
                        if try await client.immediateFailure(command)?.code == .overloaded { refused += 1 }
                    }
                    // A socket's buffers have a few MiB.
                    #expect(refused > 64)
                    server.resume()
                    #expect(try await client.send(.ping).isPong)
                }
            }
        }

        @Test func `A server that hangs is given up at the command's deadline`() async throws {
            try await with { server async throws in
                try await client(server, Self.trusting()) {
                    $0.commandTimeout = .milliseconds(200)
                } _: { client async throws in
                    server.pause()
                    #expect(await code { try await client.send(.mget(["k"])) } == .timedOut)
                    server.resume()
                    await waitForConnection(client, count: 2)
                    #expect(try await client.send(.ping).isPong)
                }
            }
        }

        @Test func `Changes of what was read are reported over TLS`() async throws {
            try await with { server async throws in
                var configuration = RedisConfiguration(endpoint: .tcp(host: "localhost", port: server.tlsPort))
                configuration.tls = try Self.trusting()
                configuration.commandTimeout = .seconds(20)
                configuration.connectTimeout = .seconds(20)
                let changed = Mutex<[String]>([])
                let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
                let logger = LogRecorder().logger
                let client = try RedisClient(
                    configuration: configuration,
                    eventLoopGroup: eventLoop,
                    logger: logger
                )
                let tracker = RedisTracker(of: client, eventLoop: eventLoop, logger: logger)
                let events = RedisTracker.Delegate(
                    invalidated: { keys in
                        changed.withLock { $0 += keys.map { String(decoding: $0, as: UTF8.self) } }
                    },
                    flushed: {}
                )
                let running = Task { try await tracker.run(events) }
                await wait { tracker.isTracking }
                #expect(try await tracker.read(["k"], longElements: 1, on: eventLoop).get().kind(at: 0) == .null)
                #expect(try server.cli("SET", "k", "v") == "OK")
                await wait { changed.withLock { $0 == ["k"] } }
                running.cancel()
                try await running.value
            }
        }

        /// Waits until a client with one connection has opened `count`, with or without an outage before.
        private func waitForConnection(_ client: RunningClient, count: Int = 1) async {
            await wait {
                let entries = client.log.entries(.debug) + client.log.entries(.notice)
                let messages = ["A connection to Redis is ready", "Redis is available again"]
                return entries.count { messages.contains($0.message) } >= count
            }
        }

        /// Waits for a condition; one that does not come true within 30 seconds is an issue.
        private func wait(for condition: () -> Bool) async {
            for _ in 0..<3000 {
                if condition() { return }
                try? await Task.sleep(for: .milliseconds(10))
            }
            Issue.record("waited in vain")
        }
    }
#endif
