import ClientSupport
import Logging
import Metrics
import NIOCore
import RouteModel
import ServiceLifecycle
import Synchronization

/// Purges tag versions, and retries while the store is unavailable.
///
/// Purges that have not reached the store are queued, one for each tag version. Until they are sent this process reuses
/// no entry that carries one of these tag versions.
final class Purger: Service {
    private let store: any CacheStore
    private let registry: TagVersionKeyRegistry
    private let drain: DrainDeadline
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let queue = Mutex(PurgeQueue())
    private let count = Atomic(0)
    private let isStopped = Atomic(false)
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let done = Counter(label: "cached_routes_purges_total", dimensions: [("outcome", "done")])
    private let queued = Counter(label: "cached_routes_purges_total", dimensions: [("outcome", "queued")])
    private let waiting = Gauge(label: "cached_routes_purges_waiting")

    private static let retryPause = TimeAmount.milliseconds(50)

    /// - Parameters:
    ///   - store: the store of the tag versions.
    ///   - registry: the routes.
    ///   - drain: the deadline for queued purges at shutdown.
    ///   - eventLoop: measures the time between attempts.
    ///   - logger: takes the warnings.
    init(
        store: any CacheStore,
        registry: TagVersionKeyRegistry,
        drain: DrainDeadline,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        self.store = store
        self.registry = registry
        self.drain = drain
        self.eventLoop = eventLoop
        self.logger = logger
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The number of queued tag versions.
    var waitingCount: Int { count.load(ordering: .acquiring) }

    /// Indicates that a purge of one of these tag versions is queued.
    func holds(anyOf names: @autoclosure () -> [TagVersionKey]) -> Bool {
        guard waitingCount > 0 else { return false }
        let names = names()
        return queue.withLock { $0.holds(anyOf: names) }
    }

    /// Purges tag versions now, or queues the purge if the store can't be reached.
    func purge(_ names: [TagVersionKey]) async -> PurgeOutcome {
        if await store.purge(names) {
            done.increment()
            return .done
        }
        let (hasRoom, isFirst) = queue.withLock { queue in
            let isFirst = queue.count == 0
            let hasRoom = queue.add(names, insteadOfMany: registry.routes)
            publish(queue)
            return (hasRoom, isFirst)
        }
        queued.increment()
        if isStopped.load(ordering: .acquiring) {
            logger.error(
                "Purge not delivered before shutdown; other processes may serve stale responses until they expire"
            )
        } else if isFirst {
            logger.warning(
                "A purge did not reach Redis and is retried; other processes may serve stale responses meanwhile"
            )
        }
        if !hasRoom {
            logger.error(
                """
                Too many purges are queued: all responses of this service's routes are purged instead. Other services may serve \
                stale responses with the same tags until they expire.
                """
            )
        }
        wakeUp.yield()
        return .queued
    }

    private func publish(_ queue: borrowing PurgeQueue) {
        count.store(queue.count, ordering: .releasing)
        waiting.record(queue.count)
    }

    /// Sends queued purges until the service shuts down, then once more until the drain deadline.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            for await _ in wakeUps where await flush(until: .distantFuture) {
                logger.notice("All purges have reached Redis")
            }
        }
        isStopped.store(true, ordering: .releasing)
        let isDone = await Task { await self.flush(until: self.drain.begin(at: self.eventLoop.now)) }.value
        if !isDone {
            logger.error(
                "Queued purges not delivered before shutdown; other processes may serve stale responses until they expire",
                metadata: ["tokens": "\(waitingCount)"]
            )
        }
    }

    /// Sends queued purges.
    ///
    /// - Returns: `true` if the queue is empty.
    private func flush(until deadline: NIODeadline) async -> Bool {
        while true {
            let batch = queue.withLock { $0.batch() }
            if batch.names.isEmpty { return true }
            if await store.purge(batch.names) {
                queue.withLock { queue in
                    queue.done(batch)
                    publish(queue)
                }
                continue
            }
            guard eventLoop.now < deadline, (try? await eventLoop.sleep(for: Self.retryPause)) != nil else {
                return false
            }
        }
    }
}

/// The outcome of a purge.
public enum PurgeOutcome: Sendable, Hashable {
    /// The purge is in the store: no process reuses a response from before it. Near caches of other processes learn of
    /// it a moment later.
    case done
    /// The store could not be reached yet. This process reuses no response from before the purge; others may until the
    /// purge is delivered, or the response expires.
    case queued
}
