/// The entry of a lock for a statement of a route.
package enum RouteLockEntry: Sendable {
    /// There is none.
    case none
    /// It is about another statement of the route.
    case other(LockedStatement, RouteLockDocument.StatementPlaces)
    /// It is about this statement.
    case current(LockedStatement, RouteLockDocument.StatementPlaces)
}

extension RouteLockDocument {
    /// Returns the entry for a statement.
    ///
    /// - Parameters:
    ///   - route: the name of the route.
    ///   - digest: the digest of its statement, see ``StatementDigest``.
    package func entry(of route: String, digest: String) -> RouteLockEntry {
        guard let entries = lock.routes[route], let entry = entries.first, let places = statements[route]?.first else {
            return .none
        }
        return entries.count == 1 && entry.digest == digest ? .current(entry, places) : .other(entry, places)
    }

    /// Tells whether there is an entry about the statement that a route has now.
    ///
    /// - Parameters:
    ///   - route: the name of the route.
    ///   - digest: the digest of its statement.
    package func describes(_ route: String, digest: String) -> Bool {
        if case .current = entry(of: route, digest: digest) { true } else { false }
    }

    /// Returns the words about an entry that is not the one of a statement, without a cure, and a note with its place; `nil` for
    /// the current one.
    package func fault(
        of entry: RouteLockEntry,
        route: String
    ) -> (message: String, notes: [Diagnostic.Note])? {
        switch entry {
        case .none: ("\(fileName) has no entry for route '\(route)'", [])
        case .other(_, let places):
            (
                "\(fileName) describes an earlier version of route '\(route)': its SQL, inputs, 'returns' or 'not-null' were others",
                [.init("it is described here", at: places.entry)]
            )
        case .current: nil
        }
    }
}
