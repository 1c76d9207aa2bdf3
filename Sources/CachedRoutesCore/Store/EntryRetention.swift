import HTTPTypes
import RouteModel

/// The time for which an entry is stored: as long as it may be served, and a little longer, so that a refresh can tell
/// if the bytes are unchanged and since when.
enum EntryRetention {
    /// The additional time in milliseconds; at least a second, the resolution of HTTP dates.
    fileprivate static let gracePeriod: (minimum: Int64, maximum: Int64) = (1000, 10_000)

    /// The longest time for which an entry is stored under a policy, in milliseconds.
    static func longest(under policy: CachePolicy) -> Int64 {
        let ttl = max(policy.ttl, policy.negativeTTL ?? .zero)
        return (ttl + max(policy.staleWhileRevalidate, policy.staleIfError)).milliseconds + gracePeriod.maximum
    }
}

extension CacheEntry {
    /// The time for which the entry is stored, in milliseconds from the time at which its age was 0.
    package var storeLifetime: Int64 {
        let (minimum, maximum) = EntryRetention.gracePeriod
        return ttl + longestWindow + (HTTPResponse.Status.isNegative(status) ? 0 : min(max(ttl, minimum), maximum))
    }
}
