package import HTTPTypes
package import NIOCore

/// A stored answer.
package struct CacheEntry: Sendable, Equatable {
    /// The status of the answer.
    package var status: Int
    /// When the answer was made: milliseconds after 1970-01-01T00:00:00Z.
    package var storedAt: Int64
    /// How long the answer is fresh, in milliseconds.
    package var ttl: Int64
    /// For how long after that it may be given while it is renewed, in milliseconds.
    package var staleWhileRevalidate: Int64
    /// For how long after its ttl it may be given when no new answer can be made, in milliseconds.
    package var staleIfError: Int64
    /// The opaque part of the strong entity tag, without its quotes; empty when the answer has none.
    package var entityTag: String
    /// Since when the body has been the same: milliseconds, a whole number of seconds; `nil` where that is not known.
    package var lastModified: Int64?
    /// The media type of the body; empty when the answer has no body.
    package var contentType: String
    /// The coding of the body.
    package var coding: ContentCoding
    /// The entity tag of the same body without its coding; `nil` for a body that has none.
    package var identityTag: String?
    /// What a handler has set beside the content type, to be sent again as it is.
    package var fields: HTTPFields
    /// How long it took to make the answer, in milliseconds.
    package var madeIn: Int64
    /// The tokens the reader had taken before it made the answer, in the order of its route's tags.
    package var tokens: [Token]
    /// The body as it is sent.
    package var body: ByteBuffer

    /// An entry from its parts.
    package init(
        status: Int,
        storedAt: Int64,
        ttl: Int64,
        staleWhileRevalidate: Int64 = 0,
        staleIfError: Int64 = 0,
        entityTag: String,
        lastModified: Int64? = nil,
        contentType: String,
        coding: ContentCoding = .identity,
        identityTag: String? = nil,
        fields: HTTPFields = [:],
        madeIn: Int64,
        tokens: [Token] = [],
        body: ByteBuffer
    ) {
        self.status = status
        self.storedAt = storedAt
        self.ttl = ttl
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
        self.entityTag = entityTag
        self.lastModified = lastModified
        self.contentType = contentType
        self.coding = coding
        self.identityTag = identityTag
        self.fields = fields
        self.madeIn = madeIn
        self.tokens = tokens
        self.body = body
    }

    /// The same answer, coded: the body and what follows from it are other ones.
    package func coded(_ coding: ContentCoding, _ body: ByteBuffer) -> CacheEntry {
        var entry = self
        entry.coding = coding
        entry.identityTag = entityTag
        entry.entityTag = EntityTag.opaque(for: body)
        entry.body = body
        return entry
    }

    /// How far ahead of ours a clock may be whose entries are used, in milliseconds.
    static let clockTolerance: Int64 = 5000

    /// Whether the entry was made so far ahead of `now` that its clock can't be trusted.
    func isAhead(of now: Int64) -> Bool { storedAt > now + Self.clockTolerance }

    /// The age at `now`, in milliseconds; never negative (RFC 9111, 4.2.3).
    package func age(at now: Int64) -> Int64 { max(0, now - storedAt) }

    /// What is left of the freshness lifetime at `now`, in milliseconds; negative once the entry is stale.
    package func remainingFreshness(at now: Int64) -> Int64 { ttl - age(at: now) }

    /// For how long after its ttl the entry may be of any use, in milliseconds.
    package var longestWindow: Int64 { max(staleWhileRevalidate, staleIfError) }
}

/// The value of a tag when an answer was made, and a digest of the server it was read from.
package struct Token: Sendable, Hashable {
    /// The random value of the tag's key.
    package let value: String
    /// A digest of the `run_id` of the server the value came from.
    package let server: String

    /// A token from its parts.
    package init(value: String, server: String) {
        self.value = value
        self.server = server
    }
}
