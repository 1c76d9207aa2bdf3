import NIOCore
import RouteModel

/// A store that reports `.untrusted` for entries whose tags have a purge queued or whose table changes can't be
/// observed.
struct PurgeAwareStore: ForwardingStore {
    let origin: any CacheStore
    let purger: Purger
    /// The tables whose changes can be observed; `nil` if all can.
    let tableTrust: TableTrust?

    private func isTrusted(_ names: [TagVersionKey]) -> Bool {
        (tableTrust?.trusts(names) ?? true) && !purger.holds(anyOf: names)
    }

    func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        isTrusted(tokens)
            ? origin.read(key, orOther: orOther, tokens: tokens, near: near, within: bound, on: eventLoop)
            : .ready(.untrusted)
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
