/// Decides what may be done with an entry (RFC 9111, 4).
struct StoredResponseReuse {
    enum Verdict: Sendable, Hashable {
        /// It is given.
        case fresh
        /// It is given although it is stale.
        ///
        /// - Parameter renew: whether it is made anew meanwhile.
        case stale(renew: Bool, FillFailure?)
        /// It is not given.
        case miss(CacheStatus.Forward, Miss.Reason?)
    }

    /// The time of day in milliseconds.
    let now: Int64

    /// What may be done with `entry` for a request that says `directives`.
    ///
    /// - Parameters:
    ///   - tokens: what the store had beside it.
    ///   - pause: what is known of the last attempt to make it anew.
    func verdict(
        on entry: CacheEntry,
        _ tokens: [TagVersion?],
        _ directives: RequestDirectives,
        pause: @autoclosure () -> RefreshBackoff.State
    ) -> Verdict {
        guard entry.matches(tokens) else { return .miss(.miss, .purged) }
        guard !entry.isAhead(of: now) else { return .miss(.miss, .unreadable) }
        let remaining = entry.remainingFreshness(at: now)
        let isAccepted = directives.accepts(age: entry.age(at: now), remainingFreshness: remaining)
        if remaining > 0 { return isAccepted ? .fresh : .miss(.request, nil) }
        guard isAccepted, -remaining < entry.longestWindow else { return .miss(.stale, nil) }
        let isRenewed = -remaining < entry.staleWhileRevalidate
        switch pause() {
        case .failed(let failure) where -remaining < entry.staleIfError || isRenewed:
            return .stale(renew: false, failure)
        case .elsewhere, .failed, .none:
            // Who takes stale answers does not wait for the database.
            return isRenewed || directives.maxStale != nil ? .stale(renew: isRenewed, nil) : .miss(.stale, nil)
        }
    }

    /// Indicates that an entry is within its ttl.
    func isFresh(_ entry: CacheEntry) -> Bool { !entry.isAhead(of: now) && entry.remainingFreshness(at: now) > 0 }

    /// Indicates that an entry may answer a request that has joined the work for it, after its own lookup.
    func mayBeShared(_ entry: CacheEntry, _ directives: RequestDirectives) -> Bool {
        isFresh(entry)
            && directives.accepts(age: entry.age(at: now), remainingFreshness: entry.remainingFreshness(at: now))
    }

    /// Whether `entry` may be given in place of an answer that could not be made.
    func mayReplaceFailure(_ entry: CacheEntry, _ tokens: [TagVersion?], _ directives: RequestDirectives) -> Bool {
        let remaining = entry.remainingFreshness(at: now)
        return entry.matches(tokens) && !entry.isAhead(of: now)
            && -remaining < entry.staleIfError
            && directives.accepts(age: entry.age(at: now), remainingFreshness: remaining)
    }
}
