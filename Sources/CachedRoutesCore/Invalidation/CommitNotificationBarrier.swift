import RouteModel

/// Delays the response to a write until the notifications of its changes have been handled, so that its client reads
/// nothing older afterwards.
struct CommitNotificationBarrier: CommitFollowUp {
    let source: any TableChangeSource
    let registry: TagVersionKeyRegistry
    let purger: Purger

    func committed(_ plan: RoutePlan, with values: InputValues, certainty: CommitCertainty) async -> PurgeOutcome {
        await source.settle()
        return purger.holds(anyOf: registry.tables) ? .queued : .done
    }
}
