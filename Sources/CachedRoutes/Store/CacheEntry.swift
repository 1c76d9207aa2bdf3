package import NIOCore

/// A stored answer.
package struct CacheEntry: Sendable, Equatable {
    /// The status of the answer.
    package var status: Int
    /// When the answer was made: milliseconds after 1970-01-01T00:00:00Z.
    package var storedAt: Int64
    /// How long the answer is fresh, in milliseconds.
    package var ttl: Int64
    /// The opaque part of the strong entity tag, without its quotes; empty when the answer has no body.
    package var entityTag: String
    /// The media type of the body; empty when the answer has no body.
    package var contentType: String
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
        entityTag: String,
        contentType: String,
        madeIn: Int64,
        tokens: [Token] = [],
        body: ByteBuffer
    ) {
        self.status = status
        self.storedAt = storedAt
        self.ttl = ttl
        self.entityTag = entityTag
        self.contentType = contentType
        self.madeIn = madeIn
        self.tokens = tokens
        self.body = body
    }

    /// How far ahead of ours a clock may be whose entries are used, in milliseconds.
    static let clockTolerance: Int64 = 5000

    /// The age at `now`, in milliseconds; never negative (RFC 9111, 4.2.3).
    package func age(at now: Int64) -> Int64 { max(0, now - storedAt) }

    /// What is left of the freshness lifetime at `now`, in milliseconds; negative once the entry is stale.
    package func remainingFreshness(at now: Int64) -> Int64 { ttl - age(at: now) }
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
