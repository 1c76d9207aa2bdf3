import Logging
import NIOCore
import PostgresClient
import ServiceLifecycle
import Synchronization
import TestServers
import Testing

@Suite(.timeLimit(.minutes(3))) struct FaultTests {
    private static let one = PostgresStatement(sql: "SELECT 1 AS one", shape: .many)

    /// Counts the statements with these words that run now.
    private static func active(_ words: String) -> String {
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE query LIKE '%\(words)%' AND state = 'active' AND pid <> pg_backend_pid()
        """
    }

    /// Queries from several tasks until `end` is set; what came back that was neither the right answer nor an error.
    private func load(_ client: PostgresClient, until end: Flag) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var wrong = 0
                    while !end.isSet.load(ordering: .relaxed) {
                        let answer = try? await client.query(Self.one, deadline: .now() + .milliseconds(500))
                        if let answer, answer.body != ByteBuffer(string: #"[{"one":1}]"#) { wrong += 1 }
                        if answer == nil { await Task.yield() }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
    }

    @Test func aKilledServerGivesErrorsAndARestartedOneAnswers() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        try await withClient(server.url, configure: { $0.maximumReconnectDelay = .milliseconds(200) }) {
            client async throws in
            let end = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let wrong = await load(client, until: end)
                    #expect(wrong == 0)
                }
                group.addTask {
                    for _ in 0..<2 {
                        #expect(await client.recovers())
                        server.kill()
                        #expect(await client.failure("SELECT 1 AS a") != nil)
                        try server.start()
                        #expect(await client.recovers())
                    }
                    end.isSet.store(true, ordering: .relaxed)
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func idleConnectionsThatARestartEndedAreNotNoticed() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        // Without connections to keep, nobody asks while the server is away.
        try await withClient(server.url, configure: { $0.minimumConnections = 0 }) { client async throws in
            for _ in 0..<3 {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try? await client.body("SELECT pg_sleep(0.05)") } }
                }
                try server.restart()
                #expect(try await client.body("SELECT 1 AS one") == #"[{"one":1}]"#)
            }
        }
    }

    @Test func aTerminatedSessionIsReplacedAndItsQueryRunAgain() async throws {
        let server = try PostgresServer.shared.get()
        try await withClient(server.url, configure: { $0.applicationName = "terminated" }) { client async throws in
            let oracle = try Oracle(server.url)
            let query = Task { try await client.body("SELECT pg_sleep(2), 7 AS n") }
            let kill = """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE application_name = 'terminated' AND query LIKE '%pg_sleep%' AND state = 'active'
                """
            #expect(try await oracle.waits(for: "1", of: kill))
            #expect(try await query.value == #"[{"pg_sleep":"","n":7}]"#)
        }
    }

    @Test func aFrozenServerGivesDeadlineErrorsAndAThawedOneAnswers() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        try await withClient(
            server.url,
            configure: {
                $0.drainTimeout = .milliseconds(300)
                $0.maximumReconnectDelay = .milliseconds(300)
                $0.connectTimeout = .seconds(2)
            }
        ) { client async throws in
            #expect(await client.recovers())
            server.pause()
            var codes: Set<PostgresError.Code> = []
            for _ in 0..<12 {
                do throws(PostgresError) {
                    _ = try await client.query(Self.one, deadline: .now() + .milliseconds(250))
                } catch {
                    codes.insert(error.code)
                }
            }
            #expect(codes.contains(.deadlineExceeded))
            #expect(codes.isSubset(of: [.deadlineExceeded, .unavailable, .leaseTimeout]))
            server.resume()
            #expect(await client.recovers())
        }
    }

    @Test func aClientStartedWithoutServerSaysSoAndConnectsLater() async throws {
        let server = try PostgresServer(isStarted: false)
        defer { server.stop() }
        try await withClient(server.url, configure: { $0.maximumReconnectDelay = .milliseconds(200) }) {
            client async throws in
            for _ in 0..<5 {
                let error = await client.failure("SELECT 1 AS a")
                #expect(error?.code == .unavailable)
                #expect(error?.underlying != nil)
            }
            try server.start()
            #expect(await client.recovers())
        }
    }

    @Test func anOutageIsOneWarningAndARecoveryOneNotice() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        var configuration = PostgresConfiguration(url: server.url)
        configuration.maximumReconnectDelay = .milliseconds(200)
        let lines = Lines()
        let client = try PostgresClient(configuration: configuration, logger: Logger(label: "test") { _ in lines })
        let running = Task { try await client.run() }
        #expect(await client.recovers())
        server.kill()
        for _ in 0..<50 { _ = try? await client.query(Self.one, deadline: .now() + .milliseconds(20)) }
        try server.start()
        #expect(await client.recovers())
        running.cancel()
        try await running.value
        #expect(lines.levels.withLock { $0 } == [.warning, .notice])
    }

    @Test func withSeveralHostsTheNextOneIsTaken() async throws {
        let server = try PostgresServer.shared.get()
        let dead = try ServerProcess.freePort()
        let url =
            "postgres://postgres@127.0.0.1:\(dead),127.0.0.1:\(server.port)/postgres?target_session_attrs=read-write"
        try await withClient(url) { client async throws in
            #expect(try await client.body("SELECT 1 AS one") == #"[{"one":1}]"#)
        }
    }

    @Test func aGracefulShutdownLetsRunningQueriesEndAndRefusesNewOnes() async throws {
        let server = try PostgresServer.shared.get()
        let client = try PostgresClient(
            configuration: PostgresConfiguration(url: server.url),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let group = ServiceGroup(services: [client], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await group.run() }
        #expect(await client.recovers())
        let oracle = try Oracle(server.url)
        let query = Task { try await client.body("SELECT pg_sleep(2), 77 AS shutdown") }
        let active = Self.active("77 AS shutdown")
        #expect(try await oracle.waits(for: "1", of: active))
        await group.triggerGracefulShutdown()
        #expect(try await query.value == #"[{"pg_sleep":"","shutdown":77}]"#)
        try await running.value
        #expect(await client.failure("SELECT 1 AS a")?.code == .shutDown)
    }

    @Test func aShutdownThatTakesTooLongEndsRunningQueries() async throws {
        let server = try PostgresServer.shared.get()
        var configuration = PostgresConfiguration(url: server.url)
        configuration.shutdownTimeout = .milliseconds(100)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let client = try PostgresClient(configuration: configuration, logger: quiet)
        let group = ServiceGroup(services: [client], logger: quiet)
        let running = Task { try await group.run() }
        #expect(await client.recovers())
        let oracle = try Oracle(server.url)
        let query = Task { await client.failure("SELECT pg_sleep(60), 78 AS shutdown") }
        let active = Self.active("78 AS shutdown")
        #expect(try await oracle.waits(for: "1", of: active))
        await group.triggerGracefulShutdown()
        #expect(await query.value?.code == .shutDown)
        try await running.value
        #expect(try await oracle.waits(for: "0", of: active))
    }

    @Test(arguments: ["postgress://u:secret@h/db", "postgres://u:secret%zz@h/db"])
    func anErrorOverTheConnectionStringDoesNotQuoteIt(url: String) throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let error = #expect(throws: PostgresError.self) {
            try PostgresClient(configuration: PostgresConfiguration(url: url), logger: quiet)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test func onlyABadConfigurationIsAnErrorAtTheStart() throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        for url in ["postgres://%zz", "postgres://h?nonsense=1", "host='unfinished"] {
            let error = #expect(throws: PostgresError.self) {
                try PostgresClient(configuration: PostgresConfiguration(url: url), logger: quiet)
            }
            #expect(error?.code == .invalidConfiguration)
        }
        var configuration = PostgresConfiguration(url: nil)
        configuration.maximumConnections = 0
        #expect(throws: PostgresError.self) { try PostgresClient(configuration: configuration, logger: quiet) }
        let timeouts: [WritableKeyPath<PostgresConfiguration, TimeAmount>] = [
            \.leaseTimeout, \.connectTimeout, \.idleTimeout, \.maximumLifetime, \.drainTimeout,
        ]
        for timeout in timeouts {
            var configuration = PostgresConfiguration(url: nil)
            configuration[keyPath: timeout] = .zero
            #expect(throws: PostgresError.self) { try PostgresClient(configuration: configuration, logger: quiet) }
        }
    }
}

/// Says that something is over.
private final class Flag: Sendable {
    let isSet = Atomic(false)
}

/// Keeps the levels of what is logged at notice and above.
private final class Lines: LogHandler, Sendable {
    let levels = Mutex<[Logger.Level]>([])
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .notice }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        levels.withLock { $0.append(event.level) }
    }
}
