import NIOCore
import RouteModel

/// Believes a store as long as everything that would have purged something has had its way.
struct PurgeAwareStore: ForwardingStore {
    let origin: any CacheStore
    let purger: Purger
    /// Which tables' changes come to be known here; `nil`: those of all.
    let tableTrust: TableTrust?

    private func isTrusted(_ names: [TagVersionKey]) -> Bool {
        (tableTrust?.trusts(names) ?? true) && !purger.holds(anyOf: names)
    }

    func read(
        _ key: CacheKey,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> PendingStoreResult {
        isTrusted(tokens)
            ? origin.read(key, tokens: tokens, near: near, within: bound, on: eventLoop) : .ready(.untrusted)
    }

    func createTokens(
        _ names: [TagVersionKey],
        knowing known: [TagVersion?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[TagVersion]?> {
        isTrusted(names)
            ? origin.createTokens(names, knowing: known, on: eventLoop) : eventLoop.makeSucceededFuture(nil)
    }
}
