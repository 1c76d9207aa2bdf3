import RouteModel

/// Purges what a write declares, and the answers of its own path, once it is committed.
struct PurgeFollowUp: CommitFollowUp {
    let purger: Purger

    func committed(_ plan: RoutePlan, _ values: InputValues, _ certainty: CommitCertainty) async -> PurgeOutcome {
        let names =
            (plan.invalidates.flatMap { $0.names(for: values) } + plan.targets.flatMap { $0.names(for: values) })
            .withoutRepetitions
        return names.isEmpty ? .done : await purger.purge(names)
    }
}
