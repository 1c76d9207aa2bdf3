import NIOCore
import RouteModel

/// Believes a store as long as everything that would have purged something has had its way.
struct GuardedStore: CacheStore {
    let store: any CacheStore
    let purger: Purger
    /// Whether what happens to tables in the database comes to be known here.
    let watchesTables: @Sendable () -> Bool

    var longestRead: TimeAmount { store.longestRead }

    private func isTrusted(_ names: [TokenName]) -> Bool {
        if names.contains(where: { $0.kind == .table }) && !watchesTables() { return false }
        return !purger.holds(anyOf: names)
    }

    func read(
        _ key: CacheKey,
        tokens: [TokenName],
        near: Int64,
        on eventLoop: any EventLoop
    ) -> PendingReading {
        isTrusted(tokens) ? store.read(key, tokens: tokens, near: near, on: eventLoop) : .ready(.untrusted)
    }

    func tokens(_ names: [TokenName], on eventLoop: any EventLoop) -> EventLoopFuture<[Token?]> {
        store.tokens(names, on: eventLoop)
    }

    func createTokens(
        _ names: [TokenName],
        knowing known: [Token?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[Token]?> {
        isTrusted(names)
            ? store.createTokens(names, knowing: known, on: eventLoop) : eventLoop.makeSucceededFuture(nil)
    }

    func keep(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        tokens: [TokenName],
        for lifetime: Int64
    ) -> Keeping {
        store.keep(entry, under: key, as: variants, tokens: tokens, for: lifetime)
    }

    func remove(_ key: CacheKey) {
        store.remove(key)
    }

    func purge(_ names: [TokenName]) async -> Bool {
        await store.purge(names)
    }
}
