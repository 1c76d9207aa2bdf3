import ConsistencyChecker
import Foundation
import Logging
import NIOCore
import PostgresClient
import TestServers

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One run: servers, processes, clients, faults, and what was found.
struct Run: Sendable {
    let options: Options

    private static let calm = Duration.seconds(5)
    private static let faulty = Duration.seconds(10)
    /// Long enough for every bound to have passed.
    private static let lastCalm = Duration.seconds(8)
    private static let readers = 10

    /// What was recorded.
    func record() async throws -> Recorder.State {
        let folder = try ServerProcess.temporaryFolder("consistency")
        let postgres = try await blocking { try PostgresServer() }
        defer {
            postgres.stop()
            try? FileManager.default.removeItem(at: folder)
        }
        try await blocking {
            for (table, rows) in [("items", Clients.rows), ("notes", Clients.foreignRows)] {
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

        let redis = try await redis()
        let pressure = options.redisMemory == nil ? nil : (redis as? SingleRedis).map { MemoryPressure(on: $0.server) }
        let recorder = Recorder()
        var processes: [ServiceProcess] = []
        let result: Result<Void, any Error>
        do {
            for number in 1...options.processes {
                let process = try ServiceProcess(
                    number: number,
                    redis: redis.environment(of: number),
                    databaseURL: postgres.url,
                    checksTokens: options.checksTokens,
                    folder: folder
                )
                processes.append(process)
                try await process.start()
            }
            try await load(processes, redis, database, recorder)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await end(processes, recorder)
        pressure?.stop()
        await redis.stop()
        try result.get()
        var state = recorder.snapshot
        state.evicted = pressure?.evicted
        return state
    }

    private func redis() async throws -> any RedisUnderTest {
        switch options.redis {
        case .single: try await SingleRedis(options)
        case .sentinel: try await SentinelRedis(options)
        case .cluster: try await ClusterRedis(options)
        }
    }

    private func end(_ processes: [ServiceProcess], _ recorder: Recorder) async {
        for process in processes {
            if await process.stop(with: SIGTERM) { recorder.crash() }
        }
    }

    private func load(
        _ processes: [ServiceProcess],
        _ redis: any RedisUnderTest,
        _ database: PostgresClient,
        _ recorder: Recorder
    ) async throws {
        let clients = Clients(processes: processes, recorder: recorder, database: database, seed: options.seed)
        let injector = FaultInjector(
            redis: redis,
            database: database,
            processes: processes,
            recorder: recorder
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.readers { group.addTask { await clients.read(number) } }
            for row in Clients.rows { group.addTask { await clients.write(row) } }
            for row in Clients.foreignRows { group.addTask { await clients.writeForeign(row) } }
            try await disturb(injector, recorder)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Calm and faults by turns; at the end nothing disturbs any more.
    private func disturb(_ injector: FaultInjector, _ recorder: Recorder) async throws {
        var random = SeededGenerator(seed: options.seed)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(options.minutes * 60)
        while clock.now < end - Self.lastCalm {
            recorder.calm(true)
            try await Task.sleep(for: min(Self.calm, max(.zero, end - Self.lastCalm - clock.now)))
            recorder.calm(false)
            let faultsEnd = min(clock.now + Self.faulty, end - Self.lastCalm)
            while clock.now < faultsEnd {
                guard let fault = injector.faults.randomElement(using: &random) else { break }
                recorder.fault(fault.rawValue)
                try await injector.inject(fault, &random)
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...600, using: &random)))
            }
            // What a fault has begun takes a moment to be over.
            try await Task.sleep(for: .seconds(1))
        }
        recorder.calm(true)
        try await Task.sleep(for: Self.lastCalm)
    }
}
