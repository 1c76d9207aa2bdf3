import CPostgres
import Foundation
import NIOCore
import PostgresClient

/// Rows to JSON, from a result that lies in memory, beside a copy of as many bytes.
enum EncodingBenchmark {
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A result of 20,000 rows.
    private struct Rows: Sendable {
        let name: String
        let columns: [(name: String, oid: UInt32)]
        let row: @Sendable (Int) -> [String?]
    }

    private static let samples = [
        Rows(
            name: "users: int, 3 text, bool, timestamptz",
            columns: [
                ("id", 23), ("email", 25), ("full_name", 25), ("is_active", 16), ("created_at", 1184), ("bio", 25),
            ],
            row: { n in
                [
                    "\(n)", "user\(n)@example.com", "First\(n % 997) Last\(n % 1009)", n % 7 == 0 ? "f" : "t",
                    "2024-01-01 00:00:\(10 + n % 50)+00", "Bio \(n) 0123456789abcdef0123456789abc",
                ]
            }
        ),
        Rows(
            name: "text of 1 KiB, nothing to escape",
            columns: [("text", 25)],
            row: { _ in [String(repeating: "lorem ipsum dolor sit amet, ", count: 37)] }
        ),
        Rows(
            name: "text of 1 KiB, three escapes in 53 bytes",
            columns: [("text", 25)],
            row: { _ in [String(repeating: "\"lorem ipsum\" dolor sit amet,\n consectetur adipiscing", count: 19)] }
        ),
        Rows(
            name: "8 numbers, some NULL",
            columns: (0..<8).map { ("n\($0)", 20) },
            row: { n in (0..<8).map { $0 == n % 9 ? nil : "\(n &* 7919 &+ $0)" } }
        ),
        Rows(
            name: "jsonb of 300 bytes",
            columns: [("value", 3802)],
            row: { n in
                ["{\"id\": \(n), \"tags\": [\(String(repeating: "\"tag\", ", count: 40))\"end\"]}"]
            }
        ),
    ]

    static func run() throws {
        print("rows to JSON | JSON of 20,000 rows | encoder | memcpy | share")
        for sample in samples {
            let result = try result(sample)
            defer { PQclear(result) }
            // Both write to memory that has been written before: fresh pages cost the same whoever touches them first.
            var body = ByteBuffer()
            let encoding = try Measurement(runs: 41) {
                try BenchmarkRowEncoder.encode(result, shape: .many, into: &body)
            }
            let target = UnsafeMutableRawBufferPointer.allocate(byteCount: body.readableBytes, alignment: 64)
            defer { target.deallocate() }
            let copying = Measurement(runs: 41) { copy(body, to: target) }
            let bytes = body.readableBytes
            let gigabytes = Double(bytes) / 1e9
            print(
                sample.name,
                "\((Double(bytes) / 1e6).formatted(digits: 2)) MB",
                "\((gigabytes / encoding.median).formatted(digits: 2)) GB/s",
                "\((gigabytes / copying.median).formatted(digits: 2)) GB/s",
                "\((copying.median / encoding.median * 100).formatted(digits: 0)) %",
                separator: " | "
            )
        }
    }

    @inline(never)
    private static func copy(_ body: ByteBuffer, to target: UnsafeMutableRawBufferPointer) {
        body.withUnsafeReadableBytes { target.copyMemory(from: $0) }
    }

    private static func result(_ sample: Rows) throws -> OpaquePointer {
        guard let result = PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK) else { throw Failure(description: "no memory") }
        let names = sample.columns.map { strdup($0.name) }
        defer { names.forEach { free($0) } }
        var attributes = zip(names, sample.columns).map { name, column in
            PGresAttDesc(
                name: name,
                tableid: 0,
                columnid: 0,
                format: 0,
                typid: column.oid,
                typlen: -1,
                atttypmod: -1
            )
        }
        guard PQsetResultAttrs(result, Int32(attributes.count), &attributes) == 1 else {
            throw Failure(description: "no memory")
        }
        for n in 0..<20_000 {
            for (field, value) in sample.row(n).enumerated() {
                var text = Array((value ?? "").utf8CString)
                let length = value.map { Int32($0.utf8.count) } ?? -1
                guard PQsetvalue(result, Int32(n), Int32(field), &text, length) == 1 else {
                    throw Failure(description: "no memory")
                }
            }
        }
        return result
    }
}
