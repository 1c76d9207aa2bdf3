/// A lock that was read, with the places of its parts.
package struct RouteLockDocument: Sendable {
    /// The places of the parts of a statement's entry.
    package struct StatementPlaces: Sendable {
        /// The place of the entry.
        package var entry: Location
        /// The place of `parameters`, or of the entry without them.
        package var parameters: Location
        /// The place of each column.
        package var columns: [Location]
        /// The place of `tables`, or of the entry without them.
        package var tables: Location
    }

    /// The lock.
    package let lock: RouteLock
    /// The lock's file as diagnostics name it.
    package let file: String
    /// The place of each route's name.
    package let routes: [String: Location]
    /// The places of each route's statements.
    package let statements: [String: [StatementPlaces]]
    /// The place of each enum's name.
    package let enums: [String: Location]

    /// The name of the file for messages, without its folder.
    package var fileName: String { file.split(separator: "/").last.map(String.init) ?? file }
}
