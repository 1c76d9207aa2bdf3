import HTTPTypes
import Metrics
import NIOCore

/// Turns an answer into a response, the same way for hits and misses.
enum ResponseBuilder {
    /// The response for an entry that is reused, fresh or not.
    static func hit(
        _ entry: CacheEntry,
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        at now: Int64,
        detail: String? = nil
    ) -> RouteResponse {
        let remaining = entry.remainingFreshness(at: now)
        plan.metrics.hits.increment()
        if remaining <= 0 { plan.metrics.stale.increment() }
        return response(
            for: entry,
            of: plan,
            to: prepared.request,
            status: .hit(remainingFreshness: remaining, detail: detail),
            reusedAt: now
        )
    }

    /// The response for `entry`, or 304 where the request's conditions say so (RFC 9110, 13).
    ///
    /// - Parameter now: the time of day in milliseconds; `nil` for an answer that was made for this request, which has no `Age`.
    static func response(
        for entry: CacheEntry,
        of plan: RoutePlan,
        to request: RouteRequest,
        status cacheStatus: CacheStatus,
        reusedAt now: Int64?
    ) -> RouteResponse {
        let isNotModified =
            (200..<300).contains(entry.status) && !entry.entityTag.isEmpty
            && Preconditions.isNotModified(
                request.headerFields,
                entityTag: entry.entityTag,
                lastModified: entry.lastModified,
                storedAt: entry.storedAt
            )
        var fields = HTTPFields()
        fields.reserveCapacity(11 + entry.fields.count)
        for field in entry.fields where !isNotModified || isSentWithNotModified(field.name) { fields.append(field) }
        fields[.date] = HTTPDate.string(milliseconds: entry.storedAt)
        if let now { fields[.age] = String(entry.age(at: now) / 1000) }
        if !fields.contains(.cacheControl) {
            fields[.cacheControl] = entry.status == 404 ? plan.clientPolicy.negativeValue : plan.clientPolicy.value
        }
        fields[.cacheStatus] = cacheStatus.fieldValue
        if let vary = plan.vary { fields[.vary] = vary }
        if !entry.entityTag.isEmpty { fields[.eTag] = "\"\(entry.entityTag)\"" }
        if isNotModified { return RouteResponse(status: .notModified, headerFields: fields) }
        let status = HTTPResponse.Status(code: entry.status)
        guard !entry.contentType.isEmpty else {
            // Without it an answer that may have a body would be chunked, for HEAD too (RFC 9110, 8.6).
            if entry.status != 204 { fields[.contentLength] = "0" }
            return RouteResponse(status: status, headerFields: fields)
        }
        if let lastModified = entry.lastModified {
            fields[.lastModified] = HTTPDate.string(milliseconds: lastModified)
        }
        fields[.contentType] = entry.contentType
        if entry.coding != .identity { fields[.contentEncoding] = entry.coding.rawValue }
        fields[.contentLength] = String(entry.body.readableBytes)
        return RouteResponse(
            status: status,
            headerFields: fields,
            body: request.method == .head ? ByteBuffer() : entry.body
        )
    }

    /// All but what is about the body that is not sent (RFC 9110, 8 and 15.4.5).
    private static func isSentWithNotModified(_ name: HTTPField.Name) -> Bool {
        name == .contentLocation || !name.canonicalName.hasPrefix("content-")
    }
}
