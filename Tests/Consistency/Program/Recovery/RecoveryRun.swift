import ConsistencyChecker
import NIOCore
import NIOHTTP1

/// A run with requests at a steady rate and one fault after the other, which measures the return of hits and the errors until
/// then.
struct RecoveryRun: Sendable {
    let options: Options
    /// The number of requests a second.
    let rate: Int

    private static let rows = Array(1...200)
    private static let kinds: [RouteKind] = [.tagged, .fleet]
    /// The number of clients that share the rate.
    private static let clients = 50
    /// The time between two faults.
    private static let calmTime = TimeAmount.seconds(6)
    /// The time between two questions to the servers if they serve.
    private static let pollInterval = Duration.milliseconds(20)

    /// Makes the faults one after the other until the time is over, and all of them at least once.
    func record() async throws -> (state: Recorder.State, recoveries: [Recovery]) {
        let (recorder, timeline) = (Recorder(log: try options.logs.map { try RunLog(folder: $0) }), Timeline())
        var recoveries: [Recovery] = []
        try await Stage.open(options, rows: Self.rows, recorder) { stage in
            let writers = Clients(
                processes: stage.processes,
                recorder: recorder,
                database: stage.database,
                seed: options.seed
            )
            recoveries = try await withThrowingTaskGroup(of: Void.self, returning: [Recovery].self) { group in
                for number in 0..<Self.clients {
                    group.addTask { await read(number, stage.processes, recorder, timeline) }
                }
                for row in Clients.rows { group.addTask { await writers.write(row) } }
                let recoveries = try await disturb(stage.redis, recorder, timeline)
                group.cancelAll()
                try await group.waitForAll()
                return recoveries
            }
        }
        return (recorder.snapshot, recoveries)
    }

    private func disturb(
        _ redis: any RedisUnderTest,
        _ recorder: Recorder,
        _ timeline: Timeline
    ) async throws -> [Recovery] {
        var random = SeededGenerator(seed: options.seed)
        var recoveries: [Recovery] = []
        let end = NIODeadline.now() + .nanoseconds(Int64(options.minutes * 60e9))
        repeat {
            for fault in redis.measuredFaults {
                let calm = NIODeadline.now()
                try await Task.sleep(for: .nanoseconds(Self.calmTime.nanoseconds))
                let start = NIODeadline.now()
                async let outage = Self.lastOutage(of: redis, from: start)
                guard try await redis.inject(fault, &random) else {
                    throw HarnessError("'\(fault.rawValue)' could not happen")
                }
                recorder.count(fault)
                try await Task.sleep(for: .nanoseconds(Self.calmTime.nanoseconds))
                recoveries.append(
                    Recovery(
                        fault,
                        outage: await outage - start,
                        // The first seconds of a run are those in which entries are made.
                        before: timeline.slices(from: calm + .seconds(3), to: start),
                        after: timeline.slices(from: start, to: .now())
                    )
                )
            }
        } while NIODeadline.now() < end
        return recoveries
    }

    /// Observes the servers for as long as a calm lasts.
    ///
    /// - Returns: the last time at which not every key had a primary; the start if there was none.
    private static func lastOutage(of redis: any RedisUnderTest, from start: NIODeadline) async -> NIODeadline {
        var last = start
        while NIODeadline.now() < start + calmTime {
            if await !redis.isServing() { last = .now() }
            try? await Task.sleep(for: pollInterval)
        }
        return last
    }

    /// Sends one client's requests at their times, also if the one before has taken longer.
    private func read(
        _ number: Int,
        _ processes: [ServiceProcess],
        _ recorder: Recorder,
        _ timeline: Timeline
    ) async {
        var random = SeededGenerator(seed: options.seed &+ UInt64(number) &* 7919)
        let connections = processes.map { PersistentConnection(port: $0.port) }
        let clock = ContinuousClock()
        let interval = Duration.seconds(1) * Self.clients / rate
        var next = clock.now + interval * number / Self.clients
        while !Task.isCancelled {
            do { try await clock.sleep(until: next) } catch { return }
            next += interval
            let index = Int.random(in: processes.indices, using: &random)
            let row = Self.rows.randomElement(using: &random) ?? 1
            let kind = Self.kinds.randomElement(using: &random) ?? .tagged
            let (time, start) = (NIODeadline.now(), recorder.readBegins())
            let answer = try? await connections[index].send(.GET, "/\(kind.rawValue)/\(row)")
            if answer == nil, Task.isCancelled { return }
            timeline.record(at: time, answer)
            recorder.read(answer, of: row, kind, by: processes[index].incarnation, from: start)
        }
    }
}
