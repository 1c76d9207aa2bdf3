import Logging
import NIOCore
import RedisClient
import RouteModel
import Synchronization

/// The store in Redis: one string an entry and one a token, read on the event loop that asks, written in the background.
final class RedisStore: TrackedStore {
    /// Whether tokens hold beyond a restart of the server, or a failover to another one.
    enum TokenBinding: Sendable {
        /// They do not: what the server has after it may be from before a purge.
        case server
        /// They do; a purge that the server forgets is forgotten.
        case none
    }

    let longestRead: TimeAmount
    private let client: RedisClient
    private let tracker: RedisTracker?
    private let writer: BackgroundWriter
    private let clock: WallClock
    private let tokenLife: TokenLife
    private let binding: TokenBinding
    private let purgeTimeout: TimeAmount
    private let renewals: TokenRenewals
    let lateWrites: LateWrites
    private let logger: Logger
    private let hasWarned = Atomic(false)
    private let canBind = Atomic(true)

    /// - Parameters:
    ///   - commandTimeout: for how long a purge is tried.
    ///   - lateness: how much later than its answer a long entry is written: what an answer of some megabytes takes to be on its
    ///     way.
    ///   - tracker: reads what a near cache keeps.
    init(
        client: RedisClient,
        writer: BackgroundWriter,
        clock: WallClock,
        tokenLife: TokenLife,
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
        self.tokenLife = tokenLife
        self.binding = binding
        lateWrites = LateWrites(lateness: lateness)
        self.logger = logger
        purgeTimeout = commandTimeout
        // A command that makes progress gets ten times its timeout, and a reading may be sent once more, after one with tracking.
        longestRead = .nanoseconds(commandTimeout.nanoseconds * (tracker == nil ? 20 : 30))
        renewals = TokenRenewals(life: tokenLife, clock: clock)
    }

    // MARK: - Reading

    func read(
        _ key: CacheKey,
        tokens: [TokenName],
        near: Int64,
        on eventLoop: any EventLoop
    ) -> PendingReading {
        guard !tokens.isEmpty else {
            return .pending(
                client.send(.get(.bytes(key.stored)), on: eventLoop) { result in
                    StoreReading(result) { StoreReading(self.content($0, key)) }
                }
            )
        }
        let count = tokens.count
        return .pending(
            client.send(Self.command(key, tokens), on: eventLoop) { result in
                StoreReading(result) { self.reading($0, key, count) }
            }
        )
    }

    var isTracking: Bool {
        guard let tracker, tracker.isTracking else { return false }
        guard let server = client.serverID, tracker.serverID != server else { return true }
        // What is purged there is not told here.
        tracker.move(to: server)
        return false
    }

    func readTracked(
        _ key: CacheKey,
        tokens: [TokenName],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreReading, isTracked: Bool)> {
        let command = Self.command(key, tokens)
        guard let tracker else { return readUntracked(command, key, tokens.count, on: eventLoop) }
        return tracker.read(command, on: eventLoop)
            .map { (self.reading($0, key, tokens.count), true) }
            .flatMapError { _ in self.readUntracked(command, key, tokens.count, on: eventLoop) }
    }

    private func readUntracked(
        _ command: RedisCommand,
        _ key: CacheKey,
        _ tokenCount: Int,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreReading, isTracked: Bool)> {
        client.send(command, on: eventLoop) { result in
            (StoreReading(result) { self.reading($0, key, tokenCount) }, false)
        }
    }

    private static func command(_ key: CacheKey, _ tokens: [TokenName]) -> RedisCommand {
        var keys: [RedisCommand.Argument] = []
        keys.reserveCapacity(1 + tokens.count)
        keys.append(.bytes(key.stored))
        for token in tokens { keys.append(.bytes(token.bytes)) }
        return .mget(keys)
    }

    private func reading(_ reply: RedisReply, _ key: CacheKey, _ tokenCount: Int) -> StoreReading {
        guard reply.count == tokenCount + 1 else { return .away }
        return StoreReading(content(reply[0], key), tokens: tokens(in: reply, from: 1))
    }

    private func tokens(in reply: RedisReply, from start: Int) -> [Token?] {
        let server = server(of: reply)
        var tokens: [Token?] = []
        tokens.reserveCapacity(reply.count - start)
        for index in start..<reply.count { tokens.append(token(reply[index], server)) }
        return tokens
    }

    func tokens(_ names: [TokenName], on eventLoop: any EventLoop) -> EventLoopFuture<[Token?]> {
        client.send(.mget(names.map { .bytes($0.bytes) }), on: eventLoop) { result in
            self.tokens(in: try result.get().get(), from: 0)
        }
    }

    private func content(_ reply: RedisReply, _ key: CacheKey) -> StoreReading.Content {
        if let bytes = reply.bytes, reply.kind == .bulkString {
            return EntryCoding.decode(bytes, key: key, now: clock.now).map { .found($0) } ?? .unreadable
        }
        // Another type under the key answers GET with WRONGTYPE, and MGET as if there was nothing.
        if let error = reply.error { return error.code == "WRONGTYPE" ? .unreadable : .away }
        return .absent
    }

    /// What a token is bound to; `nil`: its server can't be told from others.
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

    private func token(_ reply: RedisReply, _ server: String?) -> Token? {
        guard let server, reply.kind == .bulkString, let value = reply.string else { return nil }
        return Token(value: value, server: server)
    }

    // MARK: - Tokens

    /// Two may create one at the same time: the first one's value holds, and both read it in the same flush. One that is purged
    /// in between is tried once more.
    func createTokens(
        _ names: [TokenName],
        knowing known: [Token?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[Token]?> {
        guard binding == .none || canBind.load(ordering: .relaxed) else { return eventLoop.makeSucceededFuture(nil) }
        return createTokens(names, knowing: known, attempts: 2, on: eventLoop)
    }

    private func createTokens(
        _ names: [TokenName],
        knowing known: [Token?],
        attempts: Int,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[Token]?> {
        let known = known.count == names.count ? known : names.map { _ in nil }
        let complete = known.compactMap { $0 }
        guard complete.count < names.count else { return eventLoop.makeSucceededFuture(complete) }
        guard attempts > 0 else { return eventLoop.makeSucceededFuture(nil) }
        let life = Duration.milliseconds(tokenLife.milliseconds)
        let tokens = zip(names, known).map { name, token -> EventLoopFuture<Token?> in
            if let token { return eventLoop.makeSucceededFuture(token) }
            let created = client.send(
                .set(.bytes(name.bytes), .string(Token.randomValue()), expiresAfter: life, onlyIfAbsent: true),
                on: eventLoop
            )
            return client.send(.get(.bytes(name.bytes)), on: eventLoop).and(created).flatMapThrowing { reply, created in
                _ = try created.get()
                return self.token(try reply.get(), self.server(of: reply))
            }
        }
        return EventLoopFuture.whenAllSucceed(tokens, on: eventLoop)
            .flatMap { self.createTokens(names, knowing: $0, attempts: attempts - 1, on: eventLoop) }
            .recover { _ in nil }
    }

    func purge(_ names: [TokenName]) async -> Bool {
        guard !names.isEmpty else { return true }
        let command = RedisCommand.unlink(names.map { .bytes($0.bytes) })
        let deadline = NIODeadline.now() + purgeTimeout
        while true {
            do {
                // An error reply says no less than none that the tokens may still be there.
                _ = try await client.send(command).get().get()
                return true
            } catch {
                // A connection that was dead before the purge was sent is replaced within a few milliseconds.
                guard !Self.isFinal(error), .now() + Self.purgePause < deadline,
                    (try? await Task.sleep(for: .nanoseconds(Self.purgePause.nanoseconds))) != nil
                else {
                    logger.debug("A purge did not reach Redis", metadata: ["error": "\(error)"])
                    return false
                }
            }
        }
    }

    private static let purgePause = TimeAmount.milliseconds(10)

    private static func isFinal(_ error: any Error) -> Bool {
        guard let error = error as? RedisError else { return true }
        return error.code != .connectionLost && error.code != .unavailable
    }

    // MARK: - Writing

    func keep(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        tokens: [TokenName],
        for lifetime: Int64
    ) -> Keeping {
        guard client.isAvailable else { return .refused }
        let client = client
        // Made here and not when its turn comes: that is on an event loop, and a large body takes a while to copy.
        let bytes = EntryCoding.encode(entry, key: key)
        let keys = variants.map { key.variant($0).stored }
        let size = keys.reduce(0) { $0 + $1.count + bytes.readableBytes }
        let due = renewals.due(tokens, entry.tokens)
        let tokenLife = tokenLife.milliseconds
        // Who waits for the coded form has waited for it already.
        let isLate = bytes.readableBytes > Self.longestAtOnce && variants.contains(.identity)
        let accepted = offer(key, bytes: size, isLate: isLate) { eventLoop in
            let write = { (key: [UInt8]) in
                let command = RedisCommand.set(.bytes(key), .buffer(bytes), expiresAfter: .milliseconds(lifetime))
                return client.perform(command, on: eventLoop)
            }
            // Most entries have one key, and most tokens life enough.
            if keys.count == 1, due.isEmpty { return write(keys[0]) }
            let renewals = due.map { Self.renew($0, for: tokenLife, client, on: eventLoop) }
            return EventLoopFuture.andAllSucceed(keys.map(write) + renewals, on: eventLoop)
        }
        return accepted.map(Keeping.accepted) ?? .refused
    }

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
        _ token: TokenName,
        for life: Int64,
        _ client: RedisClient,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        client.send(.pttl(.bytes(token.bytes)), on: eventLoop).flatMap { reply in
            guard let left = reply.integer, left >= 0, left < life / 4 * 3 else {
                return eventLoop.makeSucceededVoidFuture()
            }
            return client.perform(.pexpire(.bytes(token.bytes), .milliseconds(life)), on: eventLoop)
        }
    }

    func remove(_ key: CacheKey) {
        guard client.isAvailable else { return }
        let client = client
        let keys = [key.variant(.identity).stored, key.variant(.gzip).stored]
        _ = offer(key, bytes: keys.reduce(0) { $0 + $1.count }) { eventLoop in
            client.perform(.unlink(keys.map { .bytes($0) }), on: eventLoop)
        }
    }
}

extension StoreReading {
    /// What `make` reads in a reply; where there is none, the store is away.
    fileprivate init(_ result: Result<RedisReply, RedisError>, _ make: (RedisReply) -> StoreReading) {
        self = (try? result.get()).map(make) ?? .away
    }
}
