import RouteModel

/// What is known of a request once its inputs are read.
struct PreparedRequest: Sendable {
    let request: RouteRequest
    let values: InputValues
    /// The key of the answer, in its form without a coding.
    let key: CacheKey
    /// The tokens that the answer has to carry.
    let tokens: [TokenName]
    /// The form that the client gets.
    let coding: ContentCoding
    /// What the client says about stored answers, where the route listens to it.
    let directives: RequestDirectives
    /// Whether the store may be read, written, and work be shared.
    let mayUseCache: Bool
    /// The number of flights that had left the board before the store was asked.
    var departures: UInt64

    /// The key of the form that the client gets.
    var lookupKey: CacheKey { coding == .gzip ? key.variant(.gzip) : key }
}

/// A request that the store could not answer.
struct Miss: Sendable {
    let forward: CacheStatus.Forward
    var reason: Reason?
    /// What the store had, fresh or not, purged or not.
    var previous: CacheEntry?
    /// The tokens that the store had beside it.
    var tokens: [Token?] = []

    /// What is to be said of it.
    enum Reason: String, Sendable, Hashable {
        case authorization
        case purged
        case unreadable
        case storeAway = "store-away"
        /// The store is there and does not carry out what it is asked, be it to read or to keep.
        case storeRefused = "store-refused"
        /// A purge has not reached the store yet, or may have been missed.
        case untrusted
        /// The answer is not kept: reading it would take longer than the store is given.
        case tooLong = "too-long"
    }

    /// Whether the store could be asked and is to be believed.
    var isStoreUsable: Bool { reason != .storeAway && reason != .storeRefused && reason != .untrusted }
}

/// Decides what may be done with an entry (RFC 9111, 4).
struct EntryUse {
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
        _ tokens: [Token?],
        _ directives: RequestDirectives,
        pause: @autoclosure () -> RefreshPauses.State
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

    /// Whether `entry` may be given in place of an answer that could not be made.
    func mayReplaceFailure(_ entry: CacheEntry, _ tokens: [Token?], _ directives: RequestDirectives) -> Bool {
        let remaining = entry.remainingFreshness(at: now)
        return entry.matches(tokens) && !entry.isAhead(of: now)
            && -remaining < entry.staleIfError
            && directives.accepts(age: entry.age(at: now), remainingFreshness: remaining)
    }
}
