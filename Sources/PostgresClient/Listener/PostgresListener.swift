import CPostgres
import ClientSupport
public import Logging
import Metrics
public import NIOCore
import ServiceLifecycle
import Synchronization

/// Listens for the notifications (`NOTIFY`) of one channel on its own connection, which is replaced when it is lost.
///
/// A thread drives the connection, so nothing blocks the caller's thread. One task handles the notifications in order.
/// Notifications between two sessions are lost, which is reported to the handler before anything else of the new
/// session.
///
/// The connection must be direct or through a pooler in session mode: a pooler in transaction mode does not keep
/// `LISTEN`. A standby does not support it.
public final class PostgresListener: Sendable {
    /// Receives the events of a listener, one after another.
    public struct Handler: Sendable {
        /// Returns the tables to be inspected. Called on the listener's thread.
        public let tables: @Sendable () -> [String]
        /// Notifications may have been missed. The first call of each session.
        public let missed: @Sendable (NotificationGap) async -> Void
        /// The channel was notified with this payload. Equal notifications that wait are merged.
        public let notified: @Sendable (_ payload: String) async -> Void
        /// The tables have been inspected.
        public let inspected: @Sendable ([TableReport]) async -> Void

        /// Makes a handler from its closures.
        public init(
            tables: @escaping @Sendable () -> [String] = { [] },
            missed: @escaping @Sendable (NotificationGap) async -> Void,
            notified: @escaping @Sendable (String) async -> Void,
            inspected: @escaping @Sendable ([TableReport]) async -> Void = { _ in }
        ) {
            self.tables = tables
            self.missed = missed
            self.notified = notified
            self.inspected = inspected
        }
    }

    private struct State {
        var queue = PendingNotifications()
        var session: UInt64 = 0
        /// Indicates that a session listens, and has finished its first inspection or found that it fails.
        var isListening = false
        /// Indicates that the session's last inspection did not fail.
        var isInspected = false
        var lastAnswer: NIODeadline?
        /// The earliest time of a request whose response counts. All waits that were given up had begun by then.
        var floor = NIODeadline.uptimeNanoseconds(0)
        var barrier = NotificationBarrier()
        var wantsInspection = false
        var isStopped = false
    }

    private let connector: Connector
    private let channel: String
    private let limits: ListeningSessionStateMachine.Limits
    private let logger: Logger
    private let pipe: WakePipe
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let notifications = Counter(label: "postgres_listener_notices_total")
    private let sessions = Counter(label: "postgres_listener_sessions_total")
    private static let backoff = ExponentialBackoff(minimum: .milliseconds(100), maximum: .seconds(3))

    /// Makes a listener, which connects once it runs.
    ///
    /// - Parameters:
    ///   - configuration: the server.
    ///   - channel: the channel.
    ///   - inspectionInterval: the time between two inspections of the tables.
    ///   - logger: receives a warning and a notice at the beginning and the end of an outage.
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/invalidConfiguration``, or with
    ///   ``PostgresError/Code/unavailable`` if the system has no pipe left. An unavailable server is not an error.
    public convenience init(
        configuration: PostgresConfiguration,
        channel: String,
        inspectionInterval: TimeAmount = .seconds(10),
        logger: Logger
    ) throws(PostgresError) {
        var limits = ListeningSessionStateMachine.Limits(inspectionInterval: inspectionInterval)
        limits.pingInterval = min(limits.pingInterval, inspectionInterval)
        try self.init(configuration: configuration, channel: channel, limits: limits, logger: logger)
    }

    init(
        configuration: PostgresConfiguration,
        channel: String,
        limits: ListeningSessionStateMachine.Limits,
        logger: Logger
    ) throws(PostgresError) {
        var configuration = configuration
        // No setting of the session affects notifications.
        configuration.statements = .unnamed
        connector = try Connector(configuration)
        self.channel = channel
        self.limits = limits
        self.logger = logger
        pipe = try WakePipe()
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The time of the latest request that has its response, in a listening session. All earlier notifications have
    /// been handled, and the tables have been inspected.
    ///
    /// `nil` if there is no such session, or if its last inspection of the tables failed.
    public var lastAnswer: NIODeadline? { state.withLock { $0.lastAnswer } }

    /// Indicates that ``lastAnswer`` is not longer ago than a time, by the clock that it is measured with.
    ///
    /// - Parameter time: the time.
    public func hasAnswered(within time: TimeAmount) -> Bool { lastAnswer.map { .now() - $0 <= time } ?? false }

    /// The number of different notifications that wait to be handled.
    var waitingNotifications: Int { state.withLock { $0.queue.notificationCount } }

    /// Requests an inspection soon, because there are other tables or they may have changed.
    public func inspectSoon() {
        state.withLock { $0.wantsInspection = true }
        pipe.wake()
    }

    /// Waits until all notifications before the call have been handled.
    ///
    /// If a commit was acknowledged before a request is sent, the server sends its notification before the response, so
    /// one round trip is enough. If the response does not arrive in time, or no session listens, ``lastAnswer`` is
    /// `nil` until everything has been handled.
    public func settle() async {
        await withCheckedContinuation { continuation in
            let isWaiting = state.withLock { state in
                // The next session begins with the missed notifications.
                guard state.isListening, !state.isStopped else { return false }
                state.barrier.add(continuation, now: .now())
                return true
            }
            if isWaiting { pipe.wake() } else { continuation.resume() }
        }
    }

    /// Listens until graceful shutdown or cancellation. A listener runs once.
    ///
    /// - Parameter handler: receives the events.
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/unavailable`` if no thread can be started.
    public func run(_ handler: Handler) async throws {
        guard System.detachThread({ self.listen(handler.tables) }) else {
            throw PostgresError(.unavailable, "no thread can be started")
        }
        await cancelWhenGracefulShutdown { [self] in
            for await _ in wakeUps {
                while !Task.isCancelled, let (item, session) = next() { await handle(item, of: session, by: handler) }
            }
        }
        let waiting = state.withLock { state in
            state.isStopped = true
            state.lastAnswer = nil
            return state.barrier.takeAll()
        }
        for continuation in waiting { continuation.resume() }
        pipe.wake()
    }

    // MARK: - Handling

    private func next() -> (PendingNotifications.Item, UInt64)? {
        state.withLock { state in state.queue.next().map { ($0, state.session) } }
    }

    private func handle(_ item: PendingNotifications.Item, of session: UInt64, by handler: Handler) async {
        switch item {
        case .missed(let gap): await handler.missed(gap)
        case .notification(let payload):
            notifications.increment()
            await handler.notified(payload)
        case .inspected(let reports): await handler.inspected(reports)
        case .answer(let askedAt, let isInspected):
            let settled = state.withLock { state in
                guard state.session == session, !state.isStopped else {
                    return [] as [NotificationBarrier.Continuation]
                }
                if isInspected, askedAt >= state.floor { state.lastAnswer = askedAt }
                return state.barrier.take(upTo: askedAt)
            }
            for continuation in settled { continuation.resume() }
        }
    }

    // MARK: - The thread

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// The conditions that are logged when they begin and when they end.
    private struct Troubles {
        /// The number of consecutive sessions that failed.
        var failures = 0
        /// Indicates that no session works.
        var isDeaf = false
        /// Indicates that the tables can't be inspected.
        var isBlind = false
    }

    private func listen(_ tables: @escaping @Sendable () -> [String]) {
        var troubles = Troubles()
        while !isStopped {
            do throws(PostgresError) {
                let session = try ListeningSession(
                    try connector.connect().get(),
                    channel: channel,
                    limits: limits,
                    inspection: { TriggerInspection(tables: tables(), channel: self.channel) },
                    now: .now()
                )
                try follow(session, &troubles)
            } catch {
                end()
                troubles.failures += 1
                let metadata: Logger.Metadata = ["error": "\(error)"]
                if troubles.isDeaf {
                    logger.debug("Listening for changes in PostgreSQL fails", metadata: metadata)
                } else {
                    logger.warning("Listening for changes in PostgreSQL fails, trying again", metadata: metadata)
                }
                troubles.isDeaf = true
                let pause = Self.backoff.delay(afterFailures: troubles.failures, random: .random(in: 0..<1))
                sleep(until: .now() + pause)
            }
        }
    }

    /// Drives a session until it ends or the listener is stopped.
    private func follow(_ session: ListeningSession, _ troubles: inout Troubles) throws(PostgresError) {
        while !isStopped {
            giveUpSettlements()
            let (wantedSince, wantsInspection) = state.withLock { state in
                defer { state.wantsInspection = false }
                return (state.barrier.newest, state.wantsInspection)
            }
            if let wantedSince { session.want(answerSince: wantedSince) }
            if wantsInspection { session.wantInspection(.now()) }
            var events: [ListeningSession.Event] = []
            try session.turn(.now()) { events.append($0) }
            for event in events { take(event, &troubles) }
            if !events.isEmpty { wakeUp.yield() }
            let settlement = state.withLock { $0.barrier.oldest }.map { $0 + limits.settleTimeout }
            sleep(until: min(session.deadline, settlement ?? .distantFuture), session.pollDescriptor)
        }
    }

    private func take(_ event: ListeningSession.Event, _ troubles: inout Troubles) {
        switch event {
        case .notified(let payload): state.withLock { $0.queue.notified(payload) }
        case .subscribed: sessions.increment()
        case .alive(let askedAt): state.withLock { $0.queue.answer(askedAt, isInspected: $0.isInspected) }
        case .inspected(let reports, let askedAt):
            isListening(&troubles)
            if troubles.isBlind { logger.notice("Tables are inspected again") }
            troubles.isBlind = false
            state.withLock { state in
                state.isInspected = true
                state.queue.inspected(reports)
                state.queue.answer(askedAt, isInspected: true)
            }
        case .inspectionFailed(let error, let askedAt):
            isListening(&troubles)
            let metadata: Logger.Metadata = ["error": "\(error)"]
            if troubles.isBlind {
                logger.debug("Tables can't be inspected", metadata: metadata)
            } else {
                logger.warning(
                    "Tables can't be inspected, so none counts as unchanged; trying again",
                    metadata: metadata
                )
            }
            troubles.isBlind = true
            state.withLock { state in
                // A response that is being handled belongs to the time before.
                state.session += 1
                state.isInspected = false
                state.lastAnswer = nil
                state.queue.inspectionFailed()
                state.queue.answer(askedAt, isInspected: false)
            }
        }
    }

    /// Records that the session works: it listens, and an inspection has its response.
    ///
    /// Missed notifications are reported only now, because the report costs all responses that depend on tables.
    /// Nothing relies on a session that ends before, and the next one begins after a growing wait.
    private func isListening(_ troubles: inout Troubles) {
        troubles.failures = 0
        if troubles.isDeaf { logger.notice("Listening for changes in PostgreSQL works again") }
        troubles.isDeaf = false
        state.withLock { state in
            guard !state.isListening else { return }
            state.session += 1
            state.isListening = true
            state.queue.missed()
        }
    }

    /// Resumes callers that have waited for too long. Nothing counts as current then until what they waited for has
    /// been handled.
    private func giveUpSettlements() {
        let late = NIODeadline.now() - limits.settleTimeout
        let waiting = state.withLock { state in
            let waiting = state.barrier.take(upTo: late)
            guard !waiting.isEmpty else { return waiting }
            state.floor = max(state.floor, late)
            if state.lastAnswer.map({ $0 < late }) ?? false { state.lastAnswer = nil }
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func end() {
        let waiting = state.withLock { state in
            state.session += 1
            state.isListening = false
            state.isInspected = false
            state.lastAnswer = nil
            state.queue.end()
            return state.barrier.takeAll()
        }
        for continuation in waiting { continuation.resume() }
    }

    private func sleep(until deadline: NIODeadline, _ descriptor: PollDescriptor? = nil) {
        var descriptors = [PollDescriptor(pipe.readEnd)]
        if let descriptor { descriptors.append(descriptor) }
        let left = (deadline - .now()).nanoseconds
        let milliseconds = left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
        if PollDescriptor.wait(for: &descriptors, milliseconds: milliseconds), descriptors[0].isReady { pipe.drain() }
    }
}
