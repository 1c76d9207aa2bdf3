import ClientSupport
import Logging
import NIOCore
import RouteModel
import Synchronization

/// Purges the responses made from a table when the database announces a change of it, and the tags and routes that SQL
/// asks to purge; and passes inspections of the catalog to ``TableTrust``.
///
/// Every process does this, because none knows of the others; a second purge does no harm. For a table with a minimum
/// interval, the first process to hear of a change sets a marker in the store. Processes that hear of changes while the
/// marker exists wait until it expires, and then purge unless the table's tag version has changed.
package final class TableChangeHandler: Sendable {
    private let registry: TagVersionKeyRegistry
    private let purger: Purger
    private let store: any CacheStore
    private let locks: any DistributedLocks
    private let eventLoopGroup: any EventLoopGroup
    private let pause: @Sendable (TimeAmount, any EventLoop) async -> Void
    private let trust: TableTrust
    private let source: any TableChangeSource
    private let logger: Logger
    private let waiting = Mutex<[TagVersionKey: Changes]>([:])
    private let reported = Mutex<Set<String>>([])

    /// The number of different reasons for which payloads are reported.
    private static let reportLimit = 100

    /// The number of changes of a table since a delayed purge of it was planned.
    private enum Changes {
        case once
        case again
    }

    /// - Parameters:
    ///   - registry: the routes.
    ///   - purger: purges the responses.
    ///   - store: the store of the tag versions, trusted or not.
    ///   - locks: holds the markers of tables with a minimum interval.
    ///   - eventLoopGroup: the event loops on which the store is asked.
    ///   - trust: takes the inspections.
    ///   - source: announces the changes.
    ///   - logger: takes the faults of payloads and tables.
    ///   - pause: waits for a time of an event loop's clock.
    init(
        registry: TagVersionKeyRegistry,
        purger: Purger,
        store: any CacheStore,
        locks: any DistributedLocks,
        eventLoopGroup: any EventLoopGroup,
        trust: TableTrust,
        source: any TableChangeSource,
        logger: Logger,
        pause: @escaping @Sendable (TimeAmount, any EventLoop) async -> Void = { try? await $1.sleep(for: $0) }
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

    /// Handles a notification on the channel.
    package func notified(_ payload: String) async {
        guard !PurgeRequest.isOne(payload) else {
            do throws(PurgeRequest.SyntaxError) {
                let (names, faults) = try PurgeRequest(payload).names(
                    in: registry.namespaces,
                    tags: registry.tags,
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
        // Most likely its triggers have just been created.
        if trust.isUntrusted(payload) { source.inspectSoon() }
        if registry.tokens(ofTable: payload).isEmpty, !source.isTableName(payload) {
            report(payload, "it is not a table's name, and not JSON such as {\"tags\": [\"users\"]}")
        }
    }

    private func report(_ payload: String, _ reason: String) {
        let isNew = reported.withLock { $0.count < Self.reportLimit && $0.insert(reason).inserted }
        guard isNew else { return }
        logger.warning("A notification can't be used", metadata: ["reason": "\(reason)"])
        // Tags contain users' values.
        logger.debug("The notification", metadata: ["payload": "\(payload.prefix(200))", "reason": "\(reason)"])
    }

    /// Handles an inspection of the catalog.
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
            logger.warning("Responses made from the table '\(table)' are not stored: \(fault)", metadata: metadata)
        case .trusted(let table):
            logger.notice("Responses made from the table '\(table)' are stored again", metadata: ["table": "\(table)"])
        }
    }

    /// Handles a change of a table. Returns when older responses are purged, or their purge is planned after a minimum
    /// interval.
    func changed(_ table: String) async {
        let tokens = registry.tokens(ofTable: table)
        let prompt = tokens.filter { $0.minimumInterval == 0 }.map(\.name)
        if !prompt.isEmpty { _ = await purger.purge(prompt) }
        for token in tokens where token.minimumInterval > 0 { await purge(token) }
    }

    /// Handles a gap in which changes of tables, or purges by SQL, may have been missed.
    ///
    /// Before the process listened, only tables are promised to be up to date. Later a missed purge may concern any
    /// response, so all of this service's routes are purged.
    package func missed(_ gap: TableChangeGap) async {
        let reason: String? =
            switch gap {
            case .beforeFirstSession: nil
            case .betweenSessions: "the LISTEN connection was lost"
            case .tooMany: "too many notifications were waiting"
            }
        let names = registry.tables + (reason == nil ? [] : registry.routes)
        guard !names.isEmpty else { return }
        if let reason {
            logger.warning(
                "Purges by SQL may have been missed: all responses of this service's routes are purged",
                metadata: ["reason": "\(reason)"]
            )
        }
        _ = await purger.purge(names)
    }

    // MARK: - Minimum intervals

    private func purge(_ token: TagVersionKeyRegistry.TableTagVersion) async {
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

    private func purgeLater(_ token: TagVersionKeyRegistry.TableTagVersion, _ seen: TagVersion?) async {
        let eventLoop = eventLoopGroup.any()
        let life = await locks.remainingLife(of: token.markerName, on: eventLoop) ?? 0
        await pause(.milliseconds(max(1, life)), eventLoop)
        let changes = waiting.withLock { $0.removeValue(forKey: token.name) }
        if await mark(token) == .held, await value(of: token) != seen {
            // The process that has set the marker again has purged after the first change, but perhaps not after later
            // ones.
            if changes == .again { await purge(token) }
            return
        }
        _ = await purger.purge([token.name])
    }

    private func mark(_ token: TagVersionKeyRegistry.TableTagVersion) async -> LockResult {
        await locks.acquire(
            token.markerName,
            owner: "changed",
            life: token.minimumInterval,
            on: eventLoopGroup.any()
        )
    }

    /// Returns the value of a tag version; `nil` if there is none or the store can't be asked.
    private func value(of token: TagVersionKeyRegistry.TableTagVersion) async -> TagVersion? {
        (try? await store.tokens([token.name], on: eventLoopGroup.any()).get().first) ?? nil
    }
}
