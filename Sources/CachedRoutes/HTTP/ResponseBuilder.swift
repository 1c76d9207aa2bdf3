import HTTPTypes
import NIOCore

/// Turns an answer into a response, the same way for hits and misses.
enum ResponseBuilder {
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
        var fields = HTTPFields()
        fields.reserveCapacity(9)
        fields[.date] = HTTPDate.string(milliseconds: entry.storedAt)
        if let now { fields[.age] = String(entry.age(at: now) / 1000) }
        fields[.cacheControl] = plan.cacheControl
        fields[.cacheStatus] = cacheStatus.fieldValue
        if let vary = plan.vary { fields[.vary] = vary }
        guard !entry.contentType.isEmpty else {
            // Without it an answer that may have a body would be chunked, for HEAD too (RFC 9110, 8.6).
            if entry.status != 204 { fields[.contentLength] = "0" }
            return RouteResponse(status: HTTPResponse.Status(code: entry.status), headerFields: fields)
        }
        fields[.eTag] = "\"\(entry.entityTag)\""
        if (200..<300).contains(entry.status), let condition = request.headerFields[.ifNoneMatch],
            EntityTag.isListed(entry.entityTag, in: condition)
        {
            return RouteResponse(status: .notModified, headerFields: fields)
        }
        fields[.contentType] = entry.contentType
        fields[.contentLength] = String(entry.body.readableBytes)
        return RouteResponse(
            status: HTTPResponse.Status(code: entry.status),
            headerFields: fields,
            body: request.method == .head ? ByteBuffer() : entry.body
        )
    }
}
