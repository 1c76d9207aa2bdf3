import HTTPTypes

/// The preconditions of a request that reads (RFC 9110, 13).
enum ReadPreconditions {
    /// Indicates that the client has the response already, so that it is sent 304 (RFC 9110, 13.2.2).
    ///
    /// `If-None-Match` alone decides if it is present, whatever its value. A date set by this service decides only if
    /// the response was made again, with the same bytes, more than one second after it last changed: until then it may
    /// have changed twice within the second of the date (RFC 9110, 8.8.2.2). A handler's own date decides once that
    /// second is over.
    ///
    /// - Parameters:
    ///   - fields: the header fields of the request.
    ///   - entityTag: the opaque part of the response's entity tag; `nil` if it has none.
    ///   - lastModified: the time at which the response's bytes were first seen, in milliseconds; `nil` if it is not
    ///     known.
    ///   - isGiven: true if the handler has set that time.
    ///   - storedAt: the time at which the response was last made, in milliseconds.
    static func isNotModified(
        _ fields: HTTPFields,
        entityTag: String?,
        lastModified: Int64?,
        isGiven: Bool = false,
        storedAt: Int64
    ) -> Bool {
        if let tags = fields[.ifNoneMatch] { return EntityTag.isListed(entityTag, in: tags) }
        // Several lines are joined to a value that is no date, and so they are ignored (RFC 9110, 13.1.3).
        guard let lastModified, storedAt - lastModified > (isGiven ? 999 : 1000), let text = fields[.ifModifiedSince],
            let date = HTTPDate.milliseconds(text, now: storedAt)
        else { return false }
        return lastModified / 1000 * 1000 <= date
    }

    /// Indicates that the request's `If-Match` does not match `entry`, so that it is sent 412 (RFC 9110, 13.1.1).
    ///
    /// Versions that a handler names are its own, and are compared as at any origin. If the entity tag is made from the
    /// bytes, the field is ignored, as a cache may do.
    static func fail(_ fields: HTTPFields, for entry: CacheEntry) -> Bool {
        guard case .handler(let isWeak) = entry.tagOrigin, (200..<300).contains(entry.status),
            let value = fields[.ifMatch]
        else { return false }
        guard let field = EntityTagPrecondition(value) else { return true }
        return field != .any && !field.hasStrong(isWeak ? nil : entry.identityTag)
    }
}
