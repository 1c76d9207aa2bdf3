import Logging
import NIOCore
import NIOPosix
import RedisClient
import RouteModel
import TestApp
import TestServers
import Testing

@testable import CachedRoutes

/// Writes to a Redis, and what stands there once all of them have ended.
private struct Store {
    let store: RedisStore
    let clock = WallClock { 1_700_000_000_000 }
    let client: RedisClient
    let writer: BackgroundWriter

    init(_ client: RedisClient, writeQueueBytes: Int) {
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
            tokenLife: TokenLife(),
            binding: .none,
            commandTimeout: .seconds(20),
            logger: logger
        )
    }

    func keep(_ entry: CacheEntry, _ key: CacheKey, as variants: [CacheKey.Variant] = [.identity]) -> Keeping {
        store.keep(entry, under: key, as: variants, tokens: [], for: 600_000)
    }

    /// The body that Redis has under the key in the end.
    func finalBody(_ key: CacheKey) async throws -> String? {
        await writer.drain(deadline: .now() + .seconds(20))
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        guard case .pending(let reading) = store.read(key, tokens: [], near: 0, on: eventLoop) else { return nil }
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
            result = .success(try await body(Store(client, writeQueueBytes: writeQueueBytes)))
        } catch {
            result = .failure(error)
        }
        running.cancel()
        try await running.value
        try result.get()
    }

    @Test("keeps short bodies and long ones, under all their keys", arguments: [0, 100, 65_536, 65_537, 3_000_000])
    func keeps(count: Int) async throws {
        try await withStore { store in
            let entry = store.entry("a", count)
            let settled = try #require(store.keep(entry, key, as: [.identity, .gzip]).settled)
            try await settled.get()
            let body = try await store.finalBody(key)
            #expect(body == String(repeating: "a", count: count))
            let coded = try await store.finalBody(key.variant(.gzip))
            #expect(coded == String(repeating: "a", count: count))
        }
    }

    @Test("what comes after a long body under the same key stays: a removal, a short body, another long one")
    func order() async throws {
        for variants in [[CacheKey.Variant.identity], [.gzip], [.identity, .gzip]] {
            try await withStore { store in
                _ = store.keep(store.entry("a", long), key, as: variants)
                store.store.remove(key)
                let body = try await store.finalBody(key.variant(variants[0]))
                #expect(body == nil)
            }
            try await withStore { store in
                _ = store.keep(store.entry("a", long), key, as: variants)
                _ = store.keep(store.entry("b", 1), key, as: variants)
                let body = try await store.finalBody(key.variant(variants[0]))
                #expect(body == "b")
            }
            try await withStore { store in
                let entries = "abcd".map { store.entry($0, long) }
                for entry in entries { _ = store.keep(entry, key, as: variants) }
                let body = try await store.finalBody(key.variant(variants[0]))
                #expect(body?.first == "d")
            }
        }
    }

    @Test("a long body is forgotten once it is written")
    func forgotten() async throws {
        try await withStore { store in
            let late = try #require(store.keep(store.entry("a", long), key).settled)
            try await late.get()
            try await poll("nothing late") { store.store.lateWrites.count == 0 }
        }
    }

    @Test("a long body counts with its bytes from the start")
    func bounds() async throws {
        try await withStore(writeQueueBytes: 2 * long) { store in
            let other = CacheKey(whole: Array("n:0:get:/o:".utf8))
            let entries = (store.entry("a", long), store.entry("b", long))
            let keepings = (store.keep(entries.0, key), store.keep(entries.1, other))
            #expect(!keepings.0.isRefused)
            #expect(keepings.1.isRefused)
            let body = try await store.finalBody(key)
            #expect(body?.count == long)
        }
    }
}
