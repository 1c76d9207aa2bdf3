/// The tables that a route with a handler names, which has no statement to check.
package struct HandlerTables: Sendable {
    /// The place of each table, by its canonical spelling.
    package var places: [String: Location]
    /// The checks that are silenced.
    package var allowed: Set<DiagnosticName>
}
