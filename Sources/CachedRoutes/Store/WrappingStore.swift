package import NIOCore
package import RouteModel

/// A store that does what another one does, apart from what it does itself.
package protocol WrappingStore: CacheStore {
    /// The other one.
    var origin: any CacheStore { get }
}

extension WrappingStore {
    package var isRefusing: Bool { origin.isRefusing }

    package func read(
        _ key: CacheKey,
        tokens: [TokenName],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> PendingReading {
        origin.read(key, tokens: tokens, near: near, within: bound, on: eventLoop)
    }

    package func tokens(_ names: [TokenName], on eventLoop: any EventLoop) -> EventLoopFuture<[Token?]> {
        origin.tokens(names, on: eventLoop)
    }

    package func createTokens(
        _ names: [TokenName],
        knowing known: [Token?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[Token]?> {
        origin.createTokens(names, knowing: known, on: eventLoop)
    }

    package func keep(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        tokens: [TokenName],
        for lifetime: Int64
    ) -> Keeping {
        origin.keep(entry, under: key, as: variants, tokens: tokens, for: lifetime)
    }

    package func remove(_ key: CacheKey) { origin.remove(key) }

    package func reject(_ key: CacheKey, _ fault: EntryFault) { origin.reject(key, fault) }

    package func purge(_ names: [TokenName]) async -> Bool { await origin.purge(names) }
}
