import RouteModel

/// What has to be done after a write was committed and before it is answered: a purge, for instance.
protocol CommitFollowUp: Sendable {
    /// A write of the route with these values was committed, or may have been.
    ///
    /// It returns when the write may be answered, within a bound of its own.
    ///
    /// - Parameter certainty: whether the commit is known to have happened.
    /// - Returns: whether nobody gets an older answer any more.
    func committed(_ plan: RoutePlan, _ values: InputValues, _ certainty: CommitCertainty) async -> PurgeOutcome
}

/// Whether a commit happened.
enum CommitCertainty: Sendable, Hashable {
    /// The database said so.
    case certain
    /// The commit was asked for and the answer never came, or a handler failed that may have written.
    case possible
}
