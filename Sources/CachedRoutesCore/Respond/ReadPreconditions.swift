import HTTPTypes

/// The conditions of a request for what the client may have already (RFC 9110, 13).
enum ReadPreconditions {
    /// Tells whether the client has the answer, so that it is sent 304 (RFC 9110, 13.2.2).
    ///
    /// `If-None-Match` alone decides where it is present, whatever it says. A date of this service decides only where the answer
    /// was made again, with the same bytes, more than one second after it last changed: until then it may have changed twice
    /// within the second that the date names (RFC 9110, 8.8.2.2). A handler's own date decides once that second is over.
    ///
    /// - Parameters:
    ///   - entityTag: the opaque part of the answer's tag; `nil`: it has none.
    ///   - lastModified: when the answer's bytes were first seen, in milliseconds; `nil` where that isn't known.
    ///   - isGiven: true where the handler says so.
    ///   - storedAt: when the answer was last made, in milliseconds.
    static func isNotModified(
        _ fields: HTTPFields,
        entityTag: String?,
        lastModified: Int64?,
        isGiven: Bool = false,
        storedAt: Int64
    ) -> Bool {
        if let tags = fields[.ifNoneMatch] { return EntityTag.isListed(entityTag, in: tags) }
        // Several lines are joined to what is no date, and so ignored (RFC 9110, 13.1.3).
        guard let lastModified, storedAt - lastModified > (isGiven ? 999 : 1000), let text = fields[.ifModifiedSince],
            let date = HTTPDate.milliseconds(text, now: storedAt)
        else { return false }
        return lastModified / 1000 * 1000 <= date
    }

    /// Tells whether a request asks by `If-Match` for another version than that of `entry`, so that it is sent 412 (RFC 9110,
    /// 13.1.1).
    ///
    /// The versions that a handler names are its own, and are asked for as at any origin. Where tags are made from bytes, the
    /// field is ignored, as a cache may.
    static func fail(_ fields: HTTPFields, for entry: CacheEntry) -> Bool {
        guard case .handler(let isWeak) = entry.tagOrigin, (200..<300).contains(entry.status),
            let value = fields[.ifMatch]
        else { return false }
        guard let field = EntityTagPrecondition(value) else { return true }
        return field != .any && !field.hasStrong(isWeak ? nil : entry.identityTag)
    }
}
