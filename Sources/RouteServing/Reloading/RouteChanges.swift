package import RouteManifest
import RouteModel

/// The difference between two tables of routes.
package struct RouteChanges: Hashable, Sendable {
    /// The names of routes that are new, in their order.
    package private(set) var added: [String] = []
    /// The names of routes that are gone, in their order.
    package private(set) var removed: [String] = []
    /// The names of routes that are served in another way, in their order.
    package private(set) var changed: [String] = []

    private struct Name: Hashable {
        let namespace: String
        let name: String

        init(_ route: RouteDescription) {
            namespace = route.signature.namespace
            name = route.name
        }
    }

    /// Compares two tables. A route that stands at another line of its manifest is the same.
    package init(from former: [RouteDescription], to routes: [RouteDescription]) {
        let before = Dictionary(former.map { (Name($0), $0.withoutLocation) }, uniquingKeysWith: { first, _ in first })
        var rest = before
        for route in routes {
            rest[Name(route)] = nil
            switch before[Name(route)] {
            case nil: added.append(route.name)
            case route.withoutLocation?: break
            case .some: changed.append(route.name)
            }
        }
        removed = former.filter { rest[Name($0)] != nil }.map(\.name)
    }

    /// Indicates that the routes are the same.
    package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    /// The changes in words, such as `changed getUser; added newest`; empty if there are none.
    package var words: String {
        [("changed", changed), ("added", added), ("removed", removed)].filter { !$0.1.isEmpty }
            .map { "\($0.0) \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
    }
}
