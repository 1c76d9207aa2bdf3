import HTTPTypes
import RouteModel

/// The time for which the store keeps an entry: as long as it may be of use, and a little longer, so that whoever makes it anew sees
/// whether its bytes are the same, and what date they have.
enum EntryLifetime {
    /// The additional time, in milliseconds: at least the second that a date tells apart.
    fileprivate static let afterlife: (least: Int64, most: Int64) = (1000, 10_000)

    /// The longest time for which the store keeps an entry under a policy, in milliseconds.
    static func longest(under policy: CachePolicy) -> Int64 {
        let ttl = max(policy.ttl, policy.negativeTTL ?? .zero)
        return (ttl + max(policy.staleWhileRevalidate, policy.staleIfError)).milliseconds + afterlife.most
    }
}

extension CacheEntry {
    /// The time for which the store keeps the entry, in milliseconds from the time at which its age was 0.
    var storeLifetime: Int64 {
        let (least, most) = EntryLifetime.afterlife
        return ttl + longestWindow + (HTTPResponse.Status.isNegative(status) ? 0 : min(max(ttl, least), most))
    }
}
