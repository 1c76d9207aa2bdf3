package import RouteManifest
package import RouteModel

/// A route of a list, with what its description doesn't say.
package struct ListedRoute: Sendable {
    /// The description of the route.
    package let description: RouteDescription
    /// Indicates `tables: auto` without an entry of a lock that fits, so that the tables are not known.
    package let hasUnknownTables: Bool

    /// Creates a route of a list.
    ///
    /// - Parameters:
    ///   - description: the description of the route.
    ///   - hasUnknownTables: `true` for `tables: auto` without an entry of a lock that fits.
    package init(_ description: RouteDescription, hasUnknownTables: Bool = false) {
        var description = description
        // Tables of an entry that doesn't fit are those of another statement.
        if hasUnknownTables, var cache = description.declaration.cache {
            cache.tables = nil
            description.declaration.kind = .read(cache)
        }
        self.description = description
        self.hasUnknownTables = hasUnknownTables
    }

    /// The declaration of the route.
    package var declaration: RouteDeclaration { description.declaration }
    /// The name of the route.
    package var name: String { declaration.name }
    /// Indicates that a method of the app makes the responses.
    package var isHandler: Bool { description.isHandler }
    /// The method as requests have it.
    package var method: String { declaration.signature.method.rawValue.uppercased() }

    /// The purges of a write, such as `user:{id}` and `route listUsers`.
    var purges: [String] {
        guard let write = declaration.write else { return [] }
        return write.invalidates.map(\.description)
            + write.targets.map { target in
                switch target.answers {
                case .tagged(let tag): tag.description
                case .all(let route): "route \(route)"
                }
            }
    }
}
