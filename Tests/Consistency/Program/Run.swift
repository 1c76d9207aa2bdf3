import ConsistencyChecker

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
        let recorder = Recorder()
        try await Stage.open(options, rows: Clients.rows, recorder) { try await load($0, recorder) }
        return recorder.snapshot
    }

    private func load(_ stage: Stage, _ recorder: Recorder) async throws {
        let clients = Clients(
            processes: stage.processes,
            recorder: recorder,
            database: stage.database,
            seed: options.seed
        )
        let injector = FaultInjector(
            redis: stage.redis,
            database: stage.database,
            processes: stage.processes,
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
