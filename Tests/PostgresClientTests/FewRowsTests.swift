import NIOCore
import TestServers
import Testing

@testable import PostgresClient

@Suite("Statements of which one row is wanted, or none", .timeLimit(.minutes(2)))
struct FewRowsTests {
    /// More rows than anybody could hold.
    private static let endless = "SELECT generate_series(1, 1000000000000) AS n, repeat('x', 1000) AS text"

    @Test("are stopped when many rows come", arguments: [PostgresConfiguration.Statements.named, .unnamed])
    func stopped(statements: PostgresConfiguration.Statements) async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(
            url,
            configure: {
                $0.applicationName = "few-rows-\(statements)"
                $0.maximumConnections = 1
                // The next query waits until the one before it has been cancelled.
                $0.leaseTimeout = .seconds(30)
                $0.statements = statements
            }
        ) { client async throws in
            let oracle = try Oracle(url)
            let row = #"{"n":1,"text":"\#(String(repeating: "x", count: 1000))"}"#
            for _ in 0..<2 {
                #expect(try await client.body(Self.endless, shape: .one) == row)
                #expect(try await client.body("SELECT n FROM (\(Self.endless)) AS e", shape: .value) == "1")
                #expect(try await client.body(Self.endless, shape: .none) == nil)
                let position = PostgresStatement(sql: Self.endless, shape: .one)
                let answer = try await client.query(position, findsPosition: true, deadline: .seconds(20))
                #expect(answer.body.map { String(buffer: $0) } == row)
            }
            let active = """
                SELECT count(*) FROM pg_stat_activity WHERE application_name = 'few-rows-\(statements)' AND state = 'active'
                """
            #expect(try await oracle.waits(for: "0", of: active))
        }
    }

    @Test("have their first row, however many come", arguments: [0, 1, 2, 10, 500, 5000])
    func first(rows: Int) async throws {
        try await withClient(try PostgresServer.shared.get().url) { client async throws in
            let sql = "SELECT n, repeat('x', 500) AS text FROM generate_series(1, \(rows)) AS n"
            let text = String(repeating: "x", count: 500)
            #expect(try await client.body(sql, shape: .one) == (rows == 0 ? nil : #"{"n":1,"text":"\#(text)"}"#))
            #expect(try await client.body("SELECT n FROM (\(sql)) AS r", shape: .value) == (rows == 0 ? nil : "1"))
            #expect(try await client.body(sql, shape: .none) == nil)
        }
    }

    @Test("run to their end where they write")
    func writes() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value("DROP TABLE IF EXISTS few_rows; CREATE TABLE few_rows (n int, text text)")
        try await withClient(url) { client async throws in
            let insert =
                "INSERT INTO few_rows SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n RETURNING n, text"
            for shape in [ResultShape.one, .none] {
                let statement = PostgresStatement(sql: insert, shape: shape)
                let answer = try await client.write(statement, deadline: .seconds(60))
                #expect((answer.body == nil) == (shape == .none))
                #expect(answer.rowCount == 20000)
            }
        }
        #expect(try oracle.value("SELECT count(*) FROM few_rows") == "40000")
        try oracle.value("DROP TABLE few_rows")
    }
}
