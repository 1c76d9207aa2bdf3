public import Logging
public import NIOCore
import ServiceLifecycle
import Synchronization

/// Reads keys whose changes Redis then reports: client-side caching over RESP2 with a second connection.
///
/// A cache of the reads is valid under these rules:
///
/// - ``read(_:on:by:)`` succeeds only for keys that the server tracks.
/// - Changes are reported to ``Delegate/invalidated``, perhaps before the reply to a read in flight, so the caller has
///   to register the read before it sends it.
/// - ``Delegate/flushed`` is called when the server may have forgotten the tracked keys, before any read fails for that
///   reason and before new keys are tracked.
/// - While ``isTracking`` is false, the cache must not be used.
public final class RedisTracker: Sendable {
    /// Receives changes on the tracker's event loop. The closures must not block.
    public struct Delegate: Sendable {
        /// These keys have changed, were removed, or have expired.
        public let invalidated: @Sendable (_ keys: [[UInt8]]) -> Void
        /// Any key that was read may have changed.
        public let flushed: @Sendable () -> Void

        /// Makes a delegate from its closures.
        public init(invalidated: @escaping @Sendable ([[UInt8]]) -> Void, flushed: @escaping @Sendable () -> Void) {
            self.invalidated = invalidated
            self.flushed = flushed
        }
    }

    /// The time for which a reply to a ping counts, from the ping on.
    static let patience = TimeAmount.seconds(1)
    /// The interval between pings.
    static let pingInterval = TimeAmount.milliseconds(250)

    private let eventLoop: any EventLoop
    private let driver: NIOLoopBoundBox<RedisTrackingSupervisor>
    private let trust: RedisTrackingLease

    /// Makes a tracker, which connects once it runs.
    ///
    /// - Parameters:
    ///   - configuration: the server and the limits.
    ///   - eventLoop: the event loop of both connections.
    ///   - logger: receives a warning if the server refuses to track, at most once a minute.
    /// - Throws: ``RedisConfigurationError`` if the configuration is invalid.
    public convenience init(
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        logger: Logger
    ) throws(RedisConfigurationError) {
        try self.init(configuration: configuration, eventLoop: eventLoop, logger: logger, refusals: nil)
    }

    /// Makes a tracker beside a client of the same server, whose ``RedisClient/refusals`` include the tracker's.
    ///
    /// - Parameters:
    ///   - configuration: the server and the limits.
    ///   - eventLoop: the event loop of both connections.
    ///   - client: receives the refusals of the tracker's reads.
    ///   - logger: receives a warning if the server refuses to track, at most once a minute.
    /// - Throws: ``RedisConfigurationError`` if the configuration is invalid.
    package convenience init(
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        beside client: RedisClient,
        logger: Logger
    ) throws(RedisConfigurationError) {
        try self.init(configuration: configuration, eventLoop: eventLoop, logger: logger, refusals: client.refusals)
    }

    init(
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        logger: Logger,
        refusals: RedisCommandRefusals?,
        refusalPause: TimeAmount = .seconds(30)
    ) throws(RedisConfigurationError) {
        try configuration.validate()
        self.eventLoop = eventLoop
        trust = RedisTrackingLease(now: { eventLoop.now })
        driver = .makeBoxSendingValue(
            RedisTrackingSupervisor(
                configuration: configuration,
                eventLoop: eventLoop,
                trust: trust,
                refusals: refusals,
                refusalPause: refusalPause,
                logger: logger
            ),
            eventLoop: eventLoop
        )
    }

    /// Indicates that the reads whose changes were not reported are current, to within about a second.
    public var isTracking: Bool { trust.isGiven }

    /// The identity of the server, see ``RedisReply/serverID``; `nil` until it is known for the first time.
    public var serverID: String? { trust.serverID }

    /// Reconnects if the connections lead to another server than this one.
    public func move(to serverID: String) {
        eventLoop.execute { [driver] in driver.value.move(to: serverID) }
    }

    /// Keeps the connections open until graceful shutdown or cancellation. An unavailable server doesn't end the run. A
    /// tracker runs once.
    public func run(_ delegate: Delegate) async throws {
        eventLoop.execute { [driver] in driver.value.start(delegate) }
        try? await gracefulShutdown()
        try await eventLoop.submit { [driver] in driver.value.stop() }.get()
    }

    /// Reads keys, which the server then tracks.
    ///
    /// - Parameters:
    ///   - command: a reading command.
    ///   - eventLoop: the event loop on which the future completes.
    ///   - deadline: the time at which the caller gives up.
    /// - Returns: the reply. The future fails with ``RedisError`` or ``RedisServerError`` if the server does not track
    ///   the read.
    public func read(
        _ command: RedisCommand,
        on eventLoop: any EventLoop,
        by deadline: NIODeadline = .distantFuture
    ) -> EventLoopFuture<RedisReply> {
        let promise = self.eventLoop.makePromise(of: RedisReply.self)
        if self.eventLoop.inEventLoop {
            driver.value.read(command, by: deadline, completing: promise)
        } else {
            self.eventLoop.execute { [driver] in driver.value.read(command, by: deadline, completing: promise) }
        }
        return promise.futureResult.hop(to: eventLoop)
    }
}

/// The time until which the reads are current. It may be read by any thread.
final class RedisTrackingLease: Sendable {
    private let end = Atomic<UInt64>(0)
    private let server = Mutex<String?>(nil)
    private let now: @Sendable () -> NIODeadline

    init(now: @escaping @Sendable () -> NIODeadline) {
        self.now = now
    }

    /// The identity of the trusted server.
    var serverID: String? {
        get { server.withLock { $0 } }
        set { server.withLock { $0 = newValue } }
    }

    var isGiven: Bool { now().uptimeNanoseconds < end.load(ordering: .acquiring) }

    /// Records that the server has replied to pings that were sent at `time`.
    func extend(from time: NIODeadline) {
        end.store((time + RedisTracker.patience).uptimeNanoseconds, ordering: .releasing)
    }

    func withdraw() {
        end.store(0, ordering: .releasing)
    }
}
