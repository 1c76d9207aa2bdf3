import Logging
import NIOCore
import NIOPosix
import RedisClient
import RouteModel
import Synchronization
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesRedis

/// A Redis that answers commands with what they never have: nothing may be believed, and the process lives.
@Suite("Replies of the wrong type or length", .timeLimit(.minutes(4)))
struct OddReplyTests {
    private static let key = CacheKey(whole: Array("n:0:get:/r:".utf8))
    private static let names = [TagVersionKey.tag(Array("a".utf8), in: "n"), .tag(Array("b".utf8), in: "n")]
    private static let last = TagVersionKey.tag(Array("last".utf8), in: "n")
    private static let token = "0123456789abcde"

    /// Replies that are no reply to any of the commands, and some that are one to others.
    private static let replies: [String] = {
        let null = "$-1\r\n"
        func array(_ elements: [String], announcing count: Int? = nil) -> String {
            "*\(count ?? elements.count)\r\n" + elements.joined()
        }
        let word = "$15\r\n\(token)\r\n"
        return [
            "+OK\r\n", "+QUEUED\r\n", "+\r\n", ":0\r\n", ":1\r\n", ":-1\r\n", ":-9223372036854775808\r\n",
            ":9223372036854775807\r\n", "$0\r\n\r\n", word, null, "*-1\r\n", "-ERR no\r\n", "-\r\n", "-WRONGTYPE x\r\n",
            // Of another length than was asked for, from nothing on.
            array([]), array([word]), array([word, word]), array([word, word, word]), array([word, word, word, word]),
            array(Array(repeating: null, count: 1_000)),
            // Elements of every type, and arrays in arrays.
            array(["+a\r\n", ":1\r\n", "-ERR no\r\n"]), array([":1\r\n", "*0\r\n", "*-1\r\n"]),
            array([array([word, word]), null, array([array([null])])]), array([array([]), array([]), array([])]),
            array(Array(repeating: array([":1\r\n"]), count: 3)),
            // Too large: as a whole, in the first element, and in one that nobody has asked for.
            "$150000000\r\n", array(["$150000000\r\n"], announcing: 3), array([null, "$5000\r\n"], announcing: 3),
            array(Array(repeating: null, count: 50) + ["$5000\r\n"], announcing: 100),
            array([array([null, null, null, null]), "$5000\r\n"], announcing: 9), "*1000000000\r\n",
            array(Array(repeating: null, count: 3) + ["$5000\r\n"], announcing: 4),
            // No RESP2 at all.
            "%1\r\n+a\r\n:1\r\n", "!\r\n", "*99999999999999999999\r\n", "$-5\r\n",
        ]
    }()

    /// The keys that were taken away.
    private final class Unlinked: Sendable {
        private let kept = Mutex<[String]>([])

        var keys: [String] { kept.withLock { $0 } }
        func note(_ keys: some Sequence<String>) { kept.withLock { $0 += keys } }
    }

    private struct Parts {
        let store: RedisStore
        let locks: RedisLocks
        let client: RedisClient
        let writer: BackgroundWriter
        let eventLoop: any EventLoop
        let log: LogRecorder
    }

    /// A store and locks over a server that gives these replies, one after another, to a command of this name.
    private func withStore(
        answering command: String,
        _ replies: [String],
        unlinked: Unlinked = Unlinked(),
        _ body: (Parts) async throws -> Void
    ) async throws {
        let left = Mutex(replies[...])
        try await OddReplyServer.with { words in
            if words.first == command, let next = left.withLock({ $0.popFirst() }) { return next }
            switch words.first {
            case "UNLINK", "DEL":
                unlinked.note(words.dropFirst())
                return ":\(words.count - 1)\r\n"
            case "MGET": return "*\(words.count - 1)\r\n" + words.dropFirst().map { _ in "$-1\r\n" }.joined()
            case "SET": return "+OK\r\n"
            case "TYPE": return "+none\r\n"
            case "PTTL", "PEXPIRE", "EVAL": return ":1\r\n"
            case "PING": return words.count == 2 ? "$\(words[1].utf8.count)\r\n\(words[1])\r\n" : "+PONG\r\n"
            default: return "$-1\r\n"
            }
        } _: { url async throws in
            try await withParts(url, body)
        }
    }

    /// The parts of a service that use the Redis at an address.
    private func withParts(_ url: String, _ body: (Parts) async throws -> Void) async throws {
        let log = LogRecorder()
        var configuration = CachedRoutesConfiguration()
        configuration.redisURL = url
        configuration.redisCommandTimeout = .milliseconds(300)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let backends = BackendFactory(configuration, eventLoopGroup: group, logger: log.logger)
        let redis = try #require(try backends.redisConfiguration())
        let client = try RedisClient(configuration: redis, eventLoopGroup: group, logger: log.logger)
        let writer = BackgroundWriter(limits: .init(), eventLoop: group.next(), logger: log.logger)
        let store = RedisStore(
            client: client,
            writer: writer,
            clock: WallClock { 1_700_000_000_000 },
            tagVersionLifetime: TagVersionLifetime(),
            binding: .server,
            commandTimeout: .milliseconds(300),
            eventLoop: group.any(),
            logger: log.logger
        )
        let parts = Parts(
            store: store,
            locks: RedisLocks(client: client, foreign: store.foreign, logger: log.logger),
            client: client,
            writer: writer,
            eventLoop: group.next(),
            log: log
        )
        let running = Task { try await client.run() }
        let result: Result<Void, any Error>
        do {
            try await poll("a connection") { client.isAvailable }
            result = .success(try await body(parts))
        } catch {
            result = .failure(error)
        }
        running.cancel()
        try await running.value
        try await group.shutdownGracefully()
        try result.get()
    }

    private static func entry(_ body: ByteBuffer) -> CacheEntry {
        CacheEntry(
            status: 200,
            storedAt: 1_700_000_000_000,
            ttl: 60_000,
            entityTag: EntityTag.opaque(for: body),
            contentType: "text/plain",
            madeIn: 0,
            body: body
        )
    }

    private func read(_ parts: Parts, _ names: [TagVersionKey]) async throws -> StoreLookupResult {
        let reading = parts.store.read(
            Self.key,
            orOther: false,
            tokens: names,
            near: 0,
            within: .seconds(60),
            on: parts.eventLoop
        )
        guard case .pending(let pending) = reading else { return .unavailable }
        return try await pending.get()
    }

    /// Everything that a service asks Redis for.
    private func useAll(_ parts: Parts) async throws {
        for names in [[], Array(Self.names.prefix(1)), Self.names] {
            let reading = try await read(parts, names)
            #expect(reading.entry == nil)
            #expect(reading.tokens.isEmpty || reading.tokens.count == names.count)
        }
        let near = try await parts.store.readTracked(
            Self.key,
            orOther: true,
            tokens: Self.names,
            within: .seconds(60),
            on: parts.eventLoop
        ).get()
        #expect(near.reading.entry == nil && !near.isTracked)
        if let tokens = try? await parts.store.tokens(Self.names, on: parts.eventLoop).get() {
            #expect(tokens.count == Self.names.count)
        }
        if let made = try await parts.store.createTokens(Self.names, knowing: [nil, nil], on: parts.eventLoop).get() {
            #expect(made.count == Self.names.count)
        }
        _ = await parts.store.purge(Self.names)
        let entry = Self.entry(ByteBuffer(string: "[]"))
        if let settled = parts.store.put(entry, under: Self.key, tokens: Self.names, for: 1_000, .replaceBoth)
            .settled
        {
            _ = try? await settled.get()
        }
        parts.store.remove(Self.key)
        _ = await parts.locks.acquire(Array("lock".utf8), owner: "a", life: 1_000, on: parts.eventLoop)
        parts.locks.release(Array("lock".utf8), owner: "a", on: parts.eventLoop)
        let life = await parts.locks.remainingLife(of: Array("lock".utf8), on: parts.eventLoop)
        #expect(life.map { (0...86_400_000).contains($0) } ?? true)
    }

    @Test(
        "to any command end no process and lend no answer",
        arguments: ["MGET", "SET", "UNLINK", "TYPE", "PTTL", "PEXPIRE", "EVAL"]
    )
    func any(command: String) async throws {
        for reply in Self.replies {
            // As often as anything asks, so that each of its askings meets it.
            try await withStore(answering: command, Array(repeating: reply, count: 20)) { parts async throws in
                try await useAll(parts)
            }
        }
    }

    @Test("to a lookup are unreadable or refused and no misses for other reasons, and no key but its own is removed")
    func lookup() async throws {
        for reply in Self.replies {
            let unlinked = Unlinked()
            try await withStore(answering: "MGET", [reply], unlinked: unlinked) { parts async throws in
                switch try await read(parts, Self.names).content {
                case .refused: #expect(reply.hasPrefix("-"), "\(reply.prefix(100))")
                case .unreadable: #expect(!reply.hasPrefix("-"), "\(reply.prefix(100))")
                case let other: Issue.record("\(reply.prefix(100)) is \(other)")
                }
                // Behind what the reading may have had removed.
                try await poll("a purge") { await parts.store.purge([Self.last]) }
            }
            let keys = Set(
                [Self.key.stored] + (Self.names + [Self.last]).map { $0.bytes }
            ).map { String(decoding: $0, as: UTF8.self) }
            #expect(unlinked.keys.allSatisfy(keys.contains), "\(reply.prefix(100))")
        }
    }

    @Test("a long array with a long string behind what was asked for is unreadable, and removes nothing")
    func inventedElement() async throws {
        let reply = "*100\r\n" + String(repeating: "$-1\r\n", count: 50) + "$5000\r\n"
        try await withStore(answering: "MGET", [reply, reply, reply]) { parts async throws in
            guard case .unreadable = try await read(parts, Self.names).content else {
                Issue.record("readable")
                return
            }
            // The reply of a loop's next connection.
            try await poll("the next connection") {
                if case .unreadable = try await read(parts, []).content { true } else { false }
            }
            try await poll("the connection after it") { await parts.store.purge([Self.last]) }
            await #expect(throws: (any Error).self) {
                try await parts.store.tokens(Self.names, on: parts.eventLoop).get()
            }
        }
    }

    @Test(
        "to SET make no token, even where one can be read under its key",
        arguments: ["+QUEUED\r\n", ":1\r\n", "*0\r\n", "$2\r\nOK\r\n", "-ERR no\r\n"]
    )
    func token(reply: String) async throws {
        for (answer, isMade) in [(reply, false), ("+OK\r\n", true), ("$-1\r\n", true)] {
            try await OddReplyServer.with { words in
                switch words.first {
                case "SET": answer
                case "MGET":
                    "*\(words.count - 1)\r\n" + String(repeating: "$15\r\n\(Self.token)\r\n", count: words.count - 1)
                default: "+PONG\r\n"
                }
            } _: { url async throws in
                try await withParts(url) { parts async throws in
                    let made = parts.store.createTokens(Self.names, knowing: [nil, nil], on: parts.eventLoop)
                    #expect(try await made.get()?.map(\.value) == (isMade ? [Self.token, Self.token] : nil))
                }
            }
        }
    }

    @Test(
        "to a purge leave it to be tried again",
        arguments: ["+OK\r\n", "$-1\r\n", "*0\r\n", "*1\r\n:1\r\n", "$1\r\n1\r\n", ":-1\r\n", "-ERR no\r\n"]
    )
    func purge(reply: String) async throws {
        try await withStore(answering: "UNLINK", [reply]) { parts async throws in
            #expect(await parts.store.purge(Self.names) == false)
            #expect(await parts.store.purge(Self.names))
        }
    }

    @Test("an entry that takes longer than a command may is removed, and the loop's other lookups go on")
    func slowEntry() async throws {
        let unlinked = Unlinked()
        let long = "*3\r\n$60000000\r\n" + String(repeating: "x", count: 8_000_000)
        try await withStore(answering: "MGET", [long], unlinked: unlinked) { parts async throws in
            guard case .unreadable = try await read(parts, Self.names).content else {
                Issue.record("not told from a server that is away")
                return
            }
            guard case .absent = try await read(parts, Self.names).content else {
                Issue.record("away")
                return
            }
            let key = String(decoding: Self.key.stored, as: UTF8.self)
            try await poll("the removal") { unlinked.keys == [key] }
            // None that is as long is stored, to be taken away again by the next who reads it.
            for (length, isStored) in [(8_000_000, false), (1_000, true)] {
                let entry = Self.entry(ByteBuffer(repeating: 0x20, count: length))
                let keeping = parts.store.put(entry, under: Self.key, for: 1_000)
                #expect(keeping.isRefused == !isStored && (keeping.reason == .tooLong) == !isStored, "\(length)")
                _ = try await keeping.settled?.get()
            }
            let said = parts.log.lines.filter { $0.hasPrefix("warning") && $0.contains("REDIS_COMMAND_TIMEOUT") }
            let warnings = parts.log.lines.filter { $0.hasPrefix("warning") }
            #expect(said.count == 1 && warnings == said, "\(warnings)")
        }
    }

    @Test(
        "an entry that its route does not store is removed in all its forms, and counted as what is none of the service's"
    )
    func rejected() async throws {
        let unlinked = Unlinked()
        try await withStore(answering: "none", [], unlinked: unlinked) { parts async throws in
            parts.store.reject(Self.key, .fields)
            let key = String(decoding: Self.key.stored, as: UTF8.self)
            try await poll("the removal") { Set(unlinked.keys) == [key, key + ";gzip"] }
            let said = parts.log.lines.filter { $0.hasPrefix("warning") }
            #expect(said.count == 1 && said[0].contains("fields that its route does not send"))
        }
    }

    @Test(
        "a server without UNLINK has keys taken away by DEL, and one without both is told",
        arguments: [
            "-NOPERM this user has no permissions to run the 'unlink' command\r\n", "-ERR unknown command 'UNLINK'\r\n",
        ]
    )
    func withoutUnlink(reply: String) async throws {
        let unlinked = Unlinked()
        try await withStore(answering: "UNLINK", [reply], unlinked: unlinked) { parts async throws in
            #expect(await parts.store.purge(Self.names))
            #expect(unlinked.keys == Self.names.map { String(decoding: $0.bytes, as: UTF8.self) })
            #expect(parts.store.problem == nil)
        }
        try await withStore(answering: "UNLINK", ["-OOM no\r\n"]) { parts async throws in
            #expect(await parts.store.purge(Self.names) == false)
        }
    }

    @Test(
        "the store and the locks together say once in a minute that something stands there that is none of the service's"
    )
    func oneWarning() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        let key = String(decoding: Self.key.stored, as: UTF8.self)
        _ = try await blocking { try redis.cli(["MSET", key, "x", "lock", "x"]) }
        try await withParts(redis.url) { parts async throws in
            _ = try await read(parts, Self.names)
            let lock = await parts.locks.acquire(Array("lock".utf8), owner: "a", life: 1_000, on: parts.eventLoop)
            #expect(lock == .acquired)
            #expect(parts.log.lines.count { $0.contains("redis.value=no lock") } == 1)
            #expect(parts.log.lines.filter { $0.hasPrefix("warning") }.map { $0.contains("no entry") } == [true])
        }
    }
}
