import RouteModel

extension ManifestRoute {
    /// Indicates that the lock has the columns of the route's statement.
    package var isLocked: Bool {
        if case .sql(let statement) = source { statement.locked != nil } else { false }
    }

    /// The columns of the statement's rows in the lock; empty without a lock, and where the rows are not sent.
    package var sentColumns: [LockedColumn] {
        guard case .sql(let statement) = source, self.returns != .none else { return [] }
        return statement.locked?.columns ?? []
    }
}
