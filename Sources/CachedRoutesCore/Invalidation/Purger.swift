import Logging
import Metrics
import NIOCore
import RouteModel
import ServiceLifecycle
import Synchronization

/// Purges tokens, and keeps at it while the store is away.
///
/// What has not reached the store is remembered, the last purge of each token. Until it is sent this process believes nothing of
/// what the store has under these tokens.
final class Purger: Service {
    private let store: any CacheStore
    private let registry: RouteRegistry
    private let drain: SharedDeadline
    private let logger: Logger
    private let queue = Mutex(PurgeQueue())
    private let count = Atomic(0)
    private let isStopped = Atomic(false)
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let done = Counter(label: "cached_routes_purges_total", dimensions: [("outcome", "done")])
    private let queued = Counter(label: "cached_routes_purges_total", dimensions: [("outcome", "queued")])
    private let waiting = Gauge(label: "cached_routes_purges_waiting")

    private static let retryPause = Duration.milliseconds(50)

    /// - Parameter drain: ends the time for which what waits is still tried at shutdown.
    init(store: any CacheStore, registry: RouteRegistry, drain: SharedDeadline, logger: Logger) {
        self.store = store
        self.registry = registry
        self.drain = drain
        self.logger = logger
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many tokens wait to be purged.
    var waitingCount: Int { count.load(ordering: .acquiring) }

    /// Whether one of these tokens waits to be purged.
    func holds(anyOf names: @autoclosure () -> [TagVersionKey]) -> Bool {
        guard waitingCount > 0 else { return false }
        let names = names()
        return queue.withLock { $0.holds(anyOf: names) }
    }

    /// Purges the tokens now, or as soon as the store can be told.
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
                "A purge did not reach Redis after the shutdown: answers may be out of date for as long as they live"
            )
        } else if isFirst {
            logger.warning(
                "A purge did not reach Redis and is tried until it does; other processes may give older answers meanwhile"
            )
        }
        if !hasRoom {
            logger.error(
                """
                Too many purges wait: all answers of this service's routes are purged instead. Those that other services have \
                under the same tags may be out of date for as long as they live.
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

    /// Sends what waits whenever something does, until the service is shut down; then for a last time.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            for await _ in wakeUps where await flush(until: .distantFuture) {
                logger.notice("All purges have reached Redis")
            }
        }
        isStopped.store(true, ordering: .releasing)
        let isDone = await Task { await self.flush(until: self.drain.begin()) }.value
        if !isDone {
            logger.error(
                "Purges did not reach Redis before the shutdown's deadline: answers may be out of date for as long as they live",
                metadata: ["tokens": "\(waitingCount)"]
            )
        }
    }

    /// - Returns: whether nothing waits any more.
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
            guard .now() < deadline, (try? await Task.sleep(for: Self.retryPause)) != nil else { return false }
        }
    }
}

/// What became of a purge.
public enum PurgeOutcome: Sendable, Hashable {
    /// The store has it: nothing that was made before is given by anybody, but for near caches of other processes, which hear of it
    /// a moment later.
    case done
    /// The store could not be told yet. This process gives nothing that was made before; another one may, until the store is
    /// told, for as long as the answer lives at most.
    case queued
}
