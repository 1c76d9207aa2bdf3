import Logging
import NIOCore
import NIOPosix
import RedisClient
import RouteModel
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesRedis

/// Writes to a Redis, and what stands there once all of them have ended.
private struct Store {
    let store: RedisStore
    let clock = WallClock { 1_700_000_000_000 }
    let client: RedisClient
    let writer: BackgroundWriter

    init(_ client: RedisClient, writeQueueBytes: Int, lateness: TimeAmount) {
        let logger = Logger(label: "store") { _ in SwiftLogNoOpLogHandler() }
        self.client = client
        writer = BackgroundWriter(
            limits: .init(bytes: writeQueueBytes),
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: logger
        )
        store = RedisStore(
            client: client,
            writer: writer,
            clock: clock,
            tagVersionLifetime: TagVersionLifetime(),
            binding: .none,
            commandTimeout: .seconds(20),
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(),
            lateness: lateness,
            logger: logger
        )
    }

    func put(_ entry: CacheEntry, _ key: CacheKey, _ mode: PutMode = .replace) -> PutResult {
        store.put(entry, under: key, tokens: [], for: 600_000, mode)
    }

    /// The body that Redis has under the key in the end.
    func finalBody(_ key: CacheKey) async throws -> String? {
        await writer.drain(deadline: .now() + .seconds(20))
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        guard
            case .pending(let reading) = store.read(
                key,
                orOther: false,
                tokens: [],
                near: 0,
                within: .seconds(60),
                on: eventLoop
            )
        else { return nil }
        return try await reading.get().entry.map { String(buffer: $0.body) }
    }

    /// An entry with a body of so many bytes.
    func entry(_ letter: Character, _ count: Int) -> CacheEntry {
        let body = ByteBuffer(string: String(repeating: letter, count: count))
        return CacheEntry(
            status: 200,
            storedAt: clock.now,
            ttl: 60_000,
            entityTag: EntityTag.opaque(for: body),
            contentType: "text/plain",
            madeIn: 0,
            body: body
        )
    }
}

@Suite("The store in Redis")
struct RedisStoreTests {
    private let key = CacheKey(whole: Array("n:0:get:/r:".utf8))
    private let long = 3_000_000

    private func withStore(
        writeQueueBytes: Int = 64 << 20,
        lateness: TimeAmount = .milliseconds(6),
        _ body: (Store) async throws -> Void
    ) async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        var configuration = try RedisConfiguration(url: server.url)
        configuration.commandTimeout = .seconds(20)
        let logger = Logger(label: "client") { _ in SwiftLogNoOpLogHandler() }
        let group = MultiThreadedEventLoopGroup.singleton
        let client = try RedisClient(configuration: configuration, eventLoopGroup: group, logger: logger)
        let running = Task { try await client.run() }
        let result: Result<Void, any Error>
        do {
            try await poll("a connection") { client.isAvailable }
            result = .success(try await body(Store(client, writeQueueBytes: writeQueueBytes, lateness: lateness)))
        } catch {
            result = .failure(error)
        }
        running.cancel()
        try await running.value
        try result.get()
    }

    @Test("keeps short bodies and long ones, under either key", arguments: [0, 100, 65_536, 65_537, 3_000_000])
    func keeps(count: Int) async throws {
        try await withStore { store in
            for (letter, key) in [("a", key), ("b", key.other)] as [(Character, CacheKey)] {
                let settled = try #require(store.put(store.entry(letter, count), key).settled)
                try await settled.get()
            }
            #expect(try await store.finalBody(key) == String(repeating: "a", count: count))
            #expect(try await store.finalBody(key.other) == String(repeating: "b", count: count))
        }
    }

    @Test("A mode says what becomes of the entries that are there")
    func modes() async throws {
        let expected: [(PutMode, key: String, other: String?)] = [
            (.replace, "c", "b"), (.replaceBoth, "c", nil), (.add, "a", "b"),
        ]
        for (mode, body, otherBody) in expected {
            for key in [key, key.other] {
                try await withStore { store in
                    for (letter, key) in [("a", key), ("b", key.other)] as [(Character, CacheKey)] {
                        try await #require(store.put(store.entry(letter, 1), key).settled).get()
                    }
                    try await #require(store.put(store.entry("c", 1), key, mode).settled).get()
                    #expect(try await store.finalBody(key) == body, "\(mode) \(key)")
                    #expect(try await store.finalBody(key.other) == otherBody, "\(mode) \(key)")
                }
                try await withStore { store in
                    try await #require(store.put(store.entry("c", 1), key, mode).settled).get()
                    #expect(try await store.finalBody(key) == "c")
                }
            }
        }
    }

    @Test("reads the other form in the same step where there is none under the key, and says so")
    func other() async throws {
        try await withStore { store in
            let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
            func read(_ key: CacheKey, orOther: Bool) async throws -> StoreLookupResult? {
                guard
                    case .pending(let reading) = store.store.read(
                        key,
                        orOther: orOther,
                        tokens: [],
                        near: 0,
                        within: .seconds(60),
                        on: eventLoop
                    )
                else { return nil }
                return try await reading.get()
            }
            for key in [key, key.other] {
                let absent = try await read(key, orOther: true)
                #expect(absent?.entry == nil && absent?.isOther == true)
            }
            try await #require(store.put(store.entry("a", 1), key).settled).get()
            for (key, orOther, body, isOther) in [
                (key, false, "a", false), (key, true, "a", false), (key.other, true, "a", true),
                (key.other, false, nil, false),
            ] {
                let reading = try await read(key, orOther: orOther)
                #expect(reading?.entry.map { String(buffer: $0.body) } == body)
                #expect(reading?.isOther == isOther)
            }
            try await #require(store.put(store.entry("b", 1), key.other).settled).get()
            let both = try await read(key.other, orOther: true)
            #expect(both?.entry.map { String(buffer: $0.body) } == "b")
            #expect(both?.isOther == false)
        }
    }

    @Test("what comes after a long body under the same key stays: a removal, a short body, another long one")
    func order() async throws {
        for last in [key, key.other] {
            try await withStore(lateness: .milliseconds(300)) { store in
                let late = try #require(store.put(store.entry("a", long), last).settled)
                store.store.remove(key)
                let body = try await store.finalBody(last)
                #expect(body == nil)
                try await late.get()
            }
            try await withStore(lateness: .milliseconds(300)) { store in
                let late = try #require(store.put(store.entry("a", long), last).settled)
                _ = store.put(store.entry("b", 1), last)
                let body = try await store.finalBody(last)
                #expect(body == "b")
                try await late.get()
            }
            try await withStore(lateness: .milliseconds(300)) { store in
                let late = try #require(store.put(store.entry("a", long), last).settled)
                _ = store.put(store.entry("b", 1), last.other, .replaceBoth)
                #expect(try await store.finalBody(last) == nil)
                #expect(try await store.finalBody(last.other) == "b")
                try await late.get()
            }
            try await withStore(lateness: .milliseconds(300)) { store in
                for letter in "abcd" { _ = store.put(store.entry(letter, long), last) }
                let body = try await store.finalBody(last)
                #expect(body?.first == "d")
            }
        }
    }

    @Test("a long body is forgotten once it is written, and one that is refused at once")
    func forgotten() async throws {
        try await withStore(writeQueueBytes: long + 1000) { store in
            #expect(store.put(store.entry("a", long + 1000), key).isRefused)
            #expect(store.store.writeOrder.count == 0)
            let late = try #require(store.put(store.entry("a", long), key).settled)
            try await late.get()
            #expect(store.store.writeOrder.count == 0)
        }
    }

    @Test("a long body counts with its bytes before it is written")
    func bounds() async throws {
        // Longer than the test takes; the write then finds no connection.
        try await withStore(writeQueueBytes: 2 * long, lateness: .seconds(60)) { store in
            let other = CacheKey(whole: Array("n:0:get:/o:".utf8))
            #expect(!store.put(store.entry("a", long), key).isRefused)
            #expect(store.put(store.entry("b", long), other).isRefused)
            #expect(store.store.writeOrder.count == 1)
        }
    }
}

@Suite("Late writes")
struct EntryWriteOrderTests {
    private let key = CacheKey(whole: Array("n:0:get:/r:".utf8))
    private let other = CacheKey(whole: Array("n:0:get:/o:".utf8))
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("others under the same key begin after a late one, and after each other, until all have begun")
    func order() throws {
        let writes = EntryWriteOrder(lateness: .milliseconds(6))
        #expect(writes.enter(key, isLate: false, now: start) == nil)
        let late = try #require(writes.enter(key, isLate: true, now: start))
        #expect(late == start + .milliseconds(6))
        #expect(writes.enter(other, isLate: false, now: start) == nil)
        let second = try #require(writes.enter(key, isLate: false, now: start + .milliseconds(1)))
        let third = try #require(writes.enter(key, isLate: false, now: start + .milliseconds(1)))
        let fourth = try #require(writes.enter(key, isLate: true, now: start + .milliseconds(2)))
        #expect(late < second && second < third && third < fourth)
        #expect(fourth == start + .milliseconds(8))
        for _ in 0..<3 {
            writes.leave(key)
            #expect(writes.enter(key, isLate: false, now: start + .milliseconds(20)) != nil)
            writes.leave(key)
        }
        writes.leave(key)
        #expect(writes.count == 0)
        #expect(writes.enter(key, isLate: false, now: start) == nil)
    }

    @Test("one that is overdue has others begin after it, too")
    func overdue() throws {
        let writes = EntryWriteOrder(lateness: .milliseconds(6))
        let late = try #require(writes.enter(key, isLate: true, now: start))
        let next = try #require(writes.enter(key, isLate: false, now: start + .seconds(1)))
        #expect(next > late)
        #expect(writes.count == 1)
    }
}
