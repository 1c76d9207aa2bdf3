import CachedRoutesCore
import ClientSupport
import Logging
import NIOCore
import RedisClient
import RouteModel
import Synchronization

/// The store in Redis: one string for each entry and each tag version, read on the caller's event loop and written in
/// the background.
package final class RedisStore: TrackedStore {
    /// The validity of tag versions after a restart of the server, or a failover to another one.
    package enum TokenBinding: Sendable {
        /// They are invalid: the server's data may be from before a purge.
        case server
        /// They stay valid; a purge that the server has lost is lost.
        case none
    }

    private let client: RedisClient
    private let tracker: RedisTracker?
    private let writer: BackgroundWriter
    private let clock: WallClock
    private let tagVersionLifetime: TagVersionLifetime
    private let binding: TokenBinding
    /// The timeout of a command, and the time for which a purge is tried.
    private let commandTimeout: TimeAmount
    /// Measures the time of purges and writes.
    private let eventLoop: any EventLoop
    /// Counts values that are not the service's, for the locks as well.
    let foreign: ForeignRedisValueReporter
    private let renewals: TagVersionRenewalSchedule
    /// Picks the writes before which Redis is asked for the type of the value that they replace. Only some, because it
    /// takes another command.
    private let examinations = IntervalThrottle(interval: .milliseconds(10))
    /// Knows the length of entries that are too long to be read in time.
    private let sizeLimit: AdaptiveEntrySizeLimit
    let writeOrder: EntryWriteOrder
    private let logger: Logger
    private let hasWarned = Atomic(false)
    private let canBind = Atomic(true)

    /// - Parameters:
    ///   - client: sends the commands.
    ///   - writer: writes entries in the background.
    ///   - clock: tells the time of day.
    ///   - tagVersionLifetime: the lifetime of tag versions.
    ///   - binding: the validity of tag versions after a restart of the server.
    ///   - commandTimeout: the timeout of a command, and the time for which a purge is tried.
    ///   - eventLoop: measures the time of purges and writes.
    ///   - lateness: the delay of a long entry's write after its response: the time in which a response of some
    ///     megabytes is sent.
    ///   - tracker: reads entries for a near cache; `nil` if there is none.
    ///   - logger: takes the warnings.
    init(
        client: RedisClient,
        writer: BackgroundWriter,
        clock: WallClock,
        tagVersionLifetime: TagVersionLifetime,
        binding: TokenBinding,
        commandTimeout: TimeAmount,
        eventLoop: any EventLoop,
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
        writeOrder = EntryWriteOrder(lateness: lateness)
        self.logger = logger
        self.commandTimeout = commandTimeout
        self.eventLoop = eventLoop
        foreign = ForeignRedisValueReporter(logger: logger, now: { eventLoop.now })
        sizeLimit = AdaptiveEntrySizeLimit(logger: logger, now: { eventLoop.now })
        renewals = TagVersionRenewalSchedule(life: tagVersionLifetime, clock: clock)
    }

    // MARK: - Reading

    func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        // The client's own timeout needs no reading of the clock.
        let deadline: NIODeadline = bound < commandTimeout ? eventLoop.now + bound : .distantFuture
        let lookup = RedisLookup(key: key, orOther: orOther, tokens: tokens)
        return .pending(read(lookup, by: deadline, on: eventLoop) { $0 })
    }

    private func read<Value: Sendable>(
        _ lookup: RedisLookup,
        by deadline: NIODeadline,
        on eventLoop: any EventLoop,
        _ transform: @escaping @Sendable (StoreLookupResult) -> Value
    ) -> EventLoopFuture<Value> {
        client.read(lookup.keys, longElements: lookup.entryCount, on: eventLoop, by: deadline) { result in
            switch result {
            case .success(let values): transform(self.result(values, of: lookup))
            case .failure(let error): transform(self.result(error, of: lookup))
            }
        }
    }

    private func result(_ error: RedisError, of lookup: RedisLookup) -> StoreLookupResult {
        guard error.isAboutValue else {
            return error.code == .protocolViolation ? StoreLookupResult(.unreadable) : .unavailable
        }
        // The bytes received are those of the whole reply.
        if error.code == .replyTooSlow, error.element == 0 {
            sizeLimit.note(lookup.key.stored, received: error.received)
        }
        removeLong(error, among: lookup.entryKeys + lookup.tokens.map(\.bytes))
        return StoreLookupResult(.unreadable)
    }

    /// Removes a value that is too long to be read, because it would be as long the next time. Its connection is closed
    /// already.
    ///
    /// - Parameters:
    ///   - error: the error of the read.
    ///   - keys: the keys that were read. The server made up any element behind them.
    private func removeLong(_ error: RedisError, among keys: [[UInt8]]) {
        guard keys.indices.contains(error.element) else { return }
        let key = keys[error.element]
        if error.code == .replyTooLarge {
            foreign.note(key, "too long to be read")
        } else {
            // The service may have stored it itself.
            logger.debug(
                "A value that takes longer to read than REDIS_COMMAND_TIMEOUT is removed",
                metadata: ["redis.key": "\(KeyRedaction.text(key))", "error": "\(error)"]
            )
        }
        Task { await unlink([key], for: Self.removalTime) }
    }

    private static let removalTime = TimeAmount.seconds(2)

    var isTracking: Bool { tracker?.isTracking ?? false }

    func readTracked(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreLookupResult, isTracked: Bool)> {
        let lookup = RedisLookup(key: key, orOther: orOther, tokens: tokens)
        let deadline = eventLoop.now + min(bound, commandTimeout)
        guard let tracker else { return readUntracked(lookup, by: deadline, on: eventLoop) }
        // Without a shorter bound the tracker's own timeout applies: its error tells which element was late.
        let own: NIODeadline = bound < commandTimeout ? deadline : .distantFuture
        return tracker.read(lookup.keys, longElements: lookup.entryCount, on: eventLoop, by: own)
            .map { (self.result($0, of: lookup), true) }
            .flatMapError { error in
                if let error = error as? RedisError, error.isAboutValue {
                    return eventLoop.makeSucceededFuture((self.result(error, of: lookup), false))
                }
                guard eventLoop.now < deadline else { return eventLoop.makeSucceededFuture((.unavailable, false)) }
                return self.readUntracked(lookup, by: deadline, on: eventLoop)
            }
    }

    private func readUntracked(
        _ lookup: RedisLookup,
        by deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreLookupResult, isTracked: Bool)> {
        read(lookup, by: deadline, on: eventLoop) { ($0, false) }
    }

    private func result(_ values: RedisValues, of lookup: RedisLookup) -> StoreLookupResult {
        noteServers(of: values)
        return lookup.result(values, binding: binding, now: clock.now) { foreign.note($0, "no entry") }
    }

    func tokens(_ names: [TagVersionKey], on eventLoop: any EventLoop) -> EventLoopFuture<[TagVersion?]> {
        client.read(names.map { .bytes($0.bytes) }, longElements: 1, on: eventLoop) { result in
            if case .failure(let error) = result, error.isAboutValue {
                self.removeLong(error, among: names.map(\.bytes))
            }
            let values = try result.get()
            if let error = values.error { throw error }
            guard values.count == names.count else { throw RedisError.unexpectedReply(to: .mget) }
            self.noteServers(of: values)
            return RedisLookup.tokens(in: values, from: 0, self.binding)
        }
    }

    /// Takes note whether tag versions can be bound to the servers that have sent values.
    private func noteServers(of values: RedisValues) {
        // An error has none.
        guard binding == .server, values.count > 0 else { return }
        let isKnown = values.hasServerIDs
        // Not stored on each hit, because all event loops share it.
        if canBind.load(ordering: .relaxed) != isKnown { canBind.store(isKnown, ordering: .relaxed) }
        if !isKnown, !hasWarned.exchange(true, ordering: .relaxed) {
            logger.warning(
                """
                The run_id of Redis is unknown, so that a restart that loses purges would go unnoticed: nothing is cached. Allow \
                INFO, or set CACHE_AFTER_RESTART=keep.
                """
            )
        }
    }

    /// The reason why the store is degraded, in words for people; `nil` if it is not.
    var problem: String? {
        guard client.isAvailable else {
            return client.unavailability.map { "unavailable (\($0.reason)): \($0.cure)" } ?? "unavailable"
        }
        var problems = client.partialUnavailability.map { [$0] } ?? []
        problems += client.refusals.all.filter { $1.isEssential($0) }.map { command, refusal in
            let effect = refusal.effect(on: command).map { ", so that \($0)" } ?? ""
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

    // MARK: - Tag versions

    /// Creates missing tag versions. If two callers create one at the same time, the first one's value holds, and both
    /// read it in the same flush. One that is purged in between is created again, and so is one in whose place there
    /// was a foreign value.
    ///
    /// The value is read by `MGET`, so that no entry is stored under tag versions that a lookup could not read. `MGET`
    /// returns null both for a value of another type and for one that was just purged; repeated nulls mean the former.
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
                // The tag version of another process is as good.
                guard created.isOK || created.isNull else { throw RedisError.unexpectedReply(to: .set) }
                guard try reply.get().count == 1 else { throw RedisError.unexpectedReply(to: .mget) }
                let values = RedisValues(reply)
                self.noteServers(of: values)
                guard self.binding.server(of: values, at: 0) != nil else { return nil }
                if let token = RedisLookup.token(values, at: 0, self.binding) { return token }
                switch values.kind(at: 0) {
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

    /// Removes a foreign value in the place of a tag version. If a process has created the tag version meanwhile, this
    /// is a purge. Commands that are sent next come after it.
    private func removeForeignToken(_ name: TagVersionKey, on eventLoop: any EventLoop) {
        foreign.note(name.bytes, "no token")
        client.remove([.bytes(name.bytes)], on: eventLoop).whenFailure { [logger] error in
            logger.debug("A foreign value was not removed from Redis", metadata: ["error": "\(error)"])
        }
    }

    func purge(_ names: [TagVersionKey]) async -> Bool {
        names.isEmpty ? true : await unlink(names.map(\.bytes), for: commandTimeout)
    }

    /// Removes keys, and retries for a while if there is no connection.
    ///
    /// - Returns: `true` if the keys are removed.
    private func unlink(_ keys: [[UInt8]], for time: TimeAmount) async -> Bool {
        let keys = keys.map { RedisCommand.Argument.bytes($0) }
        let deadline = eventLoop.now + time
        while !client.isShutDown {
            do {
                // Any reply but a number is an error: the keys may still be there.
                try await client.remove(keys)
                return true
            } catch {
                // A connection that was lost before the command was sent is replaced within a few milliseconds.
                guard !Self.isFinal(error), eventLoop.now + Self.purgePause < deadline,
                    (try? await eventLoop.sleep(for: Self.purgePause)) != nil
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
        tokens: [TagVersionKey],
        for lifetime: Int64,
        _ mode: PutMode
    ) -> PutResult {
        guard client.isAvailable else { return .refused }
        let client = client
        // Encoded here and not when the write begins, on an event loop: copying a large body takes a while.
        let bytes = EntryCoding.encode(entry, key: key)
        guard !sizeLimit.isExceeded(by: bytes.readableBytes) else { return .tooLong }
        let name = key.stored
        let other = mode == .replaceBoth ? key.other.stored : nil
        let size = name.count + bytes.readableBytes
        let due = renewals.due(tokens, entry.tokens)
        let tagVersionLifetime = tagVersionLifetime.milliseconds
        // A client that takes the compressed form has waited for it already.
        let isLate = bytes.readableBytes > Self.longestAtOnce && key.variant == .identity
        let isExamined = examinations.isDue(now: eventLoop.now)
        let accepted = offer(key, bytes: size, isLate: isLate) { [foreign] eventLoop in
            let command = RedisCommand.set(
                .bytes(name),
                .buffer(bytes),
                expiresAfter: .milliseconds(lifetime),
                onlyIfAbsent: mode == .add
            )
            guard mode != .add else {
                return Self.add(name, by: command, with: client, reportingTo: foreign, on: eventLoop)
            }
            if isExamined { Self.examine(name, with: client, reportingTo: foreign, on: eventLoop) }
            let written = client.perform(command, on: eventLoop)
            // Most tag versions need no renewal.
            if due.isEmpty, other == nil { return written }
            let removed = other.map { [Self.removeOther($0, with: client, on: eventLoop)] } ?? []
            let renewals = due.map { Self.renew($0, for: tagVersionLifetime, with: client, on: eventLoop) }
            return EventLoopFuture.andAllSucceed([written] + removed + renewals, on: eventLoop)
        }
        // Written nevertheless: only a write shows that Redis accepts them again.
        return isRefusing ? .refused : accepted.map(PutResult.accepted) ?? .refused
    }

    /// Stores an entry under a key that has none. A value of another type is removed first: `MGET` did not tell it from an
    /// absent one.
    private static func add(
        _ key: [UInt8],
        by command: RedisCommand,
        with client: RedisClient,
        reportingTo foreign: ForeignRedisValueReporter,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        client.send(command, on: eventLoop).flatMap { reply in
            if reply.isOK { return eventLoop.makeSucceededVoidFuture() }
            guard reply.isNull else { return eventLoop.makeFailedFuture(RedisError.unexpectedReply(to: .set)) }
            guard !client.refusals.isRefusing(.type) else { return eventLoop.makeSucceededVoidFuture() }
            return client.send(.type(.bytes(key)), on: eventLoop).flatMap { reply in
                // Another process may have stored the same form meanwhile.
                guard let type = foreignType(in: reply) else { return eventLoop.makeSucceededVoidFuture() }
                foreign.note(key, "a \(type)")
                return client.remove([.bytes(key)], on: eventLoop).flatMap { client.perform(command, on: eventLoop) }
            }
        }
    }

    /// Returns the type of a value that is not the service's, from the reply to `TYPE`; `nil` if it may be an entry.
    private static func foreignType(in reply: RedisReply) -> Substring? {
        guard reply.kind == .status, let type = reply.string, type != "none", type != "string" else { return nil }
        return type.prefix(longestTypeName)
    }

    private static func removeOther(
        _ name: [UInt8],
        with client: RedisClient,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        client.remove([.bytes(name)], on: eventLoop).flatMapErrorThrowing { error in
            // The entry is stored nevertheless; the older form expires.
            guard error is RedisServerError else { throw error }
        }
    }

    var isRefusing: Bool {
        client.refusals.isRefusing(.set) || binding == .server && !canBind.load(ordering: .relaxed)
    }

    /// Counts a value of another type that is about to be replaced. `MGET` does not tell it from an absent one.
    private static func examine(
        _ key: [UInt8],
        with client: RedisClient,
        reportingTo foreign: ForeignRedisValueReporter,
        on eventLoop: any EventLoop
    ) {
        guard !client.refusals.isRefusing(.type) else { return }
        let examined = client.send(.type(.bytes(key)), on: eventLoop) { result in
            if let type = foreignType(in: try result.get().get()) { foreign.note(key, "a \(type)") }
        }
        // The client itself logs the reason.
        examined.whenFailure { _ in }
    }

    /// The longest name of a type that is logged; the names of modules' types are short.
    private static let longestTypeName = 32

    /// The longest entry that is written at once, in bytes. Writing a longer one takes as much of the processor as
    /// sending its response, which comes first.
    private static let longestAtOnce = 64 * 1024

    /// Offers a write to the background writer. It begins after all earlier writes to the same key.
    private func offer(
        _ key: CacheKey,
        bytes: Int,
        isLate: Bool = false,
        _ perform: @escaping @Sendable (any EventLoop) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Void>? {
        let key = key.variant(.identity)
        guard let due = writeOrder.enter(key, isLate: isLate, now: eventLoop.now) else {
            return writer.offer(bytes: bytes, perform)
        }
        let accepted = writer.offer(bytes: bytes) { [writeOrder] eventLoop in
            eventLoop.flatScheduleTask(deadline: due) {
                defer { writeOrder.leave(key) }
                return perform(eventLoop)
            }.futureResult
        }
        if accepted == nil { writeOrder.leave(key) }
        return accepted
    }

    /// Extends the lifetime of a tag version if less than three quarters are left: another process may have extended
    /// it, and Redis announces each change to all near caches.
    private static func renew(
        _ token: TagVersionKey,
        for life: Int64,
        with client: RedisClient,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        client.send(.pttl(.bytes(token.bytes)), on: eventLoop).flatMap { reply in
            guard let left = reply.integer, left >= 0, left < life / 4 * 3 else {
                return eventLoop.makeSucceededVoidFuture()
            }
            return client.perform(.pexpire(.bytes(token.bytes), .milliseconds(life)), on: eventLoop)
        }.flatMapErrorThrowing { error in
            // The entry is stored nevertheless; its tag version expires.
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

    func reject(_ key: CacheKey, _ error: EntryPolicyViolation) {
        foreign.note(key.stored, error.rawValue)
        remove(key)
    }
}

/// The client itself logs the commands that a server refuses, with the reply and the cure.
extension RedisServerError: AlreadyLoggedError {}
