import Logging
import NIOCore
import RouteModel
import Synchronization

/// Purges the answers that were made from a table when the database says that the table has changed.
///
/// Every process does it, because none knows of the others: to purge twice is to purge once. Where a table has a least interval,
/// the first who hears of a change marks it in the store; those who hear of changes while the mark is there wait until it has
/// gone, and purge then what is still the same.
final class TableWatch: Sendable {
    private let registry: RouteRegistry
    private let purger: Purger
    private let store: any CacheStore
    private let locks: any FleetLocks
    private let eventLoopGroup: any EventLoopGroup
    private let pause: @Sendable (_ milliseconds: Int64) async -> Void
    private let waiting = Mutex<Set<TokenName>>([])

    /// - Parameters:
    ///   - store: where the tokens are, believed or not.
    ///   - pause: waits.
    init(
        registry: RouteRegistry,
        purger: Purger,
        store: any CacheStore,
        locks: any FleetLocks,
        eventLoopGroup: any EventLoopGroup,
        pause: @escaping @Sendable (Int64) async -> Void = { try? await Task.sleep(for: .milliseconds($0)) }
    ) {
        self.pause = pause
        self.registry = registry
        self.purger = purger
        self.store = store
        self.locks = locks
        self.eventLoopGroup = eventLoopGroup
    }

    /// A table has changed. Returns when nothing older is given any more, or what remains waits for its time.
    func changed(_ table: String) async {
        let tokens = registry.tokens(ofTable: table)
        let prompt = tokens.filter { $0.minimumInterval == 0 }.map(\.name)
        if !prompt.isEmpty { _ = await purger.purge(prompt) }
        for token in tokens where token.minimumInterval > 0 { await purge(token) }
    }

    /// Changes may have been missed.
    func missed() async {
        let tables = registry.tables
        if !tables.isEmpty { _ = await purger.purge(tables) }
    }

    // MARK: - At intervals

    private func purge(_ token: RouteRegistry.TableToken) async {
        // Who waits comes after this change, too.
        guard !waiting.withLock({ $0.contains(token.name) }) else { return }
        guard await mark(token) == .held else {
            _ = await purger.purge([token.name])
            return
        }
        guard waiting.withLock({ $0.insert(token.name).inserted }) else { return }
        let seen = await value(of: token)
        Task { [self] in
            let life = await locks.remainingLife(of: token.markerName, on: eventLoopGroup.any()) ?? 0
            await pause(max(1, life))
            waiting.withLock { _ = $0.remove(token.name) }
            // Whoever has marked it again has purged it after this change, unless he is gone before he could.
            if await mark(token) == .held, await value(of: token) != seen { return }
            _ = await purger.purge([token.name])
        }
    }

    private func mark(_ token: RouteRegistry.TableToken) async -> LockResult {
        await locks.acquire(
            token.markerName,
            owner: "changed",
            life: token.minimumInterval,
            on: eventLoopGroup.any()
        )
    }

    /// The token's value; one that nobody has where the store can't say.
    private func value(of token: RouteRegistry.TableToken) async -> Token? {
        (try? await store.tokens([token.name], on: eventLoopGroup.any()).get().first) ?? nil
    }
}
