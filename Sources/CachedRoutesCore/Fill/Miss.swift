/// The outcome of a lookup without a stored response that can be sent as it is.
package struct Miss: Sendable {
    let forward: CacheStatus.Forward
    var reason: Reason?
    /// The stored response, fresh or stale, purged or not.
    var previous: CacheEntry?
    /// The knowledge about the response in the form that the client does not get.
    var otherForm = OtherForm.unknown
    /// The tag versions that the store had, `nil` for missing ones; empty if it could not be asked.
    var tokens: [TagVersion?] = []

    /// The knowledge about the response in the form that the client does not get.
    enum OtherForm: Sendable {
        /// The store was not asked for it, or has one that can't be reused.
        case unknown
        /// The store has none.
        case absent
        /// ``previous`` is that form, and may be reused: the client's form is made from it.
        ///
        /// - Parameter failure: the failed refresh because of which it is reused while stale; `nil` if there is none.
        case reusable(failure: String?)
    }

    /// The reason for a miss, or for not storing its response, sent as the `detail` of `Cache-Status`.
    package enum Reason: String, Sendable, Hashable {
        case authorization
        case purged
        case unreadable
        case storeAway = "store-away"
        /// The store is available but refuses to read or to store.
        case storeRefused = "store-refused"
        /// A purge has not reached the store yet, or may have been missed.
        case untrusted
        /// The response is not stored, because reading it would exceed the time limit of the store.
        case tooLong = "too-long"
    }

    /// Indicates that the store may have a response in the form that the client does not get.
    var mayHaveOtherForm: Bool { if case .absent = otherForm { false } else { true } }

    /// Indicates that the store was available, did not refuse and is trusted.
    var isStoreUsable: Bool { reason != .storeAway && reason != .storeRefused && reason != .untrusted }
}

extension PutResult {
    /// The reason why the store refuses the entry, if it lies in the entry.
    var reason: Miss.Reason? { if case .tooLong = self { .tooLong } else { nil } }
}
