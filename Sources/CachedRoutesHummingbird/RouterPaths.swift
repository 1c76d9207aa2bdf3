import Hummingbird
import RouteModel

/// The paths under which routes are added to a router.
///
/// A router takes `/users/{id}` and `/users/{user}/orders` for two places of which the second is never reached. Routes read
/// their inputs from the path themselves, so what the router calls a place is of no matter: each has the first name that a route
/// has for it.
struct RouterPaths {
    /// The first names, by the segments before them.
    private var names: [[PathTemplate.Segment]: String] = [:]

    /// The path for a route's template.
    mutating func path(for template: PathTemplate) -> RouterPath {
        var place: [PathTemplate.Segment] = []
        for segment in template.segments {
            if case .input(let name) = segment {
                let first = names[place, default: name]
                names[place] = first
                place.append(.input(first))
            } else {
                place.append(segment)
            }
        }
        return RouterPath(PathTemplate(segments: place).description)
    }
}
