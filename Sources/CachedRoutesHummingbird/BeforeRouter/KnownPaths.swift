import CachedRoutes
import Synchronization

/// Which paths a server's router has given to which routes.
///
/// What a router makes of a path is its own affair: prefixes of groups, routes of the app's own, precedence, case. So nothing is
/// answered before it but what it has decided itself: a path, byte for byte, that it has given to a route before. A router
/// decides the same of it each time.
final class KnownPaths: Sendable {
    private struct Known {
        let path: [UInt8]
        let isHead: Bool
        let route: PlannedRoute
    }

    /// Some of the paths. The older half leaves when the younger one is full, but for what was asked for since.
    private final class Stripe: Sendable {
        private struct Halves {
            var younger: [Int: Known] = [:]
            var older: [Int: Known] = [:]
        }

        private let halves = Mutex(Halves())

        func known(under hash: Int, isCalled: (Known) -> Bool, limit: Int) -> PlannedRoute? {
            halves.withLock { halves in
                if let known = halves.younger[hash] { return isCalled(known) ? known.route : nil }
                guard let known = halves.older[hash], isCalled(known) else { return nil }
                Self.insert(known, under: hash, into: &halves, limit: limit)
                return known.route
            }
        }

        func insert(_ known: Known, under hash: Int, limit: Int) {
            halves.withLock { Self.insert(known, under: hash, into: &$0, limit: limit) }
        }

        private static func insert(_ known: Known, under hash: Int, into halves: inout Halves, limit: Int) {
            if halves.younger.count >= limit {
                halves.older = halves.younger
                halves.younger = [:]
            }
            halves.younger[hash] = known
        }

        var count: Int { halves.withLock { $0.younger.count + $0.older.count } }
    }

    /// A longer path is the router's each time.
    static let longestPath = 256

    private let stripes: [Stripe]
    private let limit: Int

    /// - Parameter limit: how many paths are known at most.
    init(limit: Int = 32 * 1024) {
        stripes = (0..<16).map { _ in Stripe() }
        self.limit = max(1, limit / 2 / stripes.count)
    }

    /// The number of paths known.
    var count: Int { stripes.reduce(0) { $0 + $1.count } }

    /// The route that the router has given this path to; `nil`: it has not been asked, or too long ago.
    func route(of path: UnsafeRawBufferPointer, isHead: Bool) -> PlannedRoute? {
        let hash = Self.hash(path, isHead)
        return stripe(hash).known(
            under: hash,
            isCalled: { $0.isHead == isHead && $0.path.elementsEqual(path) },
            limit: limit
        )
    }

    /// The router has given this path to `route`.
    func add(_ path: [UInt8], isHead: Bool, _ route: PlannedRoute) {
        guard path.count <= Self.longestPath else { return }
        let hash = path.withUnsafeBytes { Self.hash($0, isHead) }
        stripe(hash).insert(Known(path: path, isHead: isHead, route: route), under: hash, limit: limit)
    }

    private func stripe(_ hash: Int) -> Stripe { stripes[(hash >> 8) & (stripes.count - 1)] }

    /// Seeded anew in each process, so that nobody can choose paths that meet.
    private static func hash(_ path: UnsafeRawBufferPointer, _ isHead: Bool) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: path)
        hasher.combine(isHead)
        return hasher.finalize()
    }
}
