import RouteModel
import Synchronization

/// Remembers keys under which this process has found an entry.
///
/// It is a table of a fixed size whose places are shared by many keys, so that a key may be forgotten. Only the length
/// of a reply or a second round trip depends on it, never the response.
///
/// It is `@unchecked Sendable` because its memory is allocated and freed with it, and is otherwise used by atomic
/// operations only.
final class FoundKeyMemory: @unchecked Sendable {
    private static let count = 1 << 14
    private let places: UnsafeMutablePointer<Atomic<UInt32>>

    init() {
        places = .allocate(capacity: Self.count)
        for index in 0..<Self.count { (places + index).initialize(to: Atomic(0)) }
    }

    deinit {
        places.deinitialize(count: Self.count)
        places.deallocate()
    }

    /// Indicates that an entry was found under `key` at the last lookup.
    func contains(_ key: CacheKey) -> Bool {
        let (index, mark) = Self.place(of: key)
        return places[index].load(ordering: .relaxed) == mark
    }

    /// Records whether an entry was found under `key`.
    func note(_ key: CacheKey, isFound: Bool) {
        let (index, mark) = Self.place(of: key)
        // Written only when it changes, because all event loops share the table.
        let isNoted = places[index].load(ordering: .relaxed) == mark
        if isFound != isNoted { places[index].store(isFound ? mark : 0, ordering: .relaxed) }
    }

    private static func place(of key: CacheKey) -> (index: Int, mark: UInt32) {
        let hash = UInt(bitPattern: key.hashValue)
        return (Int(hash & UInt(count - 1)), UInt32(truncatingIfNeeded: hash >> 32) | 1)
    }
}
