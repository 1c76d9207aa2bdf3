import RouteModel
import Testing

@testable import CachedRoutesCore

@Suite("The memory of keys under which an entry was found")
struct FoundKeyMemoryTests {
    @Test("tells the last result of each key and form, as long as keys don't share a place")
    func keys() {
        let memory = FoundKeyMemory()
        let keys = (0..<100).map { CacheKey(whole: Array("n:0:get:/\($0):".utf8)) }
        for key in keys {
            for form in [key, key.other] {
                #expect(!memory.contains(form))
                memory.note(form, isFound: true)
                #expect(memory.contains(form))
                memory.note(form, isFound: false)
                #expect(!memory.contains(form))
            }
            memory.note(key, isFound: true)
            #expect(!memory.contains(key.other))
        }
        // Of 100 keys in 16,384 places few share one.
        #expect(keys.count(where: memory.contains) > 90)
    }

    @Test("a key that was not found does not make another one of its place forgotten")
    func others() {
        let memory = FoundKeyMemory()
        let first = CacheKey(whole: Array("n:0:get:/first:".utf8))
        memory.note(first, isFound: true)
        for number in 0..<50_000 { memory.note(CacheKey(whole: Array("n:0:get:/\(number):".utf8)), isFound: false) }
        #expect(memory.contains(first))
        for number in 0..<200_000 { memory.note(CacheKey(whole: Array("n:0:get:/\(number):".utf8)), isFound: true) }
        #expect(!memory.contains(first))
    }

    @Test("takes calls of many threads")
    func concurrent() async {
        let memory = FoundKeyMemory()
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    for number in 0..<20_000 {
                        let key = CacheKey(whole: Array("n:\(thread):get:/\(number % 50):".utf8))
                        memory.note(key, isFound: number % 3 > 0)
                        _ = memory.contains(key)
                    }
                }
            }
        }
        let key = CacheKey(whole: Array("n:9:get:/:".utf8))
        memory.note(key, isFound: true)
        #expect(memory.contains(key))
    }
}
