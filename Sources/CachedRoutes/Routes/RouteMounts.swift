package import RouteModel
import Synchronization

/// At which paths an app's router has put routes.
///
/// A router tells nobody below which prefix a group of it stands. But it says of each request which path it has matched, and so a
/// route's place is known from its first request on, which is no hit anyway.
package final class RouteMounts: Sendable {
    private let places = Mutex<[RoutePlace]>([])
    private let count = Atomic(0)
    private let isWanted = Atomic(false)

    /// Whether a route is to be answered before the router.
    package var areWanted: Bool { isWanted.load(ordering: .relaxed) }

    func expect() { isWanted.store(true, ordering: .relaxed) }

    /// The router has given a request that matches `path` to `route`.
    package func add(_ route: PlannedRoute, at path: PathTemplate) {
        places.withLock { places in
            guard !places.contains(where: { $0.path == path && $0.route.plan === route.plan }) else { return }
            places.append(RoutePlace(path: path, route: route))
            places.sort { $0.precedes($1) }
            count.store(places.count, ordering: .releasing)
        }
    }

    /// Brings what a connection knows up to date.
    package func update(_ known: inout [RoutePlace]) {
        if count.load(ordering: .acquiring) != known.count { known = places.withLock { $0 } }
    }
}

/// A route at a path.
package struct RoutePlace: Sendable {
    private enum Segment: Sendable {
        case literal([UInt8])
        case input
    }

    let path: PathTemplate
    /// The route.
    package let route: PlannedRoute
    private let segments: [Segment]

    init(path: PathTemplate, route: PlannedRoute) {
        self.path = path
        self.route = route
        segments = path.segments.map { segment in
            switch segment {
            case .literal(let text): .literal(Array(text.utf8))
            case .input: .input
            }
        }
    }

    /// Whether a router tries this place first: a segment that is given before one that is not.
    func precedes(_ other: RoutePlace) -> Bool {
        guard segments.count == other.segments.count else { return segments.count < other.segments.count }
        for (one, two) in zip(segments, other.segments) {
            switch (one, two) {
            case (.literal, .input): return true
            case (.input, .literal): return false
            default: continue
            }
        }
        return false
    }

    /// Whether a request's path leads here. Empty segments don't count.
    package func matches(_ path: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        for segment in segments {
            while position < path.count, path[position] == 0x2F { position += 1 }
            let start = position
            switch segment {
            case .literal(let text):
                guard path.count - start >= text.count, text.indices.allSatisfy({ path[start + $0] == text[$0] })
                else { return false }
                position += text.count
            case .input:
                while position < path.count, path[position] != 0x2F { position += 1 }
                guard position > start else { return false }
            }
            guard position == path.count || path[position] == 0x2F else { return false }
        }
        return path[position...].allSatisfy { $0 == 0x2F }
    }
}
