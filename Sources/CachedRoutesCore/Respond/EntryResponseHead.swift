import NIOCore

/// The head of the response for an entry.
final class EntryResponseHead: DeferredResponseHead {
    private let entry: CacheEntry
    private let plan: RoutePlan
    private let cacheStatus: CacheStatus
    private let reusedAt: Int64?
    private let isNotModified: Bool
    private let isToHead: Bool

    /// - Parameters:
    ///   - entry: the entry.
    ///   - plan: the route.
    ///   - cacheStatus: the value of `Cache-Status`.
    ///   - reusedAt: the time of day in milliseconds, for `Age`; `nil` for a response without it.
    ///   - isNotModified: makes a 304 response.
    ///   - isToHead: true if the request is a HEAD request, whose response has no body.
    init(
        _ entry: CacheEntry,
        of plan: RoutePlan,
        status cacheStatus: CacheStatus,
        reusedAt: Int64?,
        isNotModified: Bool,
        isToHead: Bool
    ) {
        self.entry = entry
        self.plan = plan
        self.cacheStatus = cacheStatus
        self.reusedAt = reusedAt
        self.isNotModified = isNotModified
        self.isToHead = isToHead
    }

    var status: Int { isNotModified ? 304 : entry.status }

    var body: ByteBuffer {
        isNotModified || isToHead || entry.contentType.isEmpty ? ByteBuffer() : entry.body
    }

    func write(into head: inout HTTPTypesHead) { writeFields(into: &head) }

    func write(into head: inout WireHead) { writeFields(into: &head) }

    private func writeFields(into head: inout some ResponseHead) {
        ResponseBuilder.write(
            entry,
            of: plan,
            status: cacheStatus,
            reusedAt: reusedAt,
            isNotModified: isNotModified,
            into: &head
        )
    }
}
