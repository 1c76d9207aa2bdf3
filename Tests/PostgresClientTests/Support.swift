import CPostgres
import Foundation
import Logging
import NIOCore
import PostgresClient
import ServiceLifecycle
import Synchronization
import TestServers
import Testing

extension NIODeadline {
    static func seconds(_ seconds: Int64) -> NIODeadline { .now() + .seconds(seconds) }
}

/// Runs `body` with a client whose `run()` goes on meanwhile.
func withClient<Result: Sendable>(
    _ url: String,
    configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: @Sendable @escaping (PostgresClient) async throws -> Result
) async throws -> Result {
    var configuration = PostgresConfiguration(url: url)
    configure(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let client = try PostgresClient(configuration: configuration, logger: logger)
    let running = Task { try await client.run() }
    do {
        let result = try await body(client)
        running.cancel()
        try await running.value
        return result
    } catch {
        running.cancel()
        try await running.value
        throw error
    }
}

extension PostgresClient {
    /// The body of a statement that is run once.
    func body(_ sql: String, _ parameters: [String?] = [], shape: ResultShape = .many) async throws -> String? {
        try await answer(PostgresStatement(sql: sql, shape: shape), parameters)
    }

    /// The body of a statement.
    func answer(_ statement: PostgresStatement, _ parameters: [String?] = []) async throws -> String? {
        var values = PostgresParameters()
        for parameter in parameters {
            if let parameter { values.append(parameter) } else { values.appendNull() }
        }
        let answer = try await query(statement, values, deadline: .seconds(20))
        return answer.body.map { String(buffer: $0) }
    }

    /// The error of a statement that has to fail.
    func failure(_ sql: String, _ parameters: [String?] = [], shape: ResultShape = .many) async -> PostgresError? {
        do {
            _ = try await body(sql, parameters, shape: shape)
            return nil
        } catch {
            return error as? PostgresError
        }
    }

    /// Asks again until the server answers, for 30 s at most.
    func recovers() async -> Bool {
        let end = NIODeadline.seconds(30)
        while .now() < end {
            if (try? await ping(deadline: .seconds(2))) != nil { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// What the server itself says, through plain blocking libpq and none of the code under test.
///
/// Sound because the mutex lets one caller at a time use the connection.
final class Oracle: @unchecked Sendable {
    private let connection: OpaquePointer
    private let lock = Mutex(())

    init(_ url: String) throws {
        connection = try #require(PQconnectdb(url))
        #expect(PQstatus(connection) == CONNECTION_OK)
        for setting in [
            "DateStyle = 'ISO, MDY'", "IntervalStyle = postgres", "TimeZone = 'UTC'", "bytea_output = hex",
            "extra_float_digits = 1", "client_encoding = 'UTF8'", "client_min_messages = warning",
        ] {
            _ = try value("SET \(setting)")
        }
    }

    deinit { PQfinish(connection) }

    /// The first value of the first row.
    @discardableResult
    func value(_ sql: String) throws -> String? {
        try lock.withLock { _ in try run(sql) }
    }

    private func run(_ sql: String) throws -> String? {
        let result = try #require(PQexec(connection, sql))
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        #expect(
            status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK,
            "\(String(cString: PQerrorMessage(connection))) in \(sql.prefix(300))"
        )
        guard PQntuples(result) > 0 else { return nil }
        return String(cString: PQgetvalue(result, 0, 0))
    }

    /// The message of the error in which a statement ends; `nil` when it succeeds.
    func failure(_ sql: String) throws -> String? {
        try lock.withLock { _ in
            let result = try #require(PQexec(connection, sql))
            defer { PQclear(result) }
            let hasFailed = PQresultStatus(result) == PGRES_FATAL_ERROR
            return hasFailed ? String(cString: PQresultErrorMessage(result)) : nil
        }
    }

    /// Asks until the first value of the first row is this, for 60 s at most: what it waits for may be another test's
    /// turn after this one's, on a machine that does much else.
    func waits(for expected: String, of sql: String) async throws -> Bool {
        let end = NIODeadline.seconds(60)
        while .now() < end {
            if try value(sql) == expected { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// The rows of a query as the server's `row_to_json` gives them, in an array without white space.
    func rows(_ sql: String) throws -> String {
        try value("SELECT coalesce('[' || string_agg(row_to_json(r)::text, ',') || ']', '[]') FROM (\(sql)) AS r") ?? ""
    }
}

/// Repeatable random numbers (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
