import CachedRoutesTesting
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import RouteModel
import Synchronization
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// The memory store, which keeps what a test says, and notes what is found to be no entry.
private final class NotingStore: ForwardingStore {
    private let memory = MemoryStore(budget: 1 << 20)
    private let noted = Mutex<[EntryPolicyViolation]>([])
    private let isFull: Bool

    init(isFull: Bool = false) { self.isFull = isFull }

    var origin: any CacheStore { memory }
    var errors: [EntryPolicyViolation] { noted.withLock { $0 } }

    func reject(_ key: CacheKey, _ error: EntryPolicyViolation) {
        noted.withLock { $0.append(error) }
        memory.remove(key)
    }

    func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        tokens: [TagVersionKey],
        for lifetime: Int64,
        _ mode: PutMode
    ) -> PutResult {
        isFull ? .tooLong : memory.put(entry, under: key, tokens: tokens, for: lifetime, mode)
    }

    func entry(_ key: CacheKey) -> CacheEntry? {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        guard
            case .ready(let reading) = memory.read(
                key,
                orOther: false,
                tokens: [],
                near: 0,
                within: .zero,
                on: eventLoop
            )
        else {
            return nil
        }
        return reading.entry
    }
}

@Suite("An entry that its route would not have stored")
struct RejectedEntryTests {
    private static let key = CacheKey(whole: Array("test:00000000:get:/users:limit=20&skip=0".utf8))

    private func service(_ store: NotingStore) -> CachedRoutesService {
        CachedRoutesService.testing(
            StoreBackend(store),
            database: CannedDatabase(json: "[1]"),
            clock: .system,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test(
        "is a miss, is replaced, and is noted once, under whichever key a client finds it",
        arguments: [("", CacheKey.Variant.identity), ("", .gzip), ("gzip", .identity), ("gzip", .gzip)]
    )
    func replaced(coding: String, place: CacheKey.Variant) async throws {
        let store = NotingStore()
        let service = service(store)
        let route = CompiledRoute(TestRoutes.users())
        let fields: HTTPFields = coding.isEmpty ? [:] : [.acceptEncoding: coding]
        _ = await service.get("/users", of: route, fields)
        #expect(await service.get("/users", of: route, fields).cacheStatus?.hasPrefix("CachedRoutes; hit") == true)
        var forged = try #require(store.entry(Self.key))
        forged.change { parts in
            parts.fields[.cacheControl] = "public, max-age=31536000"
            parts.body = ByteBuffer(string: "forged")
        }
        store.remove(Self.key)
        _ = store.put(forged, under: Self.key.variant(place), for: 60_000)
        let answer = await service.get("/users", of: route, fields)
        #expect(answer.text == "[1]" && answer.headerFields[.cacheControl] == "public, max-age=60")
        #expect(answer.cacheStatus?.hasPrefix("CachedRoutes; fwd=miss; stored; detail=unreadable") == true, "\(answer)")
        #expect(await service.get("/users", of: route, fields).cacheStatus?.hasPrefix("CachedRoutes; hit") == true)
        #expect(store.errors == [.fields])
    }

    @Test("and one that the store finds too long to be read says why it is not kept")
    func tooLong() async throws {
        let service = service(NotingStore(isFull: true))
        let route = CompiledRoute(TestRoutes.users())
        for _ in 0..<3 {
            let answer = await service.get("/users", of: route)
            #expect(answer.text == "[1]")
            #expect(answer.cacheStatus == "CachedRoutes; fwd=uri-miss; detail=too-long")
            #expect(answer.headerFields[.lastModified] == nil)
        }
    }
}
