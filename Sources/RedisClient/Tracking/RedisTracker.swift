public import Logging
public import NIOCore
import ServiceLifecycle
import Synchronization

/// Reads keys that Redis remembers, and says when they change: client tracking over RESP2, by a second connection.
///
/// A cache of what was read is current under these rules:
///
/// - ``read(_:on:)`` succeeds only for what the server remembers.
/// - What changes is told to ``Delegate/invalidated``, be it before the reply to a read that was under way: who reads has to note
///   that he does, before.
/// - ``Delegate/flushed`` comes when the server may have forgotten what was read, before any read fails for that reason and
///   before anything new is remembered.
/// - While ``isTracking`` is false nothing may be taken from the cache.
public final class RedisTracker: Sendable {
    /// Who is told of changes. Called on the tracker's event loop; has to return at once.
    public struct Delegate: Sendable {
        /// These keys have changed, were removed, or have expired.
        public let invalidated: @Sendable (_ keys: [[UInt8]]) -> Void
        /// Anything that was read so far may have changed.
        public let flushed: @Sendable () -> Void

        /// A delegate from its parts.
        public init(invalidated: @escaping @Sendable ([[UInt8]]) -> Void, flushed: @escaping @Sendable () -> Void) {
            self.invalidated = invalidated
            self.flushed = flushed
        }
    }

    /// For how long after its question an answer of the server counts.
    static let patience = TimeAmount.seconds(1)
    /// How often the server is asked.
    static let pingInterval = TimeAmount.milliseconds(250)

    private let eventLoop: any EventLoop
    private let driver: NIOLoopBoundBox<RedisTrackingDriver>
    private let trust: RedisTrackingTrust

    /// A tracker. It connects once it runs.
    ///
    /// - Parameters:
    ///   - configuration: the server and the bounds to keep.
    ///   - eventLoop: where both connections live.
    ///   - logger: gets one warning when the server refuses to track, at most once a minute.
    /// - Throws: ``RedisConfigurationError`` if the configuration cannot be used.
    public convenience init(
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        logger: Logger
    ) throws(RedisConfigurationError) {
        try self.init(configuration: configuration, eventLoop: eventLoop, logger: logger, refusals: nil) { .now() }
    }

    /// A tracker beside a client of the same server, which is told of the reads that the server refuses here.
    ///
    /// - Throws: ``RedisConfigurationError`` if the configuration cannot be used.
    package convenience init(
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        beside client: RedisClient,
        logger: Logger
    ) throws(RedisConfigurationError) {
        try self.init(configuration: configuration, eventLoop: eventLoop, logger: logger, refusals: client.refusals) {
            .now()
        }
    }

    init(
        configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        logger: Logger,
        refusals: RedisRefusals? = nil,
        now: @escaping @Sendable () -> NIODeadline
    ) throws(RedisConfigurationError) {
        try configuration.validate()
        self.eventLoop = eventLoop
        trust = RedisTrackingTrust(now: now)
        driver = .makeBoxSendingValue(
            RedisTrackingDriver(
                configuration: configuration,
                eventLoop: eventLoop,
                trust: trust,
                refusals: refusals,
                logger: logger
            ),
            eventLoop: eventLoop
        )
    }

    /// Whether what was read, and not told to have changed since, is what the server has: no older than about a second.
    public var isTracking: Bool { trust.isGiven }

    /// The server that is read from, see ``RedisReply/serverID``; `nil` until it was known for the first time.
    public var serverID: String? { trust.serverID }

    /// Connects anew if it is connected to another server than this one.
    public func move(to serverID: String) {
        eventLoop.execute { [driver] in driver.value.move(to: serverID) }
    }

    /// Keeps the connections until graceful shutdown or cancellation. Never ends because the server is away. A tracker runs once.
    public func run(_ delegate: Delegate) async throws {
        eventLoop.execute { [driver] in driver.value.start(delegate) }
        try? await gracefulShutdown()
        try await eventLoop.submit { [driver] in driver.value.stop() }.get()
    }

    /// Reads keys, and has the server remember that.
    ///
    /// - Parameters:
    ///   - eventLoop: where the future completes.
    ///   - deadline: when the caller gives up, if the tracker does not before.
    /// - Returns: the reply; fails with ``RedisError`` or ``RedisServerError`` where the server does not remember.
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

/// Until when what was read counts as current. Any thread may ask.
final class RedisTrackingTrust: Sendable {
    private let end = Atomic<UInt64>(0)
    private let server = Mutex<String?>(nil)
    private let now: @Sendable () -> NIODeadline

    init(now: @escaping @Sendable () -> NIODeadline) {
        self.now = now
    }

    /// The server that is trusted.
    var serverID: String? {
        get { server.withLock { $0 } }
        set { server.withLock { $0 = newValue } }
    }

    var isGiven: Bool { now().uptimeNanoseconds < end.load(ordering: .acquiring) }

    /// The server has answered what it was asked at `time`.
    func extend(from time: NIODeadline) {
        end.store((time + RedisTracker.patience).uptimeNanoseconds, ordering: .releasing)
    }

    func withdraw() {
        end.store(0, ordering: .releasing)
    }
}
