import HTTPTypes

/// The conditions of a request for what the client may have already (RFC 9110, 13).
enum Preconditions {
    /// Whether the client has the answer, so that it is sent 304 (RFC 9110, 13.2.2).
    ///
    /// `If-None-Match` alone decides where it is present, whatever it says. A date decides only where the answer was
    /// made again, with the same bytes, more than one second after it last changed: until then it may have changed
    /// twice within the second that the date names (RFC 9110, 8.8.2.2).
    ///
    /// - Parameters:
    ///   - entityTag: the opaque part of the answer's tag.
    ///   - lastModified: when the answer's bytes were first seen, in milliseconds; `nil` where that isn't known.
    ///   - storedAt: when the answer was last made, in milliseconds.
    static func isNotModified(
        _ fields: HTTPFields,
        entityTag: String,
        lastModified: Int64?,
        storedAt: Int64
    ) -> Bool {
        if let tags = fields[.ifNoneMatch] { return EntityTag.isListed(entityTag, in: tags) }
        // Several lines are joined to what is no date, and so ignored (RFC 9110, 13.1.3).
        guard let lastModified, storedAt - lastModified > 1000, let text = fields[.ifModifiedSince],
            let date = HTTPDate.milliseconds(text, now: storedAt)
        else { return false }
        return lastModified / 1000 * 1000 <= date
    }
}
