package import CachedRoutesCore
package import RouteManifest
import RouteModel

/// The routes that are served, with those of the table before that are still the same.
///
/// A route whose description has not changed but for its line stays the same object, and with it its statement, its metrics and its
/// warming: lines that are inserted above it cost nothing. Nothing is left behind that grows with the number of changes.
package struct ServedTable: Sendable {
    /// The descriptions of all routes, in the order of the manifests.
    package let descriptions: [RouteDescription]
    /// The routes in the same order.
    package let routes: [CompiledRoute]

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - manifests: the routes of each manifest.
    ///   - last: the table before; `nil` if there is none.
    ///   - handler: returns the handler of a route that a method of the app answers.
    package init(
        _ manifests: [[RouteDescription]],
        after last: ServedTable?,
        handler: (RouteDescription) -> RouteDefinition.Handler
    ) {
        // Each route once: of two equal declarations the other one is a route of its own, and an error.
        var known = Dictionary(
            zip(last?.descriptions ?? [], last?.routes ?? []).map { ($0.withoutLocation, $1) },
            uniquingKeysWith: { first, _ in first }
        )
        descriptions = manifests.flatMap { $0 }
        var routes: [CompiledRoute] = []
        for descriptions in manifests {
            let equal = descriptions.map { known.removeValue(forKey: $0.withoutLocation) }
            let changed = Set(zip(descriptions, equal).filter { $0.1 == nil }.map { $0.0.name })
            // A description names the route that preconditions are compared with, and does not have it.
            let same = zip(descriptions, equal).map { description, route in
                changed.contains(description.precondition?.route ?? "") ? nil : route
            }
            let definitions = RouteDefinition.routes(
                of: descriptions,
                reusing: same.map { $0?.route },
                handler: handler
            )
            routes += zip(same, definitions).map { $0 ?? CompiledRoute($1) }
        }
        self.routes = routes
    }

    /// Gives the routes the places that their manifests have for them now. Call it before the table takes the place of the one
    /// before, with which it shares routes.
    package func locate() {
        for (description, route) in zip(descriptions, routes) { route.route.move(to: description.declaration.location) }
    }
}
