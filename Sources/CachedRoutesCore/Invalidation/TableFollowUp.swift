import RouteModel

/// Has a write answered only when the announcements of its changes have been handled, so that its client reads nothing older.
struct TableFollowUp: CommitFollowUp {
    let source: any TableChangeSource
    let registry: RouteRegistry
    let purger: Purger

    func committed(_ plan: RoutePlan, _ values: InputValues, _ certainty: CommitCertainty) async -> PurgeOutcome {
        await source.settle()
        return purger.holds(anyOf: registry.tables) ? .queued : .done
    }
}
