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

    private let driver: EventLoopConfined<RedisTrackingDriver>
    private let servers: RedisTrackedServers

    /// Makes a tracker of the servers of a client, which connects once it runs. The client's refusals include the
    /// tracker's.
    ///
    /// - Parameters:
    ///   - client: the client, which need not run for one server, and has to for a cluster.
    ///   - eventLoop: the event loop of the tracker's connections.
    ///   - logger: receives a warning if a server refuses to track, at most once a minute.
    public convenience init(of client: RedisClient, eventLoop: any EventLoop, logger: Logger) {
        self.init(of: client, eventLoop: eventLoop, logger: logger, refusalPause: .seconds(30))
    }

    init(of client: RedisClient, eventLoop: any EventLoop, logger: Logger, refusalPause: TimeAmount) {
        let servers = RedisTrackedServers()
        self.servers = servers
        let environment = RedisTrackingDriver.Environment(
            configuration: client.configuration,
            eventLoop: eventLoop,
            refusals: client.refusals,
            refusalPause: refusalPause,
            logger: logger
        )
        driver = EventLoopConfined(
            RedisTrackingDriver(client.target, servers, in: environment),
            eventLoop: eventLoop
        )
    }

    /// Indicates that the reads whose changes were not reported are current, to within about a second.
    ///
    /// It is `false` while the client's own connections lead to another server, of whose purges the tracker would not
    /// learn.
    public var isTracking: Bool {
        switch servers.state {
        case .tracking: return true
        case .untracked: return false
        case .elsewhere(let server, let serverID):
            driver.eventLoop.execute { server.move(to: serverID) }
            return false
        }
    }

    /// Keeps the connections open until graceful shutdown or cancellation. An unavailable server doesn't end the run. A
    /// tracker runs once.
    public func run(_ delegate: Delegate) async throws {
        driver.run { [driver] in $0.start(delegate) { driver.value } }
        try? await gracefulShutdown()
        try await driver.eventLoop.submit { [driver] in driver.value.stop() }.get()
    }

    /// Reads keys, which the servers then track.
    ///
    /// - Parameters:
    ///   - keys: the keys.
    ///   - longElements: the number of values, from the first one on, that may be long.
    ///   - eventLoop: the event loop on which the future completes.
    ///   - deadline: the time at which the caller gives up.
    /// - Returns: the values. The future fails with ``RedisError`` or ``RedisServerError`` if a read is not tracked.
    package func read(
        _ keys: [RedisCommand.Argument],
        longElements: Int,
        on eventLoop: any EventLoop,
        by deadline: NIODeadline = .distantFuture
    ) -> EventLoopFuture<RedisValues> {
        let promise = driver.eventLoop.makePromise(of: RedisValues.self)
        driver.perform { $0.read(keys, longElements: longElements, by: deadline, completing: promise) }
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
