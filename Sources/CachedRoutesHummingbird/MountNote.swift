import CachedRoutes
import RouteModel
import Synchronization

/// Whether it is known where a router has put a route.
final class MountNote: Sendable {
    private let isNoted = Atomic(false)

    /// Notes the path that the router has matched, the first time.
    func note(_ route: PlannedRoute, at path: String?, in mounts: RouteMounts) {
        guard mounts.areWanted, !isNoted.load(ordering: .relaxed), let path, !isNoted.exchange(true, ordering: .relaxed)
        else { return }
        if let template = Self.template(path) { mounts.add(route, at: template) }
    }

    /// A router's path as a template; `nil` for one with segments that a template does not have.
    static func template(_ path: String) -> PathTemplate? {
        var segments: [PathTemplate.Segment] = []
        for segment in path.split(separator: "/") {
            if segment.hasPrefix(":") {
                segments.append(.input(String(segment.dropFirst())))
            } else if segment.contains("*") {
                return nil
            } else if segment.hasPrefix("{"), segment.hasSuffix("}"),
                segment.dropFirst().dropLast().allSatisfy({ $0 != "{" })
            {
                segments.append(.input(String(segment.dropFirst().dropLast())))
            } else if segment.contains("{") || segment.contains("}") {
                return nil
            } else {
                segments.append(.literal(String(segment)))
            }
        }
        return PathTemplate(segments: segments)
    }
}
