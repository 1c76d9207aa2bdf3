import Foundation
import Logging
import PostgresClient
import TestServers

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The servers and processes of a run.
struct Stage: Sendable {
    let redis: any RedisUnderTest
    let database: PostgresClient
    let processes: [ServiceProcess]

    /// Starts all of them, and ends them after their use, also after an error.
    ///
    /// - Parameters:
    ///   - rows: the rows that are written through routes.
    ///   - recorder: counts processes that have ended by themselves, and names the folder for logs that are to stay.
    ///   - body: uses them.
    static func open(
        _ options: Options,
        rows: [Int],
        _ recorder: Recorder,
        _ body: (Stage) async throws -> Void
    ) async throws {
        let temporaryFolder = try ServerProcess.temporaryFolder("consistency")
        let postgres = try await blocking { try PostgresServer() }
        defer {
            postgres.stop()
            try? FileManager.default.removeItem(at: temporaryFolder)
        }
        try await blocking {
            for (table, rows) in [("items", rows), ("notes", Clients.foreignRows)] {
                let values = rows.map { "(\($0), 0)" }.joined(separator: ", ")
                try postgres.psql("CREATE TABLE \(table) (id bigint PRIMARY KEY, version bigint NOT NULL)")
                try postgres.psql("INSERT INTO \(table) VALUES \(values)")
            }
            try postgres.psql(TableTriggerSQL(tables: ["notes"]).installSQL)
        }
        var configuration = PostgresConfiguration(url: postgres.url)
        configuration.applicationName = "consistency"
        configuration.minimumConnections = 4
        let logger = Logger(label: "consistency") { _ in SwiftLogNoOpLogHandler() }
        let database = try PostgresClient(configuration: configuration, logger: logger)
        let pool = Task { try await database.run() }
        defer { pool.cancel() }

        let redis = try await redis(options)
        let pressure = options.redisMemory == nil ? nil : (redis as? SingleRedis).map { MemoryPressure(on: $0.server) }
        var processes: [ServiceProcess] = []
        let result: Result<Void, any Error>
        do {
            for number in 1...options.processes {
                let process = try ServiceProcess(
                    number: number,
                    redis: redis.environment(of: number),
                    databaseURL: postgres.url,
                    checksTokens: options.checksTokens,
                    logs: recorder.log?.folder ?? temporaryFolder,
                    logLevel: recorder.log == nil ? "info" : "debug"
                )
                processes.append(process)
                try await process.start()
            }
            try await body(Stage(redis: redis, database: database, processes: processes))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for process in processes {
            if await process.stop(with: SIGTERM) { recorder.countCrash() }
        }
        pressure?.stop()
        if let pressure { recorder.setEvicted(pressure.evicted) }
        await redis.stop()
        try result.get()
    }

    private static func redis(_ options: Options) async throws -> any RedisUnderTest {
        switch options.redis {
        case .single: try await SingleRedis(options)
        case .sentinel: try await SentinelRedis(options)
        case .cluster: try await ClusterRedis(options)
        }
    }
}
