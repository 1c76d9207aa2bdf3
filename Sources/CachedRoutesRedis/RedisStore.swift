import CachedRoutesCore
import Logging
import NIOCore
import RedisClient
import RouteModel
import Synchronization

/// The store in Redis: one string an entry and one a token, read on the event loop that asks, written in the background.
package final class RedisStore: TrackedStore {
    /// Whether tokens hold beyond a restart of the server, or a failover to another one.
    package enum TokenBinding: Sendable {
        /// They do not: what the server has after it may be from before a purge.
        case server
        /// They do; a purge that the server forgets is forgotten.
        case none
    }

    private let client: RedisClient
    private let tracker: RedisTracker?
    private let writer: BackgroundWriter
    private let clock: WallClock
    private let tagVersionLifetime: TagVersionLifetime
    private let binding: TokenBinding
    /// The time for a command, and for trying a purge.
    private let commandTimeout: TimeAmount
    /// Counts what is none of the service's, for the locks as well.
    let foreign: ForeignValues
    private let renewals: TagVersionRenewals
    /// The writes before which Redis is asked for the type of what they replace. Only some are: each would be another command.
    private let examinations = Sampler(interval: .milliseconds(10))
    /// Knows which entries are too long to be read in time.
    private let longEntries: LongEntries
    let lateWrites: DeferredWriteScheduler
    private let logger: Logger
    private let hasWarned = Atomic(false)
    private let canBind = Atomic(true)

    /// - Parameters:
    ///   - commandTimeout: the time that the client gives a command, and for which a purge is tried.
    ///   - lateness: how much later than its answer a long entry is written: what an answer of some megabytes takes to be on its
    ///     way.
    ///   - tracker: reads what a near cache keeps.
    init(
        client: RedisClient,
        writer: BackgroundWriter,
        clock: WallClock,
        tagVersionLifetime: TagVersionLifetime,
        binding: TokenBinding,
        commandTimeout: TimeAmount,
        lateness: TimeAmount = .milliseconds(6),
        tracker: RedisTracker? = nil,
        logger: Logger
    ) {
        self.tracker = tracker
        self.client = client
        self.writer = writer
        self.clock = clock
        self.tagVersionLifetime = tagVersionLifetime
        self.binding = binding
        lateWrites = DeferredWriteScheduler(lateness: lateness)
        self.logger = logger
        self.commandTimeout = commandTimeout
        foreign = ForeignValues(logger: logger)
        longEntries = LongEntries(logger: logger)
        renewals = TagVersionRenewals(life: tagVersionLifetime, clock: clock)
    }

    // MARK: - Reading

    func read(
        _ key: CacheKey,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> PendingStoreResult {
        // The client's own bound takes no looking at the clock.
        let deadline: NIODeadline = bound < commandTimeout ? .now() + bound : .distantFuture
        return .pending(read(key, tokens, by: deadline, on: eventLoop) { $0 })
    }

    private func read<Value: Sendable>(
        _ key: CacheKey,
        _ tokens: [TagVersionKey],
        by deadline: NIODeadline,
        on eventLoop: any EventLoop,
        _ transform: @escaping @Sendable (StoreLookupResult) -> Value
    ) -> EventLoopFuture<Value> {
        client.send(Self.command(key, tokens), on: eventLoop, by: deadline) { result in
            switch result {
            case .success(let reply): transform(self.reading(reply, key, tokens.count))
            case .failure(let error): transform(self.reading(error, key, tokens))
            }
        }
    }

    private func reading(_ error: RedisError, _ key: CacheKey, _ tokens: [TagVersionKey]) -> StoreLookupResult {
        guard error.isAboutValue else {
            return error.code == .protocolViolation ? StoreLookupResult(.unreadable) : .unavailable
        }
        // An entry stands before the tokens.
        if error.code == .replyTooSlow, error.element == 0 { longEntries.note(key.stored, received: error.received) }
        removeLong(error, among: [key.stored] + tokens.map(\.bytes))
        return StoreLookupResult(.unreadable)
    }

    /// Has the value taken away that is too long to be read: it would be as long the next time. The connection it came on is gone.
    ///
    /// - Parameter keys: those that were asked for. An element behind them is an invention of the server.
    private func removeLong(_ error: RedisError, among keys: [[UInt8]]) {
        guard keys.indices.contains(error.element) else { return }
        let key = keys[error.element]
        if error.code == .replyTooLarge {
            foreign.note(key, "too long to be read")
        } else {
            // The service may well have stored it so.
            logger.debug(
                "What takes longer to be read than a command may is removed",
                metadata: ["redis.key": "\(LoggedKey.text(key))", "error": "\(error)"]
            )
        }
        Task { await unlink([key], for: Self.removalTime) }
    }

    private static let removalTime = TimeAmount.seconds(2)

    var isTracking: Bool {
        guard let tracker, tracker.isTracking else { return false }
        guard let server = client.serverID, tracker.serverID != server else { return true }
        // What is purged there is not told here.
        tracker.move(to: server)
        return false
    }

    func readTracked(
        _ key: CacheKey,
        tokens: [TagVersionKey],
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreLookupResult, isTracked: Bool)> {
        let deadline = NIODeadline.now() + min(bound, commandTimeout)
        guard let tracker else { return readUntracked(key, tokens, by: deadline, on: eventLoop) }
        // The tracker's own bound is told apart: it says what was late.
        let own: NIODeadline = bound < commandTimeout ? deadline : .distantFuture
        return tracker.read(Self.command(key, tokens), on: eventLoop, by: own)
            .map { (self.reading($0, key, tokens.count), true) }
            .flatMapError { error in
                if let error = error as? RedisError, error.isAboutValue {
                    return eventLoop.makeSucceededFuture((self.reading(error, key, tokens), false))
                }
                guard NIODeadline.now() < deadline else { return eventLoop.makeSucceededFuture((.unavailable, false)) }
                return self.readUntracked(key, tokens, by: deadline, on: eventLoop)
            }
    }

    private func readUntracked(
        _ key: CacheKey,
        _ tokens: [TagVersionKey],
        by deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreLookupResult, isTracked: Bool)> {
        read(key, tokens, by: deadline, on: eventLoop) { ($0, false) }
    }

    private static func command(_ key: CacheKey, _ tokens: [TagVersionKey]) -> RedisCommand {
        var keys: [RedisCommand.Argument] = []
        keys.reserveCapacity(1 + tokens.count)
        keys.append(.bytes(key.stored))
        for token in tokens { keys.append(.bytes(token.bytes)) }
        return .mget(keys)
    }

    private func reading(_ reply: RedisReply, _ key: CacheKey, _ tokenCount: Int) -> StoreLookupResult {
        guard reply.count == tokenCount + 1 else {
            return reply.kind == .error ? .refused : StoreLookupResult(.unreadable)
        }
        return StoreLookupResult(content(reply[0], key), tokens: tokens(in: reply, from: 1))
    }

    private func tokens(in reply: RedisReply, from start: Int) -> [TagVersion?] {
        let server = server(of: reply)
        var tokens: [TagVersion?] = []
        tokens.reserveCapacity(reply.count - start)
        for index in start..<reply.count { tokens.append(token(reply[index], server)) }
        return tokens
    }

    func tokens(_ names: [TagVersionKey], on eventLoop: any EventLoop) -> EventLoopFuture<[TagVersion?]> {
        client.send(.mget(names.map { .bytes($0.bytes) }), on: eventLoop) { result in
            if case .failure(let error) = result, error.isAboutValue {
                self.removeLong(error, among: names.map(\.bytes))
            }
            let reply = try result.get().get()
            guard reply.kind == .array, reply.count == names.count else {
                throw RedisError.unexpectedReply(to: .mget)
            }
            return self.tokens(in: reply, from: 0)
        }
    }

    private func content(_ reply: RedisReply, _ key: CacheKey) -> StoreLookupResult.Content {
        if let bytes = reply.bytes, reply.kind == .bulkString {
            if let entry = EntryCoding.decode(bytes, key: key, now: clock.now) { return .found(entry) }
            foreign.note(key.stored, "no entry")
            return .unreadable
        }
        // Something of another type is nothing, too.
        return reply.isNull ? .absent : reply.kind == .error ? .refused : .unreadable
    }

    /// The server that a token is bound to; `nil`: it can't be told from others.
    private func server(of reply: RedisReply) -> String? {
        guard binding == .server else { return "" }
        let isKnown = reply.serverID != nil
        // A hit writes nothing that all event loops share.
        if canBind.load(ordering: .relaxed) != isKnown { canBind.store(isKnown, ordering: .relaxed) }
        if reply.serverID == nil, !hasWarned.exchange(true, ordering: .relaxed) {
            logger.warning(
                """
                Redis does not say its run_id, which takes INFO, so that a restart of the server would go unnoticed, and purges \
                with it: nothing is cached. Allow INFO, or set CACHE_AFTER_RESTART=keep.
                """
            )
        }
        return reply.serverID
    }

    private func token(_ reply: RedisReply, _ server: String?) -> TagVersion? {
        guard let server, reply.kind == .bulkString, let bytes = reply.bytes,
            bytes.withUnsafeReadableBytes(TagVersion.isValue)
        else {
            return nil
        }
        return TagVersion(value: String(buffer: bytes), server: server)
    }

    /// The reason why less than everything works, for people; `nil`: everything does.
    var problem: String? {
        guard client.isAvailable else {
            return client.unavailability.map { "unavailable (\($0.code)): \($0.cure)" } ?? "unavailable"
        }
        var problems = client.refusals.all.filter(\.command.isEssential).map { command, refusal in
            let effect = command.effect.map { ", so that \($0)" } ?? ""
            return "\(command.rawValue) is refused (\(refusal.code))\(effect): \(refusal.cure(of: command))"
        }
        if binding == .server, !canBind.load(ordering: .relaxed) {
            problems.append(
                "run_id is not known, so that nothing is cached: allow the user INFO (ACL SETUSER … +info), or set "
                    + "CACHE_AFTER_RESTART=keep"
            )
        }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    // MARK: - Tokens

    /// Two may create one at the same time: the first one's value holds, and both read it in the same flush. One that is purged
    /// in between is tried once more, and so is one in whose place there was something else.
    ///
    /// It is read by `MGET`, so that no entry is stored under tokens that nobody could read beside it. To `MGET` something that is no
    /// string is nothing, as is what was purged; but not time and again.
    func createTokens(
        _ names: [TagVersionKey],
        knowing known: [TagVersion?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[TagVersion]?> {
        guard binding == .none || canBind.load(ordering: .relaxed) else { return eventLoop.makeSucceededFuture(nil) }
        return createTokens(names, knowing: known, attempts: Self.attempts, on: eventLoop)
    }

    private static let attempts = 3

    private func createTokens(
        _ names: [TagVersionKey],
        knowing known: [TagVersion?],
        attempts: Int,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[TagVersion]?> {
        let known = known.count == names.count ? known : names.map { _ in nil }
        let complete = known.compactMap { $0 }
        guard complete.count < names.count else { return eventLoop.makeSucceededFuture(complete) }
        guard attempts > 0 else { return eventLoop.makeSucceededFuture(nil) }
        let life = Duration.milliseconds(tagVersionLifetime.milliseconds)
        let tokens = zip(names, known).map { name, token -> EventLoopFuture<TagVersion?> in
            if let token { return eventLoop.makeSucceededFuture(token) }
            let created = client.send(
                .set(.bytes(name.bytes), .string(TagVersion.randomValue()), expiresAfter: life, onlyIfAbsent: true),
                on: eventLoop
            )
            return client.send(.mget([.bytes(name.bytes)]), on: eventLoop).and(created).flatMapThrowing {
                reply,
                created in
                let created = try created.get()
                // Somebody else's token is as good.
                guard created.isOK || created.isNull else { throw RedisError.unexpectedReply(to: .set) }
                guard try reply.get().count == 1 else { throw RedisError.unexpectedReply(to: .mget) }
                guard let server = self.server(of: reply) else { return nil }
                let value = reply[0]
                if let token = self.token(value, server) { return token }
                switch value.kind {
                case .null where created.isOK || attempts == Self.attempts: break
                case .null, .bulkString: self.removeForeignToken(name, on: eventLoop)
                case .error, .status, .integer, .array: throw RedisError.unexpectedReply(to: .mget)
                }
                return nil
            }
        }
        return EventLoopFuture.whenAllSucceed(tokens, on: eventLoop)
            .flatMap { self.createTokens(names, knowing: $0, attempts: attempts - 1, on: eventLoop) }
            .recover { _ in nil }
    }

    /// To take it away is no more than a purge, whoever has put a token there meanwhile. What is sent next comes after it.
    private func removeForeignToken(_ name: TagVersionKey, on eventLoop: any EventLoop) {
        foreign.note(name.bytes, "no token")
        client.remove([.bytes(name.bytes)], on: eventLoop).whenFailure { [logger] error in
            logger.debug("What is no token was not removed from Redis", metadata: ["error": "\(error)"])
        }
    }

    func purge(_ names: [TagVersionKey]) async -> Bool {
        names.isEmpty ? true : await unlink(names.map(\.bytes), for: commandTimeout)
    }

    /// Takes keys away, and tries for a while where there is no connection.
    private func unlink(_ keys: [[UInt8]], for time: TimeAmount) async -> Bool {
        let keys = keys.map { RedisCommand.Argument.bytes($0) }
        let deadline = NIODeadline.now() + time
        while !client.isShutDown {
            do {
                // An error reply says no less than none that the keys may still be there, and so does one that is no number.
                try await client.remove(keys)
                return true
            } catch {
                // A connection that was dead before the purge was sent is replaced within a few milliseconds.
                guard !Self.isFinal(error), .now() + Self.purgePause < deadline,
                    (try? await Task.sleep(for: .nanoseconds(Self.purgePause.nanoseconds))) != nil
                else {
                    logger.debug("Keys were not removed from Redis", metadata: ["error": "\(error)"])
                    return false
                }
            }
        }
        return false
    }

    private static let purgePause = TimeAmount.milliseconds(10)

    private static func isFinal(_ error: any Error) -> Bool {
        guard let error = error as? RedisError else { return true }
        return error.code != .connectionLost && error.code != .unavailable
    }

    // MARK: - Writing

    func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        tokens: [TagVersionKey],
        for lifetime: Int64
    ) -> PutResult {
        guard client.isAvailable else { return .refused }
        let client = client
        // Made here and not when its turn comes: that is on an event loop, and a large body takes a while to copy.
        let bytes = EntryCoding.encode(entry, key: key)
        guard !longEntries.contain(length: bytes.readableBytes) else { return .tooLong }
        let keys = variants.map { key.variant($0).stored }
        let size = keys.reduce(0) { $0 + $1.count + bytes.readableBytes }
        let due = renewals.due(tokens, entry.tokens)
        let tagVersionLifetime = tagVersionLifetime.milliseconds
        // Who waits for the coded form has waited for it already.
        let isLate = bytes.readableBytes > Self.longestAtOnce && variants.contains(.identity)
        let isExamined = examinations.isDue()
        let accepted = offer(key, bytes: size, isLate: isLate) { [foreign] eventLoop in
            let write = { (key: [UInt8]) in
                if isExamined { Self.examine(key, client, foreign, on: eventLoop) }
                let command = RedisCommand.set(.bytes(key), .buffer(bytes), expiresAfter: .milliseconds(lifetime))
                return client.perform(command, on: eventLoop)
            }
            // Most entries have one key, and most tokens life enough.
            if keys.count == 1, due.isEmpty { return write(keys[0]) }
            let renewals = due.map { Self.renew($0, for: tagVersionLifetime, client, on: eventLoop) }
            return EventLoopFuture.andAllSucceed(keys.map(write) + renewals, on: eventLoop)
        }
        // It is tried all the same: how else would one know that it is over?
        return isRefusing ? .refused : accepted.map(PutResult.accepted) ?? .refused
    }

    var isRefusing: Bool {
        client.refusals.isRefusing(.set) || binding == .server && !canBind.load(ordering: .relaxed)
    }

    /// Notes a value that is no string and is about to be replaced: `MGET` does not tell it from none.
    private static func examine(
        _ key: [UInt8],
        _ client: RedisClient,
        _ foreign: ForeignValues,
        on eventLoop: any EventLoop
    ) {
        guard !client.refusals.isRefusing(.type) else { return }
        let examined = client.send(.type(.bytes(key)), on: eventLoop) { result in
            let reply = try result.get().get()
            guard reply.kind == .status, let type = reply.string, type != "none", type != "string" else { return }
            foreign.note(key, "a \(type.prefix(Self.longestTypeName))")
        }
        // The client has said why.
        examined.whenFailure { _ in }
    }

    /// The names of types that modules add are short.
    private static let longestTypeName = 32

    /// A longer entry is written a little later: on its way to Redis it takes the processor's cores as much as on its way to the
    /// client, who comes first.
    private static let longestAtOnce = 64 * 1024

    /// Offers a write to the writer. It begins after all that was offered under the same key before.
    private func offer(
        _ key: CacheKey,
        bytes: Int,
        isLate: Bool = false,
        _ perform: @escaping @Sendable (any EventLoop) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Void>? {
        let key = key.variant(.identity)
        guard let due = lateWrites.enter(key, isLate: isLate) else { return writer.offer(bytes: bytes, perform) }
        let accepted = writer.offer(bytes: bytes) { [lateWrites] eventLoop in
            eventLoop.flatScheduleTask(deadline: due) {
                defer { lateWrites.leave(key) }
                return perform(eventLoop)
            }.futureResult
        }
        if accepted == nil { lateWrites.leave(key) }
        return accepted
    }

    /// Only where its life gets short: another process may have given it a longer one, and each change of it is told to all near
    /// caches.
    private static func renew(
        _ token: TagVersionKey,
        for life: Int64,
        _ client: RedisClient,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        client.send(.pttl(.bytes(token.bytes)), on: eventLoop).flatMap { reply in
            guard let left = reply.integer, left >= 0, left < life / 4 * 3 else {
                return eventLoop.makeSucceededVoidFuture()
            }
            return client.perform(.pexpire(.bytes(token.bytes), .milliseconds(life)), on: eventLoop)
        }.flatMapErrorThrowing { error in
            // The entry is stored for all that; its token runs out.
            guard error is RedisServerError else { throw error }
        }
    }

    func remove(_ key: CacheKey) {
        guard client.isAvailable else { return }
        let client = client
        let keys = [key.variant(.identity).stored, key.variant(.gzip).stored]
        _ = offer(key, bytes: keys.reduce(0) { $0 + $1.count }) { eventLoop in
            client.remove(keys.map { .bytes($0) }, on: eventLoop)
        }
    }

    func reject(_ key: CacheKey, _ fault: EntryFault) {
        foreign.note(key.stored, fault.rawValue)
        remove(key)
    }
}

/// Of what the server refuses its client warns, with the reply and the cure.
extension RedisServerError: ReportedError {}
