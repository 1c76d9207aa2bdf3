package import RouteModel

/// The requests that share the work for a response that they all miss.
package enum WorkSharing: Sendable, Hashable {
    /// No other request shares it.
    case none
    /// Requests of this process that arrive before the query starts (``EpochCoalescer``). Without tag versions, nothing
    /// tells what has been purged since then.
    case epoch
    /// Requests of this process.
    case process
    /// Requests of all processes behind one store.
    case fleet

    /// Decides how the work for a request is shared.
    ///
    /// - Parameters:
    ///   - coalescing: the coalescing that the request allows.
    ///   - hasTagVersions: true if the store knows the tag versions, so that the response may be stored.
    ///   - earlier: the audience of the previous response under the same key, if that could not be stored.
    package init(_ coalescing: CachePolicy.Coalescing, hasTagVersions: Bool, earlier: ResponseReuseScope?) {
        // If the previous response was for one request only, others could hardly use the next one.
        guard coalescing != .off, earlier != .requester else {
            self = .none
            return
        }
        guard hasTagVersions else {
            self = .epoch
            return
        }
        // Other processes could not find a response in the store that can't be stored.
        self = coalescing == .fleet && earlier == nil ? .fleet : .process
    }
}
