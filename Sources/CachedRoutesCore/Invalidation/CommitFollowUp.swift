import RouteModel

/// What has to be done after a write was committed, or was refused because of what there is, and before it is answered: a purge,
/// for instance.
package protocol CommitFollowUp: Sendable {
    /// A write of the route with these values was committed, or may have been.
    ///
    /// It returns when the write may be answered, within a bound of its own.
    ///
    /// - Parameter certainty: whether the commit is known to have happened.
    /// - Returns: whether nobody gets an older answer any more.
    func committed(_ plan: RoutePlan, _ values: InputValues, _ certainty: CommitCertainty) async -> PurgeOutcome

    /// A write of the route with these values was refused by a comparison: the client knows an older answer at the path that it
    /// changes, which others may be given, too.
    ///
    /// It returns when the refusal may be answered, within a bound of its own.
    ///
    /// - Returns: whether nobody gets an older answer any more.
    func refused(_ plan: RoutePlan, _ values: InputValues) async -> PurgeOutcome
}

extension CommitFollowUp {
    /// Does nothing: nothing was written.
    package func refused(_ plan: RoutePlan, _ values: InputValues) async -> PurgeOutcome { .done }
}

/// Whether a commit happened.
package enum CommitCertainty: Sendable, Hashable {
    /// The database said so.
    case certain
    /// The commit was asked for and the answer never came, or a handler failed that may have written.
    case possible
}
