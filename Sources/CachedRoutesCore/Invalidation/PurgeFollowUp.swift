import RouteModel

/// Purges what a write declares, and the answers of its own path, once it is committed; the latter alone where a comparison has
/// refused it.
struct PurgeFollowUp: CommitFollowUp {
    let purger: Purger

    func committed(_ plan: RoutePlan, _ values: InputValues, _ certainty: CommitCertainty) async -> PurgeOutcome {
        guard let write = plan.write else { return .done }
        let invalidated = write.invalidates.flatMap { $0.names(for: values) }
        return await purge((invalidated + write.targets.flatMap { $0.names(for: values) }).withoutRepetitions)
    }

    func refused(_ plan: RoutePlan, _ values: InputValues) async -> PurgeOutcome {
        guard let write = plan.write else { return .done }
        return await purge(write.targets.flatMap { $0.names(for: values) }.withoutRepetitions)
    }

    private func purge(_ names: [TagVersionKey]) async -> PurgeOutcome {
        names.isEmpty ? .done : await purger.purge(names)
    }
}
