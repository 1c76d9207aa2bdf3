import CPostgres
public import Logging
import Metrics
public import NIOCore
import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Hears what the server is told by `NOTIFY` on one channel, on a connection of its own, and keeps at it.
///
/// A thread drives the connection; nothing here blocks the caller's. What is heard is handled by one task, in order. When the
/// connection is lost it is opened again; what was notified meanwhile is lost, which the delegate is told before anything else.
///
/// The connection has to be direct, or through a pooler in session mode: a pooler in transaction mode keeps no `LISTEN`.
/// A standby takes none.
public final class PostgresListener: Sendable {
    /// What a listener hears. Called one after the other.
    public struct Handler: Sendable {
        /// A session listens from now on; what was notified before was missed.
        public let missed: @Sendable () async -> Void
        /// The channel was notified with this payload. Equal ones that wait are one.
        public let notified: @Sendable (_ payload: String) async -> Void

        /// A handler from its parts.
        public init(missed: @escaping @Sendable () async -> Void, notified: @escaping @Sendable (String) async -> Void)
        {
            self.missed = missed
            self.notified = notified
        }
    }

    private struct State {
        var queue = NoticeQueue()
        var session: UInt64 = 0
        var lastAnswer: NIODeadline?
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
    private let notices = Counter(label: "postgres_listener_notices_total")
    private let sessions = Counter(label: "postgres_listener_sessions_total")
    private static let backoff = Backoff(minimum: .milliseconds(100), maximum: .seconds(3))

    /// A listener on `channel`. It connects once it runs.
    ///
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/invalidConfiguration``, or ``PostgresError/Code/unavailable`` when the
    ///   system has no pipe left. A server that is away is no reason.
    public convenience init(
        configuration: PostgresConfiguration,
        channel: String,
        logger: Logger
    ) throws(PostgresError) {
        try self.init(configuration, channel, ListenerMachine.Limits(), logger)
    }

    init(
        _ configuration: PostgresConfiguration,
        _ channel: String,
        _ limits: ListenerMachine.Limits,
        _ logger: Logger
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

    /// When the server was last asked something that it has answered since, on a session that listens; `nil`: there is none.
    /// Everything that was notified before has been handled.
    public var lastAnswer: NIODeadline? { state.withLock { $0.lastAnswer } }

    /// How many different notices wait to be handled.
    var waitingNotices: Int { state.withLock { $0.queue.noticeCount } }

    /// Listens until the service is shut down gracefully or the task is cancelled. A listener runs once.
    public func run(_ handler: Handler) async throws {
        guard System.detachThread({ self.listen() }) else {
            throw PostgresError(.unavailable, "no thread can be started")
        }
        await cancelWhenGracefulShutdown { [self] in
            for await _ in wakeUps {
                while !Task.isCancelled, let (item, session) = next() { await handle(item, of: session, handler) }
            }
        }
        state.withLock { state in
            state.isStopped = true
            state.lastAnswer = nil
        }
        pipe.wake()
    }

    // MARK: - Handling

    private func next() -> (NoticeQueue.Item, UInt64)? {
        state.withLock { state in state.queue.next().map { ($0, state.session) } }
    }

    private func handle(_ item: NoticeQueue.Item, of session: UInt64, _ handler: Handler) async {
        switch item {
        case .missed: await handler.missed()
        case .notice(let payload):
            notices.increment()
            await handler.notified(payload)
        case .answer(let askedAt):
            state.withLock { if $0.session == session, !$0.isStopped { $0.lastAnswer = askedAt } }
        }
    }

    // MARK: - The thread

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func listen() {
        var failures = 0
        var isReported = false
        while !isStopped {
            do throws(PostgresError) {
                let session = try ListeningSession(
                    try connector.connect().get(),
                    channel: channel,
                    limits: limits,
                    now: .now()
                )
                try follow(session) {
                    failures = 0
                    if isReported { logger.notice("Changes in Postgres are heard again") }
                    isReported = false
                }
            } catch {
                end()
                failures += 1
                let metadata: Logger.Metadata = ["error": "\(error)"]
                if isReported {
                    logger.debug("Changes in Postgres can't be heard", metadata: metadata)
                } else {
                    logger.warning("Changes in Postgres can't be heard, trying again", metadata: metadata)
                }
                isReported = true
                let pause = Self.backoff.delay(afterFailures: failures, random: .random(in: 0..<1))
                sleep(until: .now() + pause)
            }
        }
    }

    /// Drives a session until it is over or the listener is stopped.
    private func follow(_ session: ListeningSession, _ whenListening: () -> Void) throws(PostgresError) {
        while !isStopped {
            try session.turn(.now()) { event in
                switch event {
                case .notice(let payload): state.withLock { $0.queue.notice(payload) }
                case .answer(let answer) where answer.isFirst:
                    sessions.increment()
                    whenListening()
                    state.withLock { state in
                        state.session += 1
                        state.queue.begin(askedAt: answer.askedAt)
                    }
                case .answer(let answer): state.withLock { $0.queue.answer(answer.askedAt) }
                }
                wakeUp.yield()
            }
            sleep(until: session.deadline, session.pollDescriptor)
        }
    }

    private func end() {
        state.withLock { state in
            state.session += 1
            state.lastAnswer = nil
            state.queue.end()
        }
    }

    private func sleep(until deadline: NIODeadline, _ descriptor: pollfd? = nil) {
        var descriptors = [pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)]
        if let descriptor { descriptors.append(descriptor) }
        let left = (deadline - .now()).nanoseconds
        _ = poll(&descriptors, nfds_t(descriptors.count), left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000))
        if descriptors[0].revents != 0 { pipe.drain() }
    }
}
