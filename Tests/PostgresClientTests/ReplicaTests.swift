import NIOCore
import PostgresClient
import TestServers
import Testing

/// A primary and a streaming standby.
@Suite(.timeLimit(.minutes(2))) struct ReplicaTests {
    /// A connection string with these servers in this order.
    private static func url(_ servers: PostgresServer..., options: String = "") -> String {
        let hosts = servers.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
        return "postgres://postgres@\(hosts)/postgres\(options)"
    }

    private static func servers() throws -> (primary: PostgresServer, standby: PostgresServer) {
        let primary = try PostgresServer()
        do { return (primary, try primary.standby()) } catch {
            primary.stop()
            throw error
        }
    }

    private static func configure(
        _ session: PostgresConfiguration.SessionTarget
    ) -> (inout PostgresConfiguration) -> Void {
        {
            $0.session = session
            $0.maximumReconnectDelay = .milliseconds(200)
            $0.fallbackLifetime = .milliseconds(300)
            $0.leaseTimeout = .seconds(5)
        }
    }

    @Test func sessionsAreWithTheKindOfServerThatIsWanted() async throws {
        let (primary, standby) = try await blocking { try Self.servers() }
        defer {
            standby.stop()
            primary.stop()
        }
        let attributes = "?target_session_attrs=standby"
        for (url, session, isStandby) in [
            (Self.url(primary, standby), .preferStandby, true), (Self.url(standby, primary), .preferStandby, true),
            (Self.url(primary, standby), .primary, false), (Self.url(standby, primary), .primary, false),
            (Self.url(primary, standby), .any, false), (Self.url(standby, primary), .any, true),
            (Self.url(primary), .preferStandby, false),
            (Self.url(primary, standby, options: attributes), .primary, true),
            (Self.url(primary, standby, options: "?target_session_attrs=primary"), .preferStandby, true),
        ] as [(String, PostgresConfiguration.SessionTarget, Bool)] {
            try await withClient(url, configure: Self.configure(session)) { client async throws in
                let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 0..<8 { group.addTask { try await client.isInRecovery() } }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect(answers == ["\(isStandby)"], "\(session) with \(url)")
            }
        }
        try await Self.expectLag(primary, standby)
        try await Self.expectFallback(primary, standby)
    }

    /// A standby shows what it has replayed, and a write is the primary's business.
    private static func expectLag(_ primary: PostgresServer, _ standby: PostgresServer) async throws {
        let hosts = url(standby, primary)
        try await withClient(hosts, configure: configure(.preferStandby)) { reader async throws in
            try await withClient(hosts, configure: configure(.primary)) { writer async throws in
                _ = try await writer.change("CREATE TABLE lagging (id int)", shape: .none)
                try await blocking {
                    try standby.waitUntilCaughtUp(with: primary)
                    try standby.pauseReplay()
                }
                _ = try await writer.change("INSERT INTO lagging VALUES (1)", shape: .none)
                let count = PostgresStatement(sql: "SELECT count(*) FROM lagging", shape: .value)
                #expect(try await writer.answer(count) == "1")
                let committed = try await blocking {
                    try standby.waitUntilReceived(from: primary)
                    return try PostgresLSN(primary.psql("SELECT pg_current_wal_insert_lsn()"))
                }
                let early = try await reader.query(count, findsPosition: true, deadline: .seconds(20))
                #expect(early.body == ByteBuffer(string: "0"))
                #expect(try #require(early.position) < #require(committed))
                try await blocking {
                    try standby.resumeReplay()
                    try standby.waitUntilCaughtUp(with: primary)
                }
                let late = try await reader.query(count, findsPosition: true, deadline: .seconds(20))
                #expect(late.body == ByteBuffer(string: "1"))
                #expect(try #require(late.position) >= #require(committed))
                #expect(try await writer.query(count, findsPosition: true, deadline: .seconds(20)).position == nil)
                #expect(await reader.failure("INSERT INTO lagging VALUES (2) RETURNING id")?.sqlState == "25006")
                #expect(await reader.changeFailure("INSERT INTO lagging VALUES (2)") != nil)
                #expect(try await writer.answer(count) == "1")
            }
        }
    }

    /// Reads go to the primary while the standby is away, and return to it.
    private static func expectFallback(_ primary: PostgresServer, _ standby: PostgresServer) async throws {
        try await withClient(url(primary, standby), configure: configure(.preferStandby)) { client async throws in
            #expect(try await client.isInRecovery() == "true")
            try await blocking { standby.kill() }
            #expect(await client.comes(to: "false"))
            try await blocking { try standby.start() }
            #expect(await client.comes(to: "true"))
            try await blocking { standby.shutDown() }
            #expect(await client.comes(to: "false"))
        }
    }

    @Test func writesGoOnAfterAFailover() async throws {
        let (primary, standby) = try await blocking { try Self.servers() }
        defer {
            standby.stop()
            primary.stop()
        }
        let hosts = Self.url(primary, standby)
        try await withClient(hosts, configure: Self.configure(.primary)) { writer async throws in
            try await withClient(hosts, configure: Self.configure(.preferStandby)) { reader async throws in
                _ = try await writer.change("CREATE TABLE moved (id int PRIMARY KEY)", shape: .none)
                let insert = PostgresStatement(sql: "INSERT INTO moved VALUES ($1) RETURNING id", shape: .value)
                let write = { @Sendable (id: Int) async throws in
                    var values = PostgresParameters()
                    values.append("\(id)")
                    let answer = try await writer.write(insert, values, deadline: .seconds(2))
                    #expect(answer.body == ByteBuffer(string: "\(id)"))
                }
                for id in 0..<10 { try await write(id) }
                try await blocking {
                    try standby.waitUntilCaughtUp(with: primary)
                    primary.kill()
                }
                #expect(
                    try await reader.answer(PostgresStatement(sql: "SELECT count(*) FROM moved", shape: .value)) == "10"
                )
                await #expect(throws: PostgresError.self) { try await write(10) }
                try await blocking { try standby.promote() }
                let end = NIODeadline.seconds(30)
                var kept = 10
                var id = 11
                while kept < 20, .now() < end {
                    do {
                        try await write(id)
                        kept += 1
                    } catch {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    id += 1
                }
                #expect(kept == 20)
                let count = try await blocking {
                    try standby.psql("SELECT count(*) FROM moved WHERE id < 10 OR id > 10")
                }
                #expect(Int(count).map { $0 >= kept } == true, "every answered write is there")
                #expect(await reader.comes(to: "false"))
            }
        }
    }
}

extension PostgresClient {
    /// Whether the server that answers is a standby.
    fileprivate func isInRecovery() async throws -> String? {
        try await body("SELECT pg_is_in_recovery()", shape: .value)
    }

    /// Asks until a standby (`true`) or a primary (`false`) answers, for 30 s at most.
    fileprivate func comes(to isStandby: String) async -> Bool {
        let end = NIODeadline.seconds(30)
        while .now() < end {
            if (try? await isInRecovery()) == isStandby { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}
