import ClientSupport
import Logging
import NIOCore

/// Runs one tracked session after another. It is confined to its event loop.
final class RedisTrackingSupervisor {
    private let configuration: RedisConfiguration
    private let locator: any RedisServerLocator
    private let eventLoop: any EventLoop
    private let lease: RedisTrackingLease
    private var delegate: RedisTracker.Delegate?
    private let logger: Logger
    private let metrics = RedisMetrics()
    private let refusals: RedisCommandRefusals?
    private var machine: RedisReconnectStateMachine
    private var session: RedisTrackedSession?
    private var pingTimer: Scheduled<Void>?
    private var reconnectTimer: Scheduled<Void>?
    /// The time since the server has refused to track.
    private var outage = OutageLog()

    private let refusalPause: TimeAmount

    /// Makes a supervisor.
    ///
    /// - Parameters:
    ///   - configuration: the login and the limits.
    ///   - locator: knows the server.
    ///   - eventLoop: the event loop of the connections.
    ///   - lease: takes note of the replies to pings.
    ///   - refusals: receives the refused reads; `nil` ignores them.
    ///   - refusalPause: the wait after a refusal that is likely to last.
    ///   - logger: receives a warning if the server refuses to track.
    init(
        configuration: RedisConfiguration,
        locator: any RedisServerLocator,
        eventLoop: any EventLoop,
        lease: RedisTrackingLease,
        refusals: RedisCommandRefusals?,
        refusalPause: TimeAmount,
        logger: Logger
    ) {
        self.configuration = configuration
        self.locator = locator
        self.eventLoop = eventLoop
        self.lease = lease
        self.refusals = refusals
        self.refusalPause = refusalPause
        self.logger = logger
        machine = RedisReconnectStateMachine(configuration)
    }

    func start(_ delegate: RedisTracker.Delegate) {
        self.delegate = delegate
        connect()
    }

    private func connect() {
        guard !machine.isStopped else { return }
        let session = RedisTrackedSession(
            configuration: configuration,
            locator: locator,
            eventLoop: eventLoop,
            metrics: metrics,
            refusals: refusals,
            events: .init(
                invalidated: { [delegate] keys in
                    if let keys { delegate?.invalidated(keys) } else { delegate?.flushed() }
                },
                established: { [weak self] in self?.established() },
                answered: { [lease] in lease.extend(from: $0) },
                ended: { [weak self] in self?.ended($0) }
            )
        )
        self.session = session
        session.start()
    }

    func read(_ command: RedisCommand, by deadline: NIODeadline, completing promise: EventLoopPromise<RedisReply>) {
        guard let session else {
            return promise.fail(RedisError(.unavailable, "reads are not tracked at the moment"))
        }
        session.read(command, by: deadline, completing: promise)
    }

    func stop() {
        machine.stop()
        reconnectTimer?.cancel()
        session?.end(RedisError(.shutDown, "the client has been shut down"))
    }

    /// Ends the session if it leads to another server than this one, so that a new one begins.
    ///
    /// - Returns: `true` if it has ended.
    func move(to serverID: String) -> Bool {
        guard let session, let current = session.serverID, current != serverID else { return false }
        session.end(RedisError(.connectionLost, "another server has replaced this one"))
        return true
    }

    /// Ends the session if its server is another one than this; `nil` if that has a successor that is not known yet.
    func move(to location: RedisServerLocation?) { session?.move(to: location) }

    private func established() {
        machine.connected(now: eventLoop.now)
        _ = outage.ended()
        lease.serverID = session?.serverID
        schedulePing()
    }

    private func schedulePing() {
        pingTimer = eventLoop.assumeIsolated().scheduleTask(in: RedisTracker.pingInterval) {
            // Precedes the ping, which may end the session.
            self.schedulePing()
            self.session?.ping()
        }
    }

    private func ended(_ error: any Error) {
        // The order matters: a reader that still finds the lease valid has registered its read before the flush.
        lease.withdraw()
        session = nil
        pingTimer?.cancel()
        delegate?.flushed()
        report(error)
        guard var delay = machine.ended(now: eventLoop.now, random: .random(in: 0...1)).delay else { return }
        if isLasting(error) { delay = max(delay, refusalPause) }
        reconnectTimer = eventLoop.assumeIsolated().scheduleTask(in: delay) { self.connect() }
    }

    /// Indicates that the server's refusal is likely to last.
    private func isLasting(_ error: any Error) -> Bool {
        let cause = (error as? RedisError)?.underlying ?? error
        return (cause as? RedisServerError).flatMap { RedisCommandRefusal($0) }?.isOfCommandItself ?? false
    }

    /// Logs the end of a session: a refusal as a warning, until the server tracks again. Unavailability is logged by
    /// the client.
    private func report(_ error: any Error) {
        let isRefusal = error is RedisServerError || (error as? RedisError)?.code == .handshakeFailed
        let isWarning = isRefusal && outage.persists(at: eventLoop.now)
        logger.log(
            level: isWarning ? .warning : .debug,
            "Redis does not track reads: the near cache stays empty",
            metadata: ["redis.reason": "\(error)"]
        )
    }
}
