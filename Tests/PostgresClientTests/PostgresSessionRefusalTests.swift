import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import PostgresClient

@Suite struct PostgresSessionRefusalTests {
    @Test func theStateStandsBehindTheSeverity() {
        for (message, state) in [
            ("connection to server at \"h\", port 1 failed: FATAL:  28P01: password authentication failed", "28P01"),
            ("connection to server failed: ВАЖНО:  3D000: база данных", "3D000"),
            ("connection to server failed: FATAL:  the database: no", nil), ("Connection refused", nil),
            ("failed: FATAL:  x: a\nfailed: FATAL:  28000: no entry", "28000"),
        ] {
            #expect(PostgresSessionRefusalProbe.state(in: message) == state)
        }
    }

    @Test(arguments: ["57P03", "53300", "08006", "58000"])
    func aServerThatStartsOrHasNoRoomRefusesNothing(state: String) {
        #expect(PostgresSessionRefusal(sqlState: state) == nil)
    }

    @Test(.timeLimit(.minutes(2)))
    func refusalsAreToldWithTheirCureOncePerStateAndEndByThemselves() async throws {
        let server = try await blocking { try PostgresServer() }
        defer { server.stop() }
        try server.psql("CREATE DATABASE closed")
        try server.psql(
            """
            CREATE ROLE locked LOGIN PASSWORD 'right'; CREATE ROLE idle NOLOGIN; CREATE ROLE barred LOGIN;
            REVOKE CONNECT ON DATABASE closed FROM public;
            COPY (SELECT line FROM (VALUES (0, 'host all locked all scram-sha-256'), (1, 'host all all all trust'),
                (2, 'local all all trust')) AS t(n, line) ORDER BY n) TO PROGRAM 'cat > pg_hba.conf'
            """
        )
        try server.psql("SELECT pg_reload_conf()")
        func url(_ user: String, _ database: String = "postgres") -> String {
            "postgres://\(user)@127.0.0.1:\(server.port)/\(database)"
        }
        for (url, state, cure) in [
            (url("locked:wrong"), "28P01", "password is wrong"), (url("locked"), nil, "give the password"),
            (url("nobody"), "28000", "CREATE ROLE"), (url("idle"), "28000", "LOGIN"),
            (url("barred", "closed"), "42501", "GRANT CONNECT"),
            (url("barred", "nowhere"), "3D000", "create the database"),
        ] {
            let connector = try Connector(PostgresConfiguration(url: url))
            for _ in 0..<2 {
                let error = await #expect(throws: PostgresError.self) {
                    try await blocking { _ = try connector.connect().get() }
                }
                #expect(error?.code == .unavailable)
                let refusal = try #require(error?.refusal, "\(url)")
                #expect(refusal.sqlState == state)
                #expect(error?.description.contains(cure) == true)
            }
        }

        let lines = LogLines()
        let client = try PostgresClient(configuration: PostgresConfiguration(url: url("late")), logger: lines.logger)
        let running = Task { try await client.run() }
        func ping() async -> Bool { (try? await client.ping(deadline: .seconds(1))) != nil }
        for _ in 0..<20 { _ = await ping() }
        try server.psql("CREATE ROLE late LOGIN")
        while !(await ping()) {}
        running.cancel()
        try await running.value
        let said = lines.all
        #expect(said.filter { $0.hasPrefix("PostgreSQL refuses sessions, trying again") }.count == 1, "\(said)")
        #expect(said.filter { $0.hasPrefix("PostgreSQL can be reached again") }.count == 1, "\(said)")
        #expect(!said.contains { $0.hasPrefix("PostgreSQL cannot be reached") }, "\(said)")
    }
}

/// Keeps what is logged at notice and above.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            lines.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
