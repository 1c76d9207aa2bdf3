import ConsistencyChecker

/// One run: servers, processes, clients and faults, with a record of what happens.
struct Run: Sendable {
    let options: Options

    private static let calmTime = Duration.seconds(5)
    private static let faultyTime = Duration.seconds(10)
    /// The time after the last fault, longer than every bound.
    private static let finalCalmTime = Duration.seconds(8)
    private static let readers = 10

    /// Makes the run.
    func record() async throws -> Recorder.State {
        let recorder = Recorder(log: try options.logs.map { try RunLog(folder: $0) })
        do {
            try await Stage.open(options, rows: Clients.rows, recorder) { try await load($0, recorder) }
        } catch {
            // What has been found until then counts all the same.
            recorder.setHarnessFailure("\(error)")
        }
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
            try await alternateCalmAndFaults(injector, recorder)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Lets calm and faults alternate, and ends with calm.
    private func alternateCalmAndFaults(_ injector: FaultInjector, _ recorder: Recorder) async throws {
        var random = SeededGenerator(seed: options.seed)
        var deck = FaultDeck(injector.faults)
        recorder.expect(injector.faults)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(options.minutes * 60)
        while clock.now < end - Self.finalCalmTime {
            recorder.setCalm(true)
            try await Task.sleep(for: min(Self.calmTime, max(.zero, end - Self.finalCalmTime - clock.now)))
            recorder.setCalm(false)
            let faultsEnd = min(clock.now + Self.faultyTime, end - Self.finalCalmTime)
            while clock.now < faultsEnd {
                guard let fault = deck.draw(using: &random) else { break }
                recorder.log?.note("begins: \(fault.rawValue)")
                if try await injector.inject(fault, &random) { recorder.count(fault) } else { deck.putBack(fault) }
                recorder.log?.note("has ended: \(fault.rawValue)")
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...600, using: &random)))
            }
            // The consequences of a fault last a moment longer.
            try await Task.sleep(for: .seconds(1))
        }
        recorder.setCalm(true)
        try await Task.sleep(for: Self.finalCalmTime)
    }
}
