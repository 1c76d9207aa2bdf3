/// A fault of `tables: auto` where a database does not tell all that a statement reads.
package enum AutomaticTablesFault: Hashable, Sendable {
    /// There may be other tables than those that are known.
    case incomplete
    /// No table is known, so that nothing would purge the responses.
    case empty

    /// Returns the fault; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - tables: the tables that are known.
    ///   - hasUnknownTables: tells that there may be others.
    package init?(tables: [String], hasUnknownTables: Bool) {
        guard hasUnknownTables else { return nil }
        self = tables.isEmpty ? .empty : .incomplete
    }

    /// The name by which `allow` silences the fault; `nil` if nothing does.
    package var name: DiagnosticName? { self == .incomplete ? .unknownTables : nil }

    /// The words about the fault.
    ///
    /// - Parameter route: the name of the route.
    package func message(for route: String) -> String {
        switch self {
        case .incomplete:
            "'tables: auto' can't know all that the SQL of route '\(route)' reads, as a function, a materialized view or a "
                + "foreign table hides it; name the tables, or write 'allow: [ unknown-tables ]' if those it knows are enough"
        case .empty:
            "'tables: auto' knows no table that the SQL of route '\(route)' reads, as a function, a materialized view or a "
                + "foreign table hides them all; name the tables, or write 'tables: off'"
        }
    }
}
