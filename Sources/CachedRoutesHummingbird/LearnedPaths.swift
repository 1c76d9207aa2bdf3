import CachedRoutes
import Synchronization

/// Which paths a server's router has given to which routes.
///
/// What a router makes of a path is its own affair: prefixes of groups, routes of the app's own, precedence, case. So nothing is
/// answered before it but what it has decided itself: a path, byte for byte, that it has given to a route before. A router
/// decides the same of it each time.
final class LearnedPaths: Sendable {
    private struct Known {
        let path: [UInt8]
        let isHead: Bool
        let route: CompiledRoute
    }

    /// Some of the paths. The older half leaves when the younger one is full, but for what was asked for since.
    private final class Stripe: Sendable {
        private struct Halves {
            var younger: [Int: Known] = [:]
            var older: [Int: Known] = [:]
        }

        private let halves = Mutex(Halves())
        /// How many paths a half holds.
        private let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        func known(under hash: Int, isCalled: (Known) -> Bool) -> CompiledRoute? {
            halves.withLock { halves in
                if let known = halves.younger[hash] { return isCalled(known) ? known.route : nil }
                guard let known = halves.older[hash], isCalled(known) else { return nil }
                insert(known, under: hash, into: &halves)
                return known.route
            }
        }

        func insert(_ known: Known, under hash: Int) {
            halves.withLock { insert(known, under: hash, into: &$0) }
        }

        func remove(under hash: Int) {
            halves.withLock { halves in
                halves.younger[hash] = nil
                halves.older[hash] = nil
            }
        }

        private func insert(_ known: Known, under hash: Int, into halves: inout Halves) {
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

    private static let stripeCount = 16
    private let stripes: [Stripe]

    /// - Parameter limit: how many paths are known at most.
    init(limit: Int = 32 * 1024) {
        let half = max(1, limit / 2 / Self.stripeCount)
        stripes = (0..<Self.stripeCount).map { _ in Stripe(limit: half) }
    }

    /// The number of paths known.
    var count: Int { stripes.reduce(0) { $0 + $1.count } }

    /// The route that the router has given this path to; `nil`: it has not been asked, or too long ago.
    func route(of path: UnsafeRawBufferPointer, isHead: Bool) -> CompiledRoute? {
        let hash = Self.hash(path, isHead)
        return stripe(hash).known(under: hash) { $0.isHead == isHead && $0.path.elementsEqual(path) }
    }

    /// The router has given this path to `route`.
    func add(_ path: [UInt8], isHead: Bool, _ route: CompiledRoute) {
        guard path.count <= Self.longestPath else { return }
        let hash = path.withUnsafeBytes { Self.hash($0, isHead) }
        stripe(hash).insert(Known(path: path, isHead: isHead, route: route), under: hash)
    }

    /// A path is to be learnt anew.
    func remove(_ path: [UInt8], isHead: Bool) {
        let hash = path.withUnsafeBytes { Self.hash($0, isHead) }
        stripe(hash).remove(under: hash)
    }

    private func stripe(_ hash: Int) -> Stripe { stripes[(hash >> 8) & (Self.stripeCount - 1)] }

    /// Seeded anew in each process, so that nobody can choose paths that meet.
    private static func hash(_ path: UnsafeRawBufferPointer, _ isHead: Bool) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: path)
        hasher.combine(isHead)
        return hasher.finalize()
    }
}
