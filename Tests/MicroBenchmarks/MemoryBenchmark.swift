import Foundation
import NIOCore
import PostgresClient

#if canImport(Darwin)
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
        let before = try peak()
        let answer = try await client.query(statement, deadline: .now() + .seconds(60))
        let after = try peak()
        let size = answer.body?.readableBytes ?? 0
        let growth = Double(after - before) / Double(size)
        print(
            "answer \(size) bytes, peak growth \(after - before) bytes, \(growth.formatted(digits: 2)) times its size"
        )
    }

    /// The largest resident memory that the process has had, in bytes.
    private static func peak() throws -> Int {
        #if os(Linux)
            // Not from getrusage: there a new process begins with the peak of the one that started it.
            let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
            for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
                if let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
                    return kibibytes << 10
                }
            }
            throw FetchBenchmark.Failure(description: "the system tells no VmHWM")
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }
}
