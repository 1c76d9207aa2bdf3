import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The memory store's cache")
struct LRUCacheTests {
    // `#expect` can't call what mutates a value, but it can pass the value on.
    private func insert<Key: Hashable>(
        _ value: Int,
        _ key: Key,
        _ cost: Int,
        _ expiry: Int64,
        into cache: inout LRUCache<Key, Int>
    )
        -> Bool
    {
        cache.insert(value, for: key, cost: cost, expiry: expiry)
    }

    private func value<Key: Hashable>(_ key: Key, at now: Int64, in cache: inout LRUCache<Key, Int>) -> Int? {
        cache.value(for: key, at: now)
    }
    @Test("lets what was used least recently go first, and keeps its budget")
    func eviction() {
        var cache = LRUCache<String, Int>(budget: 30)
        for (number, key) in ["a", "b", "c"].enumerated() {
            #expect(insert(number, key, 10, 100, into: &cache))
        }
        #expect(value("a", at: 0, in: &cache) == 0)
        #expect(insert(3, "d", 15, 100, into: &cache))
        #expect(value("b", at: 0, in: &cache) == nil)
        #expect(value("c", at: 0, in: &cache) == nil)
        #expect(value("a", at: 0, in: &cache) == 0)
        #expect(value("d", at: 0, in: &cache) == 3)
        #expect(cache.cost == 25)
        #expect(cache.evictions == 2)
    }

    @Test("gives nothing out that has expired")
    func expiry() {
        var cache = LRUCache<String, Int>(budget: 30)
        #expect(insert(1, "a", 10, 100, into: &cache))
        #expect(value("a", at: 99, in: &cache) == 1)
        #expect(value("a", at: 100, in: &cache) == nil)
        #expect(cache.cost == 0)
        #expect(cache.count == 0)
    }

    @Test("refuses what is over its budget and lets the older value of that key go")
    func tooLarge() {
        var cache = LRUCache<String, Int>(budget: 30)
        #expect(insert(1, "a", 10, 100, into: &cache))
        #expect(!insert(2, "a", 31, 100, into: &cache))
        #expect(value("a", at: 0, in: &cache) == nil)
        #expect(cache.cost == 0)
    }

    @Test("behaves like a list of recent uses, for ten thousand random steps")
    func model() {
        var random = SystemRandomNumberGenerator.seeded(7)
        var cache = LRUCache<Int, Int>(budget: 100)
        var model: [(key: Int, value: Int, cost: Int, expiry: Int64)] = []
        for step in 0..<10_000 {
            let key = Int.random(in: 0..<20, using: &random)
            let now = Int64(step)
            if Bool.random(using: &random) {
                let cost = Int.random(in: 1...40, using: &random)
                let expiry = now + Int64.random(in: 1...200, using: &random)
                #expect(insert(step, key, cost, expiry, into: &cache))
                model.removeAll { $0.key == key }
                while model.reduce(0, { $0 + $1.cost }) + cost > 100 { model.removeLast() }
                model.insert((key, step, cost, expiry), at: 0)
            } else {
                let expected = model.firstIndex { $0.key == key }
                let value = cache.value(for: key, at: now)
                if let expected {
                    let found = model.remove(at: expected)
                    if found.expiry > now {
                        #expect(value == found.value)
                        model.insert(found, at: 0)
                    } else {
                        #expect(value == nil)
                    }
                } else {
                    #expect(value == nil)
                }
            }
            #expect(cache.cost == model.reduce(0) { $0 + $1.cost })
            #expect(cache.count == model.count)
        }
    }

    @Test("counts what an entry's buffer really holds, not the slice it shows")
    func sliceCost() {
        let store = MemoryStore(budget: 10_000)
        let large = ByteBuffer(repeating: 0x20, count: 1 << 20)
        let entry = CacheEntry(
            status: 200,
            storedAt: 0,
            ttl: 1000,
            entityTag: "x",
            contentType: "text/plain",
            madeIn: 0,
            body: large.getSlice(at: 0, length: 100)!
        )
        guard case .done = store.put(entry, under: CacheKey(whole: [1]), for: 1000) else {
            Issue.record("the entry was refused")
            return
        }
        #expect(store.usage.bytes < 1000)
        #expect(store.usage.entries == 1)
    }
}
