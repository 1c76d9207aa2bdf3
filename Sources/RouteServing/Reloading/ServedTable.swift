package import CachedRoutesCore
package import RouteManifest
import RouteModel

/// The routes that are served, with those of the table before that are still the same.
///
/// A route whose description has not changed stays the same object, and with it its statement, its metrics and its warming.
/// A description has its line: a route below an inserted line is another object with the same keys. Nothing is left behind that
/// grows with the number of changes.
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
        let known = Dictionary(
            zip(last?.descriptions ?? [], last?.routes ?? []).map { ($0, $1) },
            uniquingKeysWith: { first, _ in first }
        )
        descriptions = manifests.flatMap { $0 }
        routes = manifests.flatMap { descriptions in
            let changed = Set(descriptions.filter { known[$0] == nil }.map(\.name))
            // A description names the route that preconditions are compared with, and does not have it.
            let same = descriptions.map { description in
                changed.contains(description.precondition?.route ?? "") ? nil : known[description]
            }
            let definitions = RouteDefinition.routes(
                of: descriptions,
                reusing: same.map { $0?.route },
                handler: handler
            )
            return zip(same, definitions).map { $0 ?? CompiledRoute($1) }
        }
    }
}
