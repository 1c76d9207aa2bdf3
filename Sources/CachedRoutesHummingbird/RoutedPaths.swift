import CachedRoutes
import HTTPFrontend
import Synchronization

/// The paths that a server's router has given to routes.
///
/// Only the router knows how it treats a path: prefixes of groups, the app's own routes, precedence, case. A request is
/// therefore answered before the router only if the router has given the same path, byte for byte, to the route before:
/// it decides the same each time.
final class RoutedPaths: EarlyRouteLookup, Sendable {
    private struct Known {
        let path: [UInt8]
        let isHead: Bool
        let route: CompiledRoute
    }

    /// A part of the paths. When the younger half is full, the older one is dropped, except for paths that were looked
    /// up since.
    private final class Stripe: Sendable {
        private struct Halves {
            var younger: [Int: Known] = [:]
            var older: [Int: Known] = [:]
        }

        private let halves = Mutex(Halves())
        /// The largest number of paths in a half.
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

    /// The longest path that is learned, in bytes.
    static let longestPath = 256

    private static let stripeCount = 16
    private let stripes: [Stripe]

    /// - Parameter limit: the largest number of paths.
    init(limit: Int = 32 * 1024) {
        let half = max(1, limit / 2 / Self.stripeCount)
        stripes = (0..<Self.stripeCount).map { _ in Stripe(limit: half) }
    }

    var isStable: Bool { true }

    /// The number of known paths.
    var count: Int { stripes.reduce(0) { $0 + $1.count } }

    /// Returns the route that the router has given a path to; `nil` if the path is not known, or no longer.
    func route(of path: UnsafeRawBufferPointer, isHead: Bool) -> CompiledRoute? {
        let hash = Self.hash(path, isHead)
        return stripe(hash).known(under: hash) { $0.isHead == isHead && $0.path.elementsEqual(path) }
    }

    /// Records that the router has given a path to a route.
    func add(_ path: [UInt8], isHead: Bool, route: CompiledRoute) {
        guard path.count <= Self.longestPath else { return }
        let hash = path.withUnsafeBytes { Self.hash($0, isHead) }
        stripe(hash).insert(Known(path: path, isHead: isHead, route: route), under: hash)
    }

    /// Removes a path, which can be learned again.
    func remove(_ path: [UInt8], isHead: Bool) {
        let hash = path.withUnsafeBytes { Self.hash($0, isHead) }
        stripe(hash).remove(under: hash)
    }

    private func stripe(_ hash: Int) -> Stripe { stripes[(hash >> 8) & (Self.stripeCount - 1)] }

    /// Hashes with a random seed for each process, so that a client can't choose paths that collide.
    private static func hash(_ path: UnsafeRawBufferPointer, _ isHead: Bool) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: path)
        hasher.combine(isHead)
        return hasher.finalize()
    }
}
