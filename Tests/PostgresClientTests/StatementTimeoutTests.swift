import CPostgres
import NIOCore
import TestServers
import Testing

@testable import PostgresClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("The server's own limits for statements", .timeLimit(.minutes(2)))
struct StatementTimeoutTests {
    private static let setting = PostgresStatement(sql: "SELECT current_setting('statement_timeout')", shape: .value)

    private func setting(_ client: PostgresClient, within time: TimeAmount) async throws -> String? {
        try await client.query(Self.setting, deadline: .now() + time).body.map { String(buffer: $0) }
    }

    @Test("are a little longer than anybody waits, in whole seconds")
    func limits() {
        for (milliseconds, limit) in [
            (-5, 1000), (0, 1000), (500, 1000), (501, 2000), (5000, 6000), (3_600_000, 3_601_000),
        ]
            as [(Int64, Int64)]
        {
            #expect(StatementTimeout(above: .milliseconds(milliseconds)).milliseconds == limit)
        }
        #expect(StatementTimeout(above: .hours(24)) == .unlimited)
        #expect(StatementTimeout(above: NIODeadline.distantFuture - .now()).milliseconds == nil)
        #expect(
            StatementTimeout.unset < StatementTimeout(above: .zero) && StatementTimeout(above: .hours(2)) < .unlimited
        )
    }

    @Test("grow with the time that statements have, and never shrink in a session")
    func session() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(url, configure: { $0.maximumConnections = 1 }) { client async throws in
            #expect(try await setting(client, within: .milliseconds(10_400)) == #""11s""#)
            #expect(try await setting(client, within: .milliseconds(30_400)) == #""31s""#)
            #expect(try await setting(client, within: .milliseconds(10_400)) == #""31s""#)
            #expect(try await setting(client, within: .hours(100)) == #""0""#)
        }
    }

    @Test(
        "leave shorter ones alone that somebody else has set",
        arguments: [PostgresConfiguration.Statements.named, .unnamed]
    )
    func others(statements: PostgresConfiguration.Statements) async throws {
        let url = try PostgresServer.shared.get().url
        let separator = url.contains("?") ? "&" : "?"
        for (own, expected) in [("700ms", #""700ms""#), ("40s", #""31s""#)] {
            try await withClient(
                "\(url)\(separator)options=-c%20statement_timeout%3D\(own)",
                configure: {
                    $0.maximumConnections = 1
                    $0.statements = statements
                }
            ) { client async throws in
                for _ in 0..<2 { #expect(try await setting(client, within: .milliseconds(30_400)) == expected) }
            }
        }
    }

    @Test("cost no round trip once they are there")
    func commands() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 4, namePrefix: "s")
        let statement = PostgresStatement(sql: "SELECT 1", shape: .many)
        func start(_ time: TimeAmount) -> String {
            word(machine.start(statement, parameterCount: 0, access: .read(findsPosition: false), within: time))
        }
        #expect(start(.milliseconds(1_400)) == "limit")
        #expect(word(machine.completed(.done)) == "prepare")
        #expect(word(machine.completed(.done)) == "describe")
        let description = StatementDescription(columns: [.init(name: "a", typeOID: 23)], parameterOIDs: [])
        #expect(word(machine.completed(.described(description))) == "execute")
        for _ in 0..<2 {
            #expect(word(machine.completed(.done)) == "answer")
            #expect(word(machine.answered(.idle)) == "release")
            #expect(start(.milliseconds(1_200)) == "execute")
        }
        #expect(word(machine.completed(.done)) == "answer")
        #expect(word(machine.answered(.idle)) == "release")
        #expect(start(.milliseconds(2_000)) == "limit")
        // A server that refuses it runs the statement all the same, and is asked no more.
        let refusal = PostgresError(.server(sqlState: "42501"), "no")
        #expect(word(machine.completed(.failed(refusal))) == "execute")
        #expect(word(machine.completed(.done)) == "answer")
        #expect(word(machine.answered(.idle)) == "release")
        #expect(start(.hours(2)) == "execute")
    }

    private func word(_ action: PostgresConnectionStateMachine.Action) -> String {
        switch action {
        case .send(.limit): "limit"
        case .send(.prepare): "prepare"
        case .send(.describe): "describe"
        case .execute: "execute"
        case .answer: "answer"
        case .release: "release"
        default: "something else"
        }
    }

    private static func looksForClients() throws -> Bool {
        let version = try Oracle(PostgresServer.shared.get().url).value("SHOW server_version_num")
        return version.flatMap { Int($0) } ?? 0 >= 140_000
    }

    @Test(
        "end what was done for a client that is gone",
        .enabled("PostgreSQL looks for its clients since version 14") { try looksForClients() }
    )
    func gone() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        var configuration = PostgresConfiguration(url: url)
        configuration.applicationName = "gone"
        let handle = try await blocking { [configuration] in try Connector(configuration).connect().get() }.pointer
        #expect(PQsendQuery(handle, "SELECT pg_sleep(600)") == 1)
        while PQflush(handle) == 1 {}
        let sleeping = """
            SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gone' AND wait_event = 'PgSleep'
            """
        #expect(try await oracle.waits(for: "1", of: sleeping))
        // As the system does for a process that died: nothing is said to the server.
        shutdown(PQsocket(handle), Int32(SHUT_RDWR))
        #expect(try await oracle.waits(for: "0", of: sleeping))
        PQfinish(handle)
    }
}
