import CachedRoutes
import Foundation
import NIOHTTP1
import TestApp
import TestServers
import Testing

@Suite("A client that leaves", .serialized)
struct DepartureTests {
    private let request = "GET /api/v1/slow?seconds=SECONDS HTTP/1.1\r\nHost: a\r\n\r\n"

    private func request(_ seconds: String) -> String { request.replacing("SECONDS", with: seconds) }

    private func running(_ postgres: PostgresServer) throws -> String {
        try postgres.psql(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE query LIKE '%pg_sleep($1)%' AND state = 'active' AND pid <> pg_backend_pid()
            """
        )
    }

    @Test("has its statement cancelled on the server when nobody else waits for it")
    func cancelled() async throws {
        let postgres = try PostgresServer()
        defer { postgres.stop() }
        try await withApp(redis: nil, postgres: postgres.url, table: TestTable(timeout: .seconds(60))) { port in
            let connection = try await RawConnection.open(request("50"), port: port)
            try await poll("the statement") { try running(postgres) == "1" }
            try await connection.close()
            try await poll("the end of the statement") { try running(postgres) == "0" }
            let next = try await HTTPClient.request(.GET, "/api/v1/users?limit=1", port: port)
            #expect(next.text == #"[{"id":1,"name":"user1"}]"#)
        }
    }

    @Test("fails none of those who wait for the same, whoever came first")
    func others() async throws {
        let postgres = try PostgresServer()
        defer { postgres.stop() }
        try await withApp(redis: nil, postgres: postgres.url, table: TestTable(timeout: .seconds(60))) {
            port,
            service in
            let first = try await RawConnection.open(request("2.5"), port: port)
            try await poll("the statement") { try running(postgres) == "1" }
            let second = try await RawConnection.open(request("2.5"), port: port)
            let third = try await RawConnection.open(request("2.5"), port: port)
            try await poll("all wait") { service.waitingRequests == 3 }
            try await first.close()
            try await third.close()
            let answer = try await second.answer
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
            #expect(answer.contains("Cache-Status: CachedRoutes; fwd=uri-miss; stored; collapsed"))
            try await second.close()
        }
    }

    @Test("has left when it closes its side, as for Go's server", arguments: [1.1, 1.0])
    func halfClosed(version: Double) async throws {
        let postgres = try PostgresServer()
        defer { postgres.stop() }
        try await withApp(redis: nil, postgres: postgres.url, table: TestTable(timeout: .seconds(60))) { port in
            let text = request("50").replacing("HTTP/1.1", with: "HTTP/\(version)")
            let connection = try await RawConnection.open(text, port: port)
            try await poll("the statement") { try running(postgres) == "1" }
            try await connection.finish()
            try await poll("the end of the statement") { try running(postgres) == "0" }
            // No interim response was sent to find out, and the server closes too.
            #expect(try await connection.receivedUntilClosed.hasPrefix("HTTP/1.1 503"))
        }
    }

    @Test("gets what was answered before it closed its side")
    func answered() async throws {
        let postgres = try PostgresServer.shared.get()
        try await withApp(redis: nil, postgres: postgres.url, table: TestTable(timeout: .seconds(60))) { port in
            let target = "/api/v1/users?limit=20000"
            let expected = try await HTTPClient.request(.GET, target, port: port)
            #expect(expected.status == 200)
            try await poll("a hit") {
                try await HTTPClient.request(.GET, target, port: port).cacheStatus?.contains("; hit") ?? false
            }
            // More than a socket takes at once.
            let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
            let transcript = try await RawConnection.transcript(text, port: port)
            #expect(transcript.hasSuffix("\r\n\r\n" + expected.text))
        }
    }
}
