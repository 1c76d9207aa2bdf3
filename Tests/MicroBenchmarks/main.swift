import Foundation

/// Measures parts of the library alone. Build it with `-c release`.
///
///     micro-benchmarks hit              the parts of a hit before the router: head, key, entry, reply of Redis
///     micro-benchmarks redis [ROUNDS [KIND]]
///                                       the lookup of a hit in Redis: plain, with TLS, in clusters of 1 to 3 primaries
///     micro-benchmarks encode           rows to JSON, in GB/s, beside memcpy
///     micro-benchmarks fetch            20,000 rows from DATABASE_URL, beside libpq alone and psql
///     micro-benchmarks start [ROUTES]   what so many routes take at build and at start
///     micro-benchmarks memory [MIB]     the peak memory of a large answer from DATABASE_URL, as a multiple of its size
let arguments = CommandLine.arguments.dropFirst()
do {
    switch arguments.first {
    case "hit": try HitBenchmark.run()
    case "redis":
        let rounds = arguments.dropFirst().first.flatMap { Int($0) } ?? 101
        try await RedisBenchmark.run(rounds: rounds, only: arguments.dropFirst(2).first)
    case "encode": try EncodingBenchmark.run()
    case "fetch": try await FetchBenchmark.run()
    case "start": try StartBenchmark.run(routes: arguments.dropFirst().first.flatMap { Int($0) } ?? 1000)
    case "memory": try await MemoryBenchmark.run(mebibytes: arguments.dropFirst().first.flatMap { Int($0) } ?? 50)
    default:
        let usage = """
            usage: micro-benchmarks hit | redis [ROUNDS [KIND]] | encode | fetch | start [ROUTES] | memory [MIB]

            """
        FileHandle.standardError.write(Data(usage.utf8))
        exit(2)
    }
} catch {
    FileHandle.standardError.write(Data("micro-benchmarks: \(error)\n".utf8))
    exit(1)
}
