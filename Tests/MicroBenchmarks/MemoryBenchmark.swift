import Foundation
import NIOCore
import PostgresClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The peak memory that a large answer takes.
enum MemoryBenchmark {
    static func run(mebibytes: Int) async throws {
        let client = try FetchBenchmark.client()
        let rows = mebibytes << 11
        let statement = PostgresStatement(
            sql: "SELECT n AS id, repeat('x', 468) AS text, n * 2 AS twice FROM generate_series(1, \(rows)) AS n",
            shape: .many
        )
        try await client.ping(deadline: .now() + .seconds(10))
        let before = peak()
        let answer = try await client.query(statement, deadline: .now() + .seconds(60))
        let after = peak()
        let size = answer.body?.readableBytes ?? 0
        let growth = Double(after - before) / Double(size)
        print(
            "answer \(size) bytes, peak growth \(after - before) bytes, \(growth.formatted(digits: 2)) times its size"
        )
    }

    /// The largest resident memory that the process has had, in bytes.
    private static func peak() -> Int {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        #if canImport(Darwin)
            return usage.ru_maxrss
        #else
            return usage.ru_maxrss * 1024
        #endif
    }
}
