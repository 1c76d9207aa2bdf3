import RouteModel

/// Purges the tags that a committed write declares, and the responses of its own path; after a refusal by a
/// precondition, the latter only.
struct CommitPurge: CommitFollowUp {
    let purger: Purger

    func committed(_ plan: RoutePlan, with values: InputValues, certainty: CommitCertainty) async -> PurgeOutcome {
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
