package import NIOCore
package import RouteModel

/// What a store answers when it is asked for an entry.
package enum StoreReading: Sendable {
    /// An entry, fresh or not.
    case found(CacheEntry)
    /// No entry.
    case absent
    /// Bytes that are not an entry under this key.
    case unreadable
    /// The store could not be asked.
    case away
}

/// A reading, at once or later on the event loop that asked.
package enum PendingReading: Sendable {
    /// The reading is there.
    case ready(StoreReading)
    /// The reading comes later. The future does not fail.
    case pending(EventLoopFuture<StoreReading>)
}

/// Where entries are kept. Reading never suspends and never fails: a store that can't be asked is ``StoreReading/away``.
package protocol CacheStore: Sendable {
    /// How long a reading can take at most.
    var longestRead: TimeAmount { get }

    /// Reads the entry under `key`.
    ///
    /// - Parameter eventLoop: where the caller is; a store with a connection of this loop uses it without a thread hop.
    func read(_ key: CacheKey, on eventLoop: any EventLoop) -> PendingReading

    /// Takes an entry to keep it for `lifetime` milliseconds, in the background where keeping takes time.
    ///
    /// - Parameter variants: the forms of the answer under whose keys it is kept; at least one.
    func keep(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        for lifetime: Int64
    ) -> Keeping

    /// Lets all variants of the entry under `key` go, in the background where that takes time.
    func remove(_ key: CacheKey)
}

extension CacheStore {
    /// Takes an entry to keep it under one key.
    package func keep(_ entry: CacheEntry, under key: CacheKey, for lifetime: Int64) -> Keeping {
        keep(entry, under: key, as: [key.variant], for: lifetime)
    }

    /// Reads the entry under `key` within a bound, beyond which the store counts as away.
    func read(_ key: CacheKey, within bound: TimeAmount, on eventLoop: any EventLoop) -> PendingReading {
        let reading = read(key, on: eventLoop)
        // There is no timer where the store's own bound is tighter.
        guard case .pending(let future) = reading, longestRead > bound else { return reading }
        let promise = eventLoop.makePromise(of: StoreReading.self)
        let timer = eventLoop.scheduleTask(in: bound) { promise.succeed(.away) }
        future.whenComplete { result in
            timer.cancel()
            promise.completeWith(result)
        }
        return .pending(promise.futureResult)
    }
}

/// Whether a store takes an entry.
package enum Keeping: Sendable {
    /// The entry is kept.
    case done
    /// The entry was accepted. The future completes when it is kept, or fails when it is not.
    case accepted(EventLoopFuture<Void>)
    /// The entry is not kept: it is too large, the store is away, or too much waits already.
    case refused
}

extension Keeping {
    /// Whether the store does not take the entry.
    var isRefused: Bool { if case .refused = self { true } else { false } }
    /// Completes when an accepted entry is kept; `nil`: there is nothing to wait for.
    var settled: EventLoopFuture<Void>? { if case .accepted(let future) = self { future } else { nil } }
}
