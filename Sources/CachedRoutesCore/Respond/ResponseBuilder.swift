import HTTPTypes
import Metrics
import NIOCore

/// A stored response that is reused for a request.
struct Hit: Sendable {
    let entry: CacheEntry
    /// The time of day in milliseconds.
    let now: Int64
    /// The reason why it is reused although it is stale, sent as the `detail` of `Cache-Status`.
    var detail: String?

    /// Counts the hit.
    func count(_ metrics: RouteMetrics) {
        metrics.hits.increment()
        if entry.remainingFreshness(at: now) <= 0 { metrics.stale.increment() }
    }
}

/// Builds responses from entries, the same way for hits and misses.
enum ResponseBuilder {
    /// Returns the response for an entry that is reused, fresh or stale, and counts it as a hit.
    static func response(for hit: Hit, of plan: RoutePlan, to request: RouteRequest) -> RouteResponse {
        hit.count(plan.metrics)
        return response(for: hit.entry, of: plan, to: request, status: status(of: hit), reusedAt: hit.now)
    }

    /// Writes the head of the response for an entry that is reused. The request's `If-Match` has to match the entry.
    ///
    /// - Returns: the status; `hasBody` is true if the entry's body follows.
    static func write(
        _ hit: Hit,
        of plan: RoutePlan,
        to request: RouteRequest,
        into head: inout some ResponseHead
    ) -> (status: Int, hasBody: Bool) {
        write(hit.entry, of: plan, to: request, status: status(of: hit), reusedAt: hit.now, into: &head)
    }

    private static func status(of hit: Hit) -> CacheStatus {
        .hit(remainingFreshness: hit.entry.remainingFreshness(at: hit.now), detail: hit.detail)
    }

    /// Returns the response for `entry`: 412 or 304 if the request's preconditions demand it (RFC 9110, 13).
    ///
    /// - Parameter now: the time of day in milliseconds, for `Age`; `nil` for a response without it, which was made for
    ///   this request.
    static func response(
        for entry: CacheEntry,
        of plan: RoutePlan,
        to request: RouteRequest,
        status cacheStatus: CacheStatus,
        reusedAt now: Int64?
    ) -> RouteResponse {
        if ReadPreconditions.fail(request.headerFields, for: entry) {
            let problem = Problem.preconditionFailed("The resource has none of the entity tags that 'If-Match' lists.")
            var response = problem.response(isHead: request.method == .head)
            response.headerFields[.cacheStatus] = cacheStatus.fieldValue
            return response
        }
        return RouteResponse(
            EntryResponseHead(
                entry,
                of: plan,
                status: cacheStatus,
                reusedAt: now,
                isNotModified: isNotModified(entry, request),
                isToHead: request.method == .head
            )
        )
    }

    private static func isNotModified(_ entry: CacheEntry, _ request: RouteRequest) -> Bool {
        (200..<300).contains(entry.status) && (entry.hasEntityTag || entry.givesLastModified)
            && ReadPreconditions.isNotModified(
                request.headerFields,
                entityTag: entry.hasEntityTag ? entry.entityTag : nil,
                lastModified: entry.lastModified,
                isGiven: entry.givesLastModified,
                storedAt: entry.storedAt
            )
    }

    private static func write(
        _ entry: CacheEntry,
        of plan: RoutePlan,
        to request: RouteRequest,
        status cacheStatus: CacheStatus,
        reusedAt now: Int64?,
        into head: inout some ResponseHead
    ) -> (status: Int, hasBody: Bool) {
        let isNotModified = isNotModified(entry, request)
        write(entry, of: plan, status: cacheStatus, reusedAt: now, isNotModified: isNotModified, into: &head)
        return (
            isNotModified ? 304 : entry.status,
            !isNotModified && !entry.contentType.isEmpty && request.method != .head
        )
    }

    /// Writes the head of the response for an entry.
    ///
    /// - Parameters:
    ///   - now: the time of day in milliseconds, for `Age`; `nil` for a response without it.
    ///   - isNotModified: writes the head of a 304 response.
    static func write(
        _ entry: CacheEntry,
        of plan: RoutePlan,
        status cacheStatus: CacheStatus,
        reusedAt now: Int64?,
        isNotModified: Bool,
        into head: inout some ResponseHead
    ) {
        let status = isNotModified ? 304 : entry.status
        head.begin(status: status)
        var saysCacheControl = false
        for field in entry.fields where !isNotModified || isSentWithNotModified(field.name) {
            if field.name == .cacheControl { saysCacheControl = true }
            head.add(field)
        }
        head.add(.date, date: entry.storedAt)
        if let now { head.add(.age, number: entry.age(at: now) / 1000) }
        if !saysCacheControl {
            let isNegative = HTTPResponse.Status.isNegative(entry.status)
            head.add(.cacheControl, isNegative ? plan.downstream.negativeValue : plan.downstream.value)
        }
        head.add(.cacheStatus, cacheStatus)
        if let vary = plan.vary { head.add(.vary, vary) }
        if entry.hasEntityTag { head.add(.entityTag, entityTag: entry.entityTag, isWeak: entry.tagOrigin.isWeak) }
        // A handler's own date guides caches that update their stored response (RFC 9110, 15.4.5).
        if let lastModified = entry.lastModified, !isNotModified || entry.givesLastModified {
            head.add(.lastModified, date: lastModified)
        }
        if isNotModified { return }
        guard !entry.contentType.isEmpty else {
            // Without it a response that may have a body would be chunked, for HEAD too (RFC 9110, 8.6).
            if status != 204 { head.add(.contentLength, number: 0) }
            return
        }
        head.add(.contentType, entry.contentType)
        if entry.coding != .identity { head.add(.contentEncoding, entry.coding.rawValue) }
        head.add(.contentLength, number: Int64(entry.body.readableBytes))
    }

    /// Indicates that a field is sent with 304: all but those about the body, which is not sent (RFC 9110, 8 and
    /// 15.4.5).
    private static func isSentWithNotModified(_ name: HTTPField.Name) -> Bool {
        name == .contentLocation || !name.canonicalName.hasPrefix("content-")
    }
}
