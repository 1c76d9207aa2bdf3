package import RouteModel

/// A statement of a manifest with all that is needed to check it on a database.
///
/// There is one for each route whose statement can be sent, even if something else of the route or of the manifest is faulty.
package struct StatementToCheck: Sendable {
    /// A name of a manifest and its place.
    package struct Name: Sendable, Hashable {
        /// The name.
        package var text: String
        /// The place.
        package var location: Location

        /// Creates a name.
        package init(_ text: String, at location: Location) {
            self.text = text
            self.location = location
        }
    }

    /// The index of the manifest among the sources of the ``ManifestSet``.
    package var manifest: Int
    /// The name of the route.
    package var route: String
    /// The place of the key `sql` or `sql-file`.
    package var sourceLocation: Location
    /// The statement.
    package var statement: LocatedStatement
    /// The type of each parameter.
    package var types: [InputType]
    /// The texts that the manifest itself gives to each parameter, by `one-of` and `default`; empty for inputs that are no strings.
    package var texts: [[String]]
    /// The place of each input's declaration, by the names that the statement uses.
    package var inputLocations: [String: Location]
    /// The rows of a response.
    package var returns: RouteDeclaration.Returns
    /// The place of the value of `returns`; `nil` if it is not written.
    package var returnsLocation: Location?
    /// Indicates a GET route, whose statement runs READ ONLY.
    package var isRead: Bool
    /// The tables under `tables` in their canonical spelling, each with its place; `nil` without the setting or with
    /// `tables: auto`. Empty for `tables: off`.
    package var tables: [String: Location]?
    /// The place of the setting `tables`, or of the word `auto` in it; `nil` without it.
    package var tablesLocation: Location?
    /// Indicates `tables: auto`: the tables are those of the lock.
    package var isAutomatic: Bool
    /// The place of each constraint that `errors` names.
    package var errors: [String: Location]
    /// The columns that `not-null` names, in its order.
    package var notNull: [Name]
    /// The checks that are silenced.
    package var allowed: Set<DiagnosticName>
    /// The place of each column of the result as far as the SQL tells them: those before the first `*`. Empty if they
    /// can't be determined.
    package var columnPlaces: [Location]
    /// Indicates that the build reports an error about the statement's columns or about a statement that writes, of which
    /// the database's words would be a repetition.
    package var isKnownFaulty: Bool
    /// The digest of all that decides the types of parameters and columns, see ``StatementDigest``.
    package var digest: String
}
