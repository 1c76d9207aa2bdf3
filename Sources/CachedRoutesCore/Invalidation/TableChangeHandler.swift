import Logging
import NIOCore
import RouteModel
import Synchronization

/// Purges the answers that were made from a table when the database says that the table has changed, or what SQL asks to have
/// purged; and keeps to what the catalog says of the tables.
///
/// Every process does it, because none knows of the others: to purge twice is to purge once. Where a table has a least interval,
/// the first who hears of a change marks it in the store; those who hear of changes while the mark is there wait until it has
/// gone, and purge then what is still the same.
package final class TableChangeHandler: Sendable {
    private let registry: RouteRegistry
    private let purger: Purger
    private let store: any CacheStore
    private let locks: any DistributedLocks
    private let eventLoopGroup: any EventLoopGroup
    private let pause: @Sendable (_ milliseconds: Int64) async -> Void
    private let trust: TableTrust
    private let source: any TableChangeSource
    private let logger: Logger
    private let waiting = Mutex<[TagVersionKey: Changes]>([:])
    private let reported = Mutex<Set<String>>([])

    /// So many payloads that can't be understood are told of.
    private static let reportLimit = 100

    /// How often a table has changed since somebody waits to purge what was made from it.
    private enum Changes {
        case once
        case again
    }

    /// - Parameters:
    ///   - store: where the tokens are, believed or not.
    ///   - trust: what is told which tables to believe.
    ///   - source: announces the changes.
    ///   - pause: waits.
    init(
        registry: RouteRegistry,
        purger: Purger,
        store: any CacheStore,
        locks: any DistributedLocks,
        eventLoopGroup: any EventLoopGroup,
        trust: TableTrust,
        source: any TableChangeSource,
        logger: Logger,
        pause: @escaping @Sendable (Int64) async -> Void = { try? await Task.sleep(for: .milliseconds($0)) }
    ) {
        self.pause = pause
        self.registry = registry
        self.purger = purger
        self.store = store
        self.locks = locks
        self.eventLoopGroup = eventLoopGroup
        self.trust = trust
        self.source = source
        self.logger = logger
    }

    /// The channel was notified.
    package func notified(_ payload: String) async {
        guard !PurgeNotice.isOne(payload) else {
            do throws(PurgeNotice.Fault) {
                let (names, faults) = try PurgeNotice(payload).names(
                    in: registry.namespaces,
                    registry.tags,
                    routes: registry.routesByName
                )
                for fault in faults { report(payload, "\(fault)") }
                if !names.isEmpty { _ = await purger.purge(names) }
            } catch {
                report(payload, "\(error)")
            }
            return
        }
        await changed(payload)
        // Most likely its triggers have just been made.
        if trust.isUntrusted(payload) { source.inspectSoon() }
        if registry.tokens(ofTable: payload).isEmpty, !source.isTableName(payload) {
            report(payload, "it is not a table's name, and not JSON such as {\"tags\": [\"users\"]}")
        }
    }

    private func report(_ payload: String, _ reason: String) {
        let isNew = reported.withLock { $0.count < Self.reportLimit && $0.insert(reason).inserted }
        guard isNew else { return }
        logger.warning("A notification names something that is not there", metadata: ["reason": "\(reason)"])
        // Tags hold values.
        logger.debug("The notification", metadata: ["payload": "\(payload.prefix(200))", "reason": "\(reason)"])
    }

    /// The catalog says what the tables are.
    package func inspected(_ reports: [InspectedTable]) async {
        let findings = trust.take(reports)
        for message in findings.messages { say(message) }
        if !findings.purged.isEmpty { _ = await purger.purge(findings.purged) }
        trust.trust(findings)
    }

    private func say(_ message: TableStates.Message) {
        switch message {
        case .untrusted(let table, let fault):
            var metadata: Logger.Metadata = ["table": "\(table)"]
            if let remedy = fault.remedy { metadata["run"] = "\(remedy)" }
            logger.warning("Answers made from the table '\(table)' are not kept: \(fault)", metadata: metadata)
        case .trusted(let table):
            logger.notice("Answers made from the table '\(table)' are kept again", metadata: ["table": "\(table)"])
        }
    }

    /// A table has changed. Returns when nothing older is given any more, or what remains waits for its time.
    func changed(_ table: String) async {
        let tokens = registry.tokens(ofTable: table)
        let prompt = tokens.filter { $0.minimumInterval == 0 }.map(\.name)
        if !prompt.isEmpty { _ = await purger.purge(prompt) }
        for token in tokens where token.minimumInterval > 0 { await purge(token) }
    }

    /// Changes of tables, and purges that SQL asks for, may have been missed.
    ///
    /// Before the process listened nothing was promised but for tables. Later each purge that is missed might be about any answer,
    /// so all of this service's routes are purged.
    package func missed(_ gap: AnnouncementGap) async {
        let reason: String? =
            switch gap {
            case .beforeFirstSession: nil
            case .betweenSessions: "the connection that listens was lost"
            case .tooMany: "too many notifications waited to be handled"
            }
        let names = registry.tables + (reason == nil ? [] : registry.routes)
        guard !names.isEmpty else { return }
        if let reason {
            logger.warning(
                "Purges by SQL may have been missed: all answers of this service's routes are purged",
                metadata: ["reason": "\(reason)"]
            )
        }
        _ = await purger.purge(names)
    }

    // MARK: - At intervals

    private func purge(_ token: RouteRegistry.TableToken) async {
        let isWaiting = waiting.withLock { waiting in
            let isWaiting = waiting[token.name] != nil
            if isWaiting { waiting[token.name] = .again }
            return isWaiting
        }
        guard !isWaiting else { return }
        guard await mark(token) == .held else {
            _ = await purger.purge([token.name])
            return
        }
        let isFirst = waiting.withLock { waiting in
            let isFirst = waiting[token.name] == nil
            waiting[token.name] = isFirst ? .once : .again
            return isFirst
        }
        guard isFirst else { return }
        let seen = await value(of: token)
        Task { await self.purgeLater(token, seen) }
    }

    private func purgeLater(_ token: RouteRegistry.TableToken, _ seen: TagVersion?) async {
        let life = await locks.remainingLife(of: token.markerName, on: eventLoopGroup.any()) ?? 0
        await pause(max(1, life))
        let changes = waiting.withLock { $0.removeValue(forKey: token.name) }
        if await mark(token) == .held, await value(of: token) != seen {
            // Whoever has marked it again has purged it after the first change; perhaps not after the ones since.
            if changes == .again { await purge(token) }
            return
        }
        _ = await purger.purge([token.name])
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
    private func value(of token: RouteRegistry.TableToken) async -> TagVersion? {
        (try? await store.tokens([token.name], on: eventLoopGroup.any()).get().first) ?? nil
    }
}
