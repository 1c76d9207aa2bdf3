import RouteModel

/// An action, such as a purge, between the commit of a write, or its refusal by a precondition, and the response to it.
package protocol CommitFollowUp: Sendable {
    /// Acts on a write that was committed, or may have been. Returns when the response may be sent, after a bounded
    /// time.
    ///
    /// - Parameters:
    ///   - plan: the plan of the route that writes.
    ///   - values: the values of its inputs.
    ///   - certainty: says if the commit is known to have happened.
    /// - Returns: ``PurgeOutcome/done`` if no process reuses older responses from now on.
    func committed(_ plan: RoutePlan, with values: InputValues, certainty: CommitCertainty) async -> PurgeOutcome

    /// Acts on a write that a precondition refused: its client knows an older response for the path, which others may
    /// still be given. Returns when the response may be sent, after a bounded time.
    ///
    /// - Parameters:
    ///   - plan: the plan of the route that writes.
    ///   - values: the values of its inputs.
    /// - Returns: ``PurgeOutcome/done`` if no process reuses older responses from now on.
    func refused(_ plan: RoutePlan, _ values: InputValues) async -> PurgeOutcome
}

extension CommitFollowUp {
    /// Does nothing: nothing was written.
    package func refused(_ plan: RoutePlan, _ values: InputValues) async -> PurgeOutcome { .done }
}

/// The certainty that a write was committed.
package enum CommitCertainty: Sendable, Hashable {
    /// The database has confirmed the commit.
    case certain
    /// A COMMIT was sent and its reply never came, or a handler failed that may have written.
    case possible
}
