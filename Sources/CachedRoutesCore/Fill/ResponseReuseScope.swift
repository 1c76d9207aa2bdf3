/// The requests that a response may answer, from the fewest to the most (RFC 9111, 3).
///
/// ``StoragePolicy`` decides it. The store, the requests that wait for the response, and those that miss the same key
/// soon afterwards follow the decision.
package enum ResponseReuseScope: Sendable, Hashable, Comparable {
    /// The request that it was made for.
    case requester
    /// That request, and those that wait for the same response.
    case waiters
    /// Those, and later requests: the response may be stored.
    case everyone
}
