/// The consequence of a statement that the database can't prepare.
package enum StartCheckMode: Sendable, Hashable, CaseIterable {
    /// No statement is prepared before it is needed.
    case off
    /// It is logged.
    case warn
    /// It is logged, and the service is not ready as long as there is one.
    case fail
}

/// The result of preparing the statements of all routes, as far as the service's readiness depends on it.
package enum StartCheckStatus: Sendable, Hashable {
    /// Nothing keeps the service from being ready.
    case passed
    /// The database has not yet decided about some statement.
    case checking
    /// The database can't prepare the statements of these routes. The names are sorted.
    case faulty([String])
}
