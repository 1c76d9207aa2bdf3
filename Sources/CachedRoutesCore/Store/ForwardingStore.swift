package import NIOCore
package import RouteModel

/// A store that forwards to another one whatever it does not implement itself.
package protocol ForwardingStore: CacheStore {
    /// The store that requests are forwarded to.
    var origin: any CacheStore { get }
}

extension ForwardingStore {
    package var isRefusing: Bool { origin.isRefusing }

    package func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        origin.read(key, orOther: orOther, tokens: tokens, near: near, within: bound, on: eventLoop)
    }

    package func tokens(_ names: [TagVersionKey], on eventLoop: any EventLoop) -> EventLoopFuture<[TagVersion?]> {
        origin.tokens(names, on: eventLoop)
    }

    package func createTokens(
        _ names: [TagVersionKey],
        knowing known: [TagVersion?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[TagVersion]?> {
        origin.createTokens(names, knowing: known, on: eventLoop)
    }

    package func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        tokens: [TagVersionKey],
        for lifetime: Int64,
        _ mode: PutMode
    ) -> PutResult {
        origin.put(entry, under: key, tokens: tokens, for: lifetime, mode)
    }

    package func remove(_ key: CacheKey) { origin.remove(key) }

    package func reject(_ key: CacheKey, _ error: EntryPolicyViolation) { origin.reject(key, error) }

    package func purge(_ names: [TagVersionKey]) async -> Bool { await origin.purge(names) }
}
