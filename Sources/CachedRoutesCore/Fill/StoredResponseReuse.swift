/// Decides how a stored response may be used (RFC 9111, 4).
package struct StoredResponseReuse {
    package enum Verdict: Sendable, Hashable {
        /// It is fresh and is reused.
        case fresh
        /// It is stale and is reused nevertheless.
        ///
        /// - Parameter renew: true if it is refreshed meanwhile.
        case stale(renew: Bool, FillFailure?)
        /// It is not reused.
        case miss(CacheStatus.Forward, Miss.Reason?)
    }

    /// The time of day in milliseconds.
    package let now: Int64

    /// - Parameter now: the time of day in milliseconds.
    package init(now: Int64) {
        self.now = now
    }

    /// Decides about an entry for a request.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - tokens: the current tag versions, which were read with the entry.
    ///   - directives: the directives of the request.
    ///   - pause: the state of the last attempt to refresh the entry.
    package func verdict(
        on entry: CacheEntry,
        _ tokens: [TagVersion?],
        _ directives: RequestDirectives,
        pause: @autoclosure () -> RefreshBackoff.State
    ) -> Verdict {
        guard entry.matches(tokens) else { return .miss(.miss, .purged) }
        guard !entry.isAhead(of: now) else { return .miss(.miss, .unreadable) }
        if isFresh(entry) { return isAccepted(entry, directives) ? .fresh : .miss(.request, nil) }
        let staleness = -entry.remainingFreshness(at: now)
        guard isAccepted(entry, directives), staleness < entry.longestWindow else { return .miss(.stale, nil) }
        let isRenewed = staleness < entry.staleWhileRevalidate
        switch pause() {
        case .failed(let failure) where staleness < entry.staleIfError || isRenewed:
            return .stale(renew: false, failure)
        case .elsewhere, .failed, .none:
            // Clients that accept stale responses never wait for the database.
            return isRenewed || directives.maxStale != nil ? .stale(renew: isRenewed, nil) : .miss(.stale, nil)
        }
    }

    /// Indicates that an entry is within its ttl.
    package func isFresh(_ entry: CacheEntry) -> Bool {
        !entry.isAhead(of: now) && entry.remainingFreshness(at: now) > 0
    }

    /// Indicates that an entry is within its ttl and was made under the current tag versions.
    ///
    /// - Parameter tokens: the tag versions, all of which the store has.
    package func isFresh(_ entry: CacheEntry, under tokens: [TagVersion]) -> Bool {
        entry.tokens == tokens && isFresh(entry)
    }

    /// Indicates that an entry that is found while a response is to be made takes its place: it is fresh, and not the one
    /// that the request has already found and not reused.
    ///
    /// - Parameters:
    ///   - entry: the entry. A response made under the same tag versions is no older than they are.
    ///   - tokens: the tag versions under which the response is to be made.
    ///   - previous: the entry that the request has found.
    package func isNew(_ entry: CacheEntry, under tokens: [TagVersion], after previous: CacheEntry?) -> Bool {
        isFresh(entry, under: tokens) && entry.storedAt != previous?.storedAt
    }

    /// Indicates that an entry may answer a request that has joined the work for it, after its own lookup.
    package func mayBeShared(_ entry: CacheEntry, _ directives: RequestDirectives) -> Bool {
        isFresh(entry) && isAccepted(entry, directives)
    }

    /// Indicates that an entry may be reused in place of a response that could not be made (RFC 5861, 4).
    package func mayReplaceFailure(
        _ entry: CacheEntry,
        _ tokens: [TagVersion?],
        _ directives: RequestDirectives
    ) -> Bool {
        entry.matches(tokens) && !entry.isAhead(of: now)
            && -entry.remainingFreshness(at: now) < entry.staleIfError
            && isAccepted(entry, directives)
    }

    /// Indicates that the request's directives allow the age and the staleness of an entry.
    private func isAccepted(_ entry: CacheEntry, _ directives: RequestDirectives) -> Bool {
        directives.accepts(age: entry.age(at: now), remainingFreshness: entry.remainingFreshness(at: now))
    }
}
