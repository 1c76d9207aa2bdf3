import NIOCore
import TestServers
import Testing

@testable import PostgresClient

@Suite("A small answer")
struct WholePostgresReplyDetectorTests {
    private static func isWhole(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes(WholePostgresReplyDetector.isWhole) }

    private static let end: [UInt8] = [0x5A, 0, 0, 0, 5]

    @Test("is whole where ReadyForQuery ends it, whatever the transaction's state", arguments: "ITE".utf8)
    func whole(state: UInt8) {
        #expect(Self.isWhole(Self.end + [state]))
        #expect(Self.isWhole([0x43, 0, 0, 0, 4] + Self.end + [state]))
        #expect(!Self.isWhole(Self.end))
        #expect(!Self.isWhole(Self.end + [state, 0x44]))
        #expect(!Self.isWhole([]))
    }

    @Test("is not whole where only a value in it ends like ReadyForQuery")
    func value() {
        let row: [UInt8] = [0x44, 0, 0, 0, 20, 0, 2, 0, 0, 0, 1, 0x5A, 0, 0, 0, 5, 0x61, 0x62, 0x63, 0x64, 0x65]
        #expect(!Self.isWhole(Array(row.prefix(17))))
        #expect(!Self.isWhole(row))
        #expect(Self.isWhole(row + Self.end + [0x49]))
        // Lengths that are none.
        #expect(!Self.isWhole([0x44, 0, 0, 0, 0] + Self.end + [0x49]))
        #expect(!Self.isWhole([0x44, 0xFF, 0xFF, 0xFF, 0xFF] + Self.end + [0x49]))
    }

    @Test("is no longer than its bound")
    func bound() {
        func answer(of length: Int) -> [UInt8] {
            let row = UInt32(length - 7)
            return [0x44] + withUnsafeBytes(of: row.bigEndian, Array.init)
                + [UInt8](repeating: 0x78, count: Int(row) - 4) + Self.end + [0x49]
        }
        #expect(answer(of: WholePostgresReplyDetector.longest).count == WholePostgresReplyDetector.longest)
        #expect(Self.isWhole(answer(of: WholePostgresReplyDetector.longest)))
        #expect(!Self.isWhole(answer(of: WholePostgresReplyDetector.longest + 1)))
    }

    @Test("is counted with those before it, as far as they have come whole")
    func count() {
        let row: [UInt8] = [0x44, 0, 0, 0, 20, 0, 2, 0, 0, 0, 1, 0x5A, 0, 0, 0, 5, 0x61, 0x62, 0x63, 0x64, 0x65]
        let answer = row + Self.end + [0x49]
        func count(_ bytes: [UInt8]) -> Int { bytes.withUnsafeBytes(WholePostgresReplyDetector.count) }
        #expect(count([]) == 0)
        #expect(count(answer) == 1)
        for length in answer.indices { #expect(count(Array(answer.prefix(length))) == 0) }
        for length in answer.indices { #expect(count(answer + answer + answer.prefix(length)) == 2) }
        // Lengths that are none.
        #expect(count(answer + [0x44, 0, 0, 0, 0] + Self.end) == 1)
        #expect(count([0x44, 0xFF, 0xFF, 0xFF, 0xFF] + answer) == 0)
    }

    @Test("has the same JSON as a large one, on both sides of the bound and with values that end like an answer")
    func sameJSON() async throws {
        try await withClient(try PostgresServer.shared.get().url) { client async throws in
            for rows in [0, 1, 20, 160, 165, 170, 2000] {
                let statement = PostgresStatement(
                    sql:
                        "SELECT n, repeat('x', 80) || 'Z' AS text, '5    ' AS five FROM generate_series(1, \(rows)) AS n",
                    shape: .many
                )
                let answer = try await client.query(statement, deadline: .seconds(20))
                let expected = (1...max(1, rows)).prefix(rows).map {
                    #"{"n":\#($0),"text":"\#(String(repeating: "x", count: 80))Z","five":"5    "}"#
                }
                #expect(answer.body.map { String(buffer: $0) } == "[\(expected.joined(separator: ","))]")
                #expect(answer.rowCount == rows)
            }
        }
    }
}
