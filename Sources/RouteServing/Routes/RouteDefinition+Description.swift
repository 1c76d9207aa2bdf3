package import CachedRoutesCore
package import RouteManifest
import RouteModel

extension RouteDefinition {
    /// Makes the routes of a manifest from their descriptions, as its generated code does.
    ///
    /// - Parameters:
    ///   - descriptions: the routes of one manifest, in its order.
    ///   - known: for each of them the route that was made of an equal description before, if it is to be taken again; may be
    ///     empty.
    ///   - handler: returns the handler of a route that a method of the app answers.
    /// - Returns: the routes in the same order.
    package static func routes(
        of descriptions: [RouteDescription],
        reusing known: [RouteDefinition?] = [],
        handler: (RouteDescription) -> Handler
    ) -> [RouteDefinition] {
        // The routes that preconditions are compared with have none themselves.
        var references: [String: RouteDefinition] = [:]
        let simple = descriptions.enumerated().map { index, description -> RouteDefinition? in
            if known.indices.contains(index), let route = known[index] {
                references[description.name] = route
                return route
            }
            guard description.precondition == nil else { return nil }
            let source: Source =
                switch description.source {
                case .sql(let statement): Source(statement)
                case .handler: .handler(handler(description))
                }
            let route = RouteDefinition(description.declaration, source)
            references[description.name] = route
            return route
        }
        return zip(descriptions, simple).map { description, route in
            route ?? RouteDefinition(description, comparingWith: references)
        }
    }

    /// Makes a write with a precondition.
    private init(_ description: RouteDescription, comparingWith references: [String: RouteDefinition]) {
        guard case .sql(let statement) = description.source, let policy = description.precondition,
            let reference = references[policy.route]
        else { preconditionFailure("\(description.name) has a precondition, which was checked with the manifest") }
        self.init(
            description.declaration,
            Source(statement),
            precondition: PreconditionPolicy(reference, required: policy.isRequired)
        )
    }
}

extension RouteDefinition.Source {
    /// The statement of a route.
    fileprivate init(_ statement: SQLDescription) {
        self = .sql(statement.sql, binding: statement.binding, locked: statement.locked.map { LockedColumns($0) })
    }
}

extension LockedColumns {
    fileprivate init(_ lock: LockDescription) {
        self.init(parameters: lock.parameters, columns: lock.columns.map { Column($0.name, $0.type) })
    }
}
