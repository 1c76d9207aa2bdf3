import CPostgres
import Foundation
import Logging
import NIOCore
import PostgresClient

/// 20,000 rows from a server as JSON, beside libpq alone and psql with the same statement.
enum FetchBenchmark {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let sql = "SELECT id, email, full_name, is_active, created_at, bio FROM users ORDER BY id"
    private static let runs = 41

    static func url() throws -> String {
        guard let url = ProcessInfo.processInfo.environment["DATABASE_URL"] else {
            throw Failure(description: "DATABASE_URL names a database with the example's table of users")
        }
        return url
    }

    static func client() throws -> PostgresClient {
        let quiet = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        return try PostgresClient(configuration: PostgresConfiguration(url: try url()), logger: quiet)
    }

    static func run() async throws {
        let client = try client()
        let statement = PostgresStatement(sql: sql, shape: .many)
        let answer = try await client.query(statement, deadline: .now() + .seconds(30))
        let bytes = answer.body?.readableBytes ?? 0
        let ours = try await Measurement(runs: runs) {
            _ = try await client.query(statement, deadline: .now() + .seconds(30))
        }
        let libpq = try libpq()
        let psql = try psql()
        print(
            "\(answer.rowCount) rows, \((Double(bytes) / 1e6).formatted(digits: 2)) MB of JSON; medians of \(runs) runs"
        )
        print("| | ms | rows/s | MB/s |")
        print("|---|---|---|---|")
        for (name, time) in [("JSON by this library", ours), ("libpq alone, no JSON", libpq), ("psql, no JSON", psql)] {
            let rate = Double(answer.rowCount) / time.median
            print(
                "| \(name) | \((time.median * 1e3).formatted(digits: 1)) | \(rate.formatted(digits: 0)) |",
                "\((Double(bytes) / 1e6 / time.median).formatted(digits: 0)) |"
            )
        }
        print("library / libpq \((ours.median / libpq.median).formatted(digits: 2))")
    }

    private static func libpq() throws -> Measurement {
        guard let connection = PQconnectdb(try url()), PQstatus(connection) == CONNECTION_OK else {
            throw Failure(description: "no connection")
        }
        defer { PQfinish(connection) }
        PQclear(PQprepare(connection, "users", sql, 0, nil))
        return Measurement(runs: runs) { PQclear(PQexecPrepared(connection, "users", 0, nil, nil, nil, 0)) }
    }

    /// What psql's own `\timing` says of the statement.
    private static func psql() throws -> Measurement {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["psql", "-X", "-q", "-A", "-t", "-d", try url(), "-c", "\\timing on", "-c", "\\o /dev/null"]
            + Array(repeating: ["-c", sql], count: runs).flatMap { $0 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let times = text.split(separator: "\n").compactMap { line -> Double? in
            let words = line.split(separator: " ")
            guard words.count >= 3, words[0] == "Time:" else { return nil }
            return Double(words[1]).map { $0 / 1e3 }
        }
        guard !times.isEmpty else { throw Failure(description: "psql told no times") }
        return Measurement(seconds: times)
    }
}
