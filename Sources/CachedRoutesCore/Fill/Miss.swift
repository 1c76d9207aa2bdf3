/// A request that the store could not answer.
struct Miss: Sendable {
    let forward: CacheStatus.Forward
    var reason: Reason?
    /// What the store had, fresh or not, purged or not.
    var previous: CacheEntry?
    /// What is known of the response in the form that the client does not get.
    var otherForm = OtherForm.unknown
    /// The tokens that the store had beside it.
    var tokens: [TagVersion?] = []

    /// What is known of the response in the form that the client does not get.
    enum OtherForm: Sendable {
        /// The store was not asked for it, or had something else.
        case unknown
        /// The store has none.
        case absent
        /// ``previous`` is that form, and may be reused: the client's form is made from it.
        ///
        /// - Parameter failure: why it may be reused although it is stale.
        case reusable(failure: String?)
    }

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

    /// Indicates that the store may have a response in the form that the client does not get.
    var mayHaveOtherForm: Bool { if case .absent = otherForm { false } else { true } }

    /// Whether the store could be asked and is to be believed.
    var isStoreUsable: Bool { reason != .storeAway && reason != .storeRefused && reason != .untrusted }
}

extension PutResult {
    /// The reason why the store does not take the entry, where it is one of the entry.
    var reason: Miss.Reason? { if case .tooLong = self { .tooLong } else { nil } }
}
