import CPostgres
import Logging
import NIOCore
import Synchronization

/// Executes the decisions of ``PoolStateMachine`` with threads, connections and log messages.
final class ConnectionPool: ReactorDelegate {
    let configuration: PostgresConfiguration
    private let connector: Connector
    private let reactors: [ReactorMailbox]
    private let logger: Logger
    private let metrics: PostgresMetrics
    private let state: Mutex<State>
    private let cancelsUnderWay = Atomic(0)
    /// The statement that tests a connection.
    static let pingStatement = PostgresStatement(sql: "SELECT 1", shape: .none)
    private let helpers = Atomic(0)

    private struct State {
        var machine: PoolStateMachine<QueryJob>
        /// The time until which the timekeeping thread intends to sleep.
        var wakeTime = NIODeadline.distantPast
        var runningThreads = 0
        var hasFinished = false
        var whenFinished: [CheckedContinuation<Void, Never>] = []
    }

    init(
        configuration: PostgresConfiguration,
        logger: Logger,
        metrics: PostgresMetrics = PostgresMetrics()
    ) throws(PostgresError) {
        self.configuration = try configuration.checked()
        self.logger = logger
        self.metrics = metrics
        connector = try Connector(configuration)
        var reactors: [ReactorMailbox] = []
        for _ in 0..<configuration.reactorThreads { reactors.append(try ReactorMailbox()) }
        self.reactors = reactors
        let machine = PoolStateMachine<QueryJob>(configuration: configuration) { Double.random(in: 0..<1) }
        state = Mutex(State(machine: machine))
        for (index, reactor) in reactors.enumerated() {
            state.withLock { $0.runningThreads += 1 }
            // The thread retains the pool until the loop ends.
            let hasStarted = System.detachThread {
                ReactorLoop(reactor: reactor, delegate: self, keepsTime: index == 0).run()
                self.threadEnded()
            }
            guard hasStarted else {
                threadEnded()
                close()
                throw PostgresError(.unavailable, "no thread can be started")
            }
        }
    }

    // MARK: - Requests of the client

    /// Opens the pool, see ``PoolStateMachine/open(_:)``.
    func open() {
        handle { $0.open(.now()) }
    }

    /// Runs a query as soon as a connection is free.
    func submit(_ job: QueryJob) {
        metrics.started()
        handle { $0.submit(job, deadline: job.deadline, now: .now()) }
    }

    /// Abandons a query whose caller already has a result.
    func abandon(_ job: QueryJob) {
        handle { $0.abandon(job.id) }
    }

    /// Fails a query that still waits for a connection; one that has begun continues.
    func withdraw(_ job: QueryJob) {
        handle { $0.withdraw(job) }
    }

    /// Waits for running and queued queries for a limited time, then closes everything. Returns when that is done.
    func shutDown() async {
        handle { $0.shutDown(.now()) }
        await finished()
    }

    /// Closes everything at once.
    func close() {
        handle { $0.close() }
    }

    /// Closes everything at once and returns when that is done.
    func closeAndWait() async {
        close()
        await finished()
    }

    private func finished() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                let isDone = state.hasFinished
                if !isDone { state.whenFinished.append(continuation) }
                return isDone
            }
            if isDone { continuation.resume() }
        }
    }

    // MARK: - Events of the reactors

    /// Records that a connection has finished a job, see ``PoolStateMachine/released(_:job:isReusable:now:)``.
    func released(_ id: UInt64, job: UInt64) {
        handle { $0.released(id, job: job, isReusable: true, now: .now()) }
    }

    /// Records that a connection has been closed.
    func closed(_ id: UInt64) {
        handle { $0.released(id, isReusable: false, now: .now()) }
    }

    /// Handles the events of queries that share a connection.
    func reported(_ report: PipelineReport, on id: UInt64) {
        metrics.joined(report.joined)
        metrics.hit(report.hits)
        var returned: [(job: QueryJob, deadline: NIODeadline)] = []
        for job in report.returned where !job.isFinished {
            // It runs alone from now on, so that a cancel request for another query can't hit it again.
            job.takeOwnConnection()
            returned.append((job, job.deadline))
        }
        handle { [returned] machine in
            machine.reported(
                id,
                ended: report.ended,
                returned: returned,
                isSealed: report.isSealed,
                now: .now()
            )
        }
    }

    /// Records that a connection broke. Its queries are repeated once if their callers still wait.
    func lost(_ id: UInt64, jobs: [QueryJob], error: PostgresError) {
        logger.debug("A connection to PostgreSQL broke", metadata: ["error": "\(error)"])
        var returned: [(job: QueryJob, deadline: NIODeadline)] = []
        for job in jobs {
            guard !job.isFinished, job.mayRetry() else {
                job.finish(.failure(error))
                continue
            }
            // One of them may have caused the loss, so they no longer share a connection.
            if jobs.count > 1 { job.takeOwnConnection() }
            returned.append((job, job.deadline))
        }
        handle { [returned] machine in machine.lost(id, returning: returned, now: .now()) }
    }

    /// Runs a query whose connection was lost before it was sent. This does not count as a repetition: only the
    /// deadline limits it.
    func returned(_ job: QueryJob) {
        guard !job.isFinished else { return }
        handle { $0.returned(job, deadline: job.deadline, now: .now()) }
    }

    /// Does the work that is due.
    ///
    /// - Returns: the time of the next call.
    func tick(_ now: NIODeadline) -> NIODeadline {
        let (actions, next) = state.withLock { state in
            let actions = state.machine.nextDeadline <= now ? state.machine.tick(now) : []
            state.wakeTime = state.machine.nextDeadline
            return (actions, state.wakeTime)
        }
        perform(actions)
        return next
    }

    /// Sends a cancel request on its own thread, because libpq blocks while it does; then calls `completion`.
    ///
    /// - Returns: `false` if too many requests are in progress, for example to a server that does not respond, or if no
    ///   thread can be started.
    func send(_ request: CancelRequest, completion: @escaping @Sendable () -> Void) -> Bool {
        let limit = 2 * configuration.maximumConnections
        guard cancelsUnderWay.add(1, ordering: .relaxed).newValue <= limit else {
            cancelsUnderWay.subtract(1, ordering: .relaxed)
            return false
        }
        let hasStarted = startHelper {
            request.send()
            self.cancelsUnderWay.subtract(1, ordering: .relaxed)
            completion()
        }
        if !hasStarted { cancelsUnderWay.subtract(1, ordering: .relaxed) }
        return hasStarted
    }

    /// Runs blocking work on its own thread, for which ``closeAndWait()`` and ``shutDown()`` wait for up to the drain
    /// timeout, so that cancel requests are sent before the process ends.
    ///
    /// - Returns: `false` if no thread could be started.
    func startHelper(_ body: @escaping @Sendable () -> Void) -> Bool {
        helpers.add(1, ordering: .sequentiallyConsistent)
        let hasStarted = System.detachThread {
            body()
            self.helperEnded()
        }
        if !hasStarted { helperEnded() }
        return hasStarted
    }

    private func helperEnded() {
        // When this matters, the reactor has ended and its thread only waits for helpers.
        if helpers.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { reactors[0].wake() }
    }

    private func waitForHelpers() {
        let end = NIODeadline.now() + configuration.drainTimeout
        while true {
            reactors[0].prepareToSleep()
            let left = (end - .now()).nanoseconds
            guard helpers.load(ordering: .sequentiallyConsistent) > 0, left > 0 else { return }
            reactors[0].sleep(milliseconds: Int32(clamping: left / 1_000_000 + 1))
        }
    }

    private func threadEnded() {
        let isLast = state.withLock { state in
            state.runningThreads -= 1
            return state.runningThreads == 0
        }
        guard isLast else { return }
        waitForHelpers()
        let continuations = state.withLock { state in
            state.hasFinished = true
            defer { state.whenFinished = [] }
            return state.whenFinished
        }
        continuations.forEach { $0.resume() }
    }

    // MARK: - Actions

    private func handle(_ event: (inout PoolStateMachine<QueryJob>) -> [PoolStateMachine<QueryJob>.Action]) {
        let (actions, isEarlier, connections, waiters) = state.withLock { state in
            let actions = event(&state.machine)
            let next = state.machine.nextDeadline
            let isEarlier = next < state.wakeTime
            if isEarlier { state.wakeTime = next }
            return (actions, isEarlier, state.machine.establishedCount, state.machine.waiterCount)
        }
        metrics.set(connections: connections, waiters: waiters)
        perform(actions)
        if isEarlier { reactors[0].wake() }
    }

    private func perform(_ actions: [PoolStateMachine<QueryJob>.Action]) {
        for action in actions {
            switch action {
            case .run(let job, let id): reactor(id).post(.run(job, on: id))
            case .fail(let job, let error): job.finish(.failure(error))
            case .connect(let id): connect(id)
            case .check(let id):
                let job = QueryJob(
                    statement: Self.pingStatement,
                    parameters: PostgresParameters(),
                    access: .read(findsPosition: false),
                    deadline: .now() + configuration.keepAliveTimeout
                )
                reactor(id).post(.run(job, on: id))
            case .close(let id, let error): reactor(id).post(.close(id, error))
            case .abandon(let job, let id): reactor(id).post(.abandon(job, on: id))
            case .reportOutage(let error):
                let title = error.refusal == nil ? "PostgreSQL cannot be reached" : "PostgreSQL refuses sessions"
                logger.warning("\(title), trying again", metadata: ["error": "\(error)"])
            case .reportRecovery(let failures):
                logger.notice("PostgreSQL can be reached again", metadata: ["failed-attempts": "\(failures)"])
            case .finish: reactors.forEach { $0.post(.stop) }
            }
        }
    }

    private func reactor(_ id: UInt64) -> ReactorMailbox {
        reactors[Int(id % UInt64(reactors.count))]
    }

    private func connect(_ id: UInt64) {
        let hasStarted = startHelper { [self] in
            switch connector.connect() {
            case .success(let handle):
                // Read before the reactor receives the connection, because only the reactor may use it afterwards.
                let isFallback = configuration.session == .preferStandby && !handle.isStandby
                guard reactor(id).post(.adopt(id, handle)) else { return }
                self.handle { $0.connected(id, isFallback: isFallback, now: .now()) }
            case .failure(let error):
                self.handle { $0.connectFailed(id, error: error, now: .now()) }
            }
        }
        if !hasStarted {
            handle { $0.connectFailed(id, error: PostgresError(.unavailable, "no thread can be started"), now: .now()) }
        }
    }
}

extension PostgresConfiguration {
    /// Returns the configuration if its numbers are valid.
    fileprivate func checked() throws(PostgresError) -> PostgresConfiguration {
        func require(_ condition: Bool, _ message: String) throws(PostgresError) {
            guard condition else { throw PostgresError(.invalidConfiguration, message) }
        }
        try require(maximumConnections >= 1, "maximumConnections has to be at least 1")
        try require(
            (0...maximumConnections).contains(minimumConnections),
            "minimumConnections has to be between 0 and the maximum"
        )
        try require(maximumConcurrentConnects >= 1, "maximumConcurrentConnects has to be at least 1")
        try require(maximumWaiters >= 0, "maximumWaiters must not be negative")
        try require(reactorThreads >= 1, "reactorThreads has to be at least 1")
        try require(pipelineDepth >= 1, "pipelineDepth has to be at least 1")
        try require(maximumPreparedStatements >= 1, "maximumPreparedStatements has to be at least 1")
        for (timeout, name) in [
            (leaseTimeout, "leaseTimeout"), (connectTimeout, "connectTimeout"), (idleTimeout, "idleTimeout"),
            (maximumLifetime, "maximumLifetime"), (drainTimeout, "drainTimeout"),
            (keepAliveInterval, "keepAliveInterval"), (keepAliveTimeout, "keepAliveTimeout"),
            (fallbackLifetime, "fallbackLifetime"),
        ] {
            try require(timeout > .zero, "\(name) has to be positive")
        }
        try require(shutdownTimeout >= .zero, "shutdownTimeout must not be negative")
        try require(
            minimumReconnectDelay > .zero && minimumReconnectDelay <= maximumReconnectDelay,
            "minimumReconnectDelay has to be positive and not above maximumReconnectDelay"
        )
        return self
    }
}
