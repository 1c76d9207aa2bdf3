import CPostgres
public import Logging
import Metrics
public import NIOCore
import ServiceLifecycle
import Synchronization

/// Hears what the server is told by `NOTIFY` on one channel, on a connection of its own, and keeps at it.
///
/// A thread drives the connection; nothing here blocks the caller's. What is heard is handled by one task, in order. When the
/// connection is lost it is opened again; what was notified meanwhile is lost, which the delegate is told before anything else.
///
/// The connection has to be direct, or through a pooler in session mode: a pooler in transaction mode keeps no `LISTEN`.
/// A standby takes none.
public final class PostgresListener: Sendable {
    /// The receivers of what a listener hears. Called one after the other.
    public struct Handler: Sendable {
        /// The tables to be inspected. Called on the listener's thread.
        public let tables: @Sendable () -> [String]
        /// Notifications may have been missed. The first call of each session, before anything else that it hears.
        public let missed: @Sendable (NotificationGap) async -> Void
        /// The channel was notified with this payload. Equal ones that wait are one.
        public let notified: @Sendable (_ payload: String) async -> Void
        /// The tables have been inspected.
        public let inspected: @Sendable ([TableReport]) async -> Void

        /// A handler from its parts.
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
        var queue = NotificationQueue()
        var session: UInt64 = 0
        /// A session listens, and has answered once what the tables are or why that can't be told.
        var isListening = false
        /// The session's last inspection did not fail.
        var isInspected = false
        var lastAnswer: NIODeadline?
        /// Answers that were asked for before this do not count: somebody has waited in vain for what was notified before it.
        var floor = NIODeadline.uptimeNanoseconds(0)
        var settlements = SettlementQueue()
        var wantsInspection = false
        var isStopped = false
    }

    private let connector: Connector
    private let channel: String
    private let limits: ListenerMachine.Limits
    private let logger: Logger
    private let pipe: WakePipe
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let notifications = Counter(label: "postgres_listener_notices_total")
    private let sessions = Counter(label: "postgres_listener_sessions_total")
    private static let backoff = ExponentialBackoff(minimum: .milliseconds(100), maximum: .seconds(3))

    /// A listener on `channel`. It connects once it runs.
    ///
    /// - Parameter inspectionInterval: the time between two inspections of the tables.
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/invalidConfiguration``, or ``PostgresError/Code/unavailable`` when the
    ///   system has no pipe left. A server that is away is no reason.
    public convenience init(
        configuration: PostgresConfiguration,
        channel: String,
        inspectionInterval: TimeAmount = .seconds(10),
        logger: Logger
    ) throws(PostgresError) {
        var limits = ListenerMachine.Limits(inspectionInterval: inspectionInterval)
        limits.pingInterval = min(limits.pingInterval, inspectionInterval)
        try self.init(configuration: configuration, channel: channel, limits: limits, logger: logger)
    }

    init(
        configuration: PostgresConfiguration,
        channel: String,
        limits: ListenerMachine.Limits,
        logger: Logger
    ) throws(PostgresError) {
        var configuration = configuration
        // No setting of the session matters to what is heard.
        configuration.statements = .unnamed
        connector = try Connector(configuration)
        self.channel = channel
        self.limits = limits
        self.logger = logger
        pipe = try WakePipe()
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The time at which the server was last asked something that it has answered since, on a session that listens. Everything that
    /// was notified before has been handled, and the tables have been inspected.
    ///
    /// `nil` where there is no such session, or its last inspection of the tables failed.
    public var lastAnswer: NIODeadline? { state.withLock { $0.lastAnswer } }

    /// The number of different notifications that wait to be handled.
    var waitingNotifications: Int { state.withLock { $0.queue.notificationCount } }

    /// Has the tables inspected soon, because there are others or they may have changed.
    public func inspectSoon() {
        state.withLock { $0.wantsInspection = true }
        pipe.wake()
    }

    /// Waits until everything that was notified before the call has been handled.
    ///
    /// The server sends a session what was notified before a commit was acknowledged ahead of its answer to a question that was
    /// sent after that, so one round trip is enough. Where the answer does not come in time, or nobody listens, ``lastAnswer`` is
    /// `nil` until everything has been handled.
    public func settle() async {
        await withCheckedContinuation { continuation in
            let isWaiting = state.withLock { state in
                // Whoever listens next begins with what was missed.
                guard state.isListening, !state.isStopped else { return false }
                state.settlements.add(continuation, now: .now())
                return true
            }
            if isWaiting { pipe.wake() } else { continuation.resume() }
        }
    }

    /// Listens until the service is shut down gracefully or the task is cancelled. A listener runs once.
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
            return state.settlements.takeAll()
        }
        for continuation in waiting { continuation.resume() }
        pipe.wake()
    }

    // MARK: - Handling

    private func next() -> (NotificationQueue.Item, UInt64)? {
        state.withLock { state in state.queue.next().map { ($0, state.session) } }
    }

    private func handle(_ item: NotificationQueue.Item, of session: UInt64, by handler: Handler) async {
        switch item {
        case .missed(let gap): await handler.missed(gap)
        case .notification(let payload):
            notifications.increment()
            await handler.notified(payload)
        case .inspected(let reports): await handler.inspected(reports)
        case .answer(let askedAt, let isInspected):
            let settled = state.withLock { state in
                guard state.session == session, !state.isStopped else { return [] as [SettlementQueue.Continuation] }
                if isInspected, askedAt >= state.floor { state.lastAnswer = askedAt }
                return state.settlements.take(upTo: askedAt)
            }
            for continuation in settled { continuation.resume() }
        }
    }

    // MARK: - The thread

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// The things that are logged once when they begin and once when they end.
    private struct Troubles {
        /// The number of sessions since one worked.
        var failures = 0
        /// No session works.
        var isDeaf = false
        /// Tables can't be inspected.
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
                    inspection: { TableInspection(tables: tables(), channel: self.channel) },
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

    /// Drives a session until it is over or the listener is stopped.
    private func follow(_ session: ListeningSession, _ troubles: inout Troubles) throws(PostgresError) {
        while !isStopped {
            giveUpSettlements()
            let (wantedSince, wantsInspection) = state.withLock { state in
                defer { state.wantsInspection = false }
                return (state.settlements.newest, state.wantsInspection)
            }
            if let wantedSince { session.want(answerSince: wantedSince) }
            if wantsInspection { session.wantInspection(.now()) }
            var events: [ListeningSession.Event] = []
            try session.turn(.now()) { events.append($0) }
            for event in events { take(event, &troubles) }
            if !events.isEmpty { wakeUp.yield() }
            let settlement = state.withLock { $0.settlements.oldest }.map { $0 + limits.settleTimeout }
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
                // An answer that is being handled is one of before.
                state.session += 1
                state.isInspected = false
                state.lastAnswer = nil
                state.queue.inspectionFailed()
                state.queue.answer(askedAt, isInspected: false)
            }
        }
    }

    /// The session works: it listens, and an inspection has been answered.
    ///
    /// Only now what was missed is told, which costs everybody whatever was made from tables. A session that ends before has
    /// made nothing trusted, and the next one does not begin without a pause that grows.
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

    /// Lets those go on who have waited for too long. Nothing is believed then until what they waited for has been handled.
    private func giveUpSettlements() {
        let late = NIODeadline.now() - limits.settleTimeout
        let waiting = state.withLock { state in
            let waiting = state.settlements.take(upTo: late)
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
            return state.settlements.takeAll()
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
