import CPostgres
import NIOCore
import TestServers
import Testing

@testable import PostgresClient

@Suite struct RowEncoderTests {
    /// Rows of which the first is far larger than the others.
    private static let skewed = """
        SELECT CASE WHEN n = 1 THEN repeat('x', 300000) ELSE 'y' END AS bio FROM generate_series(1, 20000) AS n
        """

    @Test func aFirstRowMuchLargerThanTheOthersReservesNoMoreThanItsOwnSizeAgain() async throws {
        try await withClient(try PostgresServer.shared.get().url) { client async throws in
            let statement = PostgresStatement(sql: Self.skewed, shape: .many)
            let body = try #require(try await client.query(statement, deadline: .seconds(20)).body)
            #expect(body.readableBytes == 300_000 + 19_999 + 20_000 * 10 + 20_001)
            #expect(body.capacity <= 4 << 20)
        }
    }

    @Test func anAnswerThatIsTooLargeForItsBufferIsAnError() throws {
        let connection = try #require(PQconnectdb(try PostgresServer.shared.get().url))
        defer { PQfinish(connection) }
        let result = try #require(PQexec(connection, "SELECT repeat('x', 1000) AS a FROM generate_series(1, 10)"))
        defer { PQclear(result) }
        let description = StatementDescription(columns: [.init(name: "a", typeOID: 25)], parameterOIDs: [])
        guard case .run(let plan) = try RowEncodingPlan.decide(description, shape: .many, isWrapped: false) else {
            Issue.record("text needs no wrapping")
            return
        }
        var roomy = RowEncoder(plan: plan, maximumSize: 20_000)
        try roomy.append(result)
        #expect(roomy.answer().body?.readableBytes == 10 * 1008 + 11)
        var tight = RowEncoder(plan: plan, maximumSize: 10_000)
        let error = #expect(throws: PostgresError.self) { try tight.append(result) }
        #expect(error?.code == .answerTooLarge)
    }
}
