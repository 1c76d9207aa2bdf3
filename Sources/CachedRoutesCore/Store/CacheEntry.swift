package import HTTPTypes
package import NIOCore

/// A stored answer.
///
/// Its parts lie in one place that never changes, since an entry is handed on more often than it is made: that takes one count
/// of references rather than one for each part.
package struct CacheEntry: Sendable, Equatable {
    /// The parts of an entry, to be changed together.
    struct Parts: Sendable, Equatable {
        var status: Int
        var storedAt: Int64
        var ttl: Int64
        var staleWhileRevalidate: Int64 = 0
        var staleIfError: Int64 = 0
        var entityTag: String
        var tagOrigin = EntityTag.Origin.body
        var lastModified: Int64?
        var givesLastModified = false
        var initialAge: Int64?
        var contentType: String
        var coding = ContentCoding.identity
        var fields: HTTPFields = [:]
        var madeIn: Int64
        var tokens: [TagVersion] = []
        var body: ByteBuffer

        var hasEntityTag: Bool { !entityTag.isEmpty || tagOrigin != .body }
        var identityTag: String { EntityTag.identity(of: entityTag, coding, tagOrigin) }

        func isSameAnswer(as other: Parts) -> Bool {
            // By bytes: equal strings may have different ones.
            tagOrigin == other.tagOrigin && identityTag.utf8.elementsEqual(other.identityTag.utf8)
        }
    }

    private final class Storage: Sendable {
        let parts: Parts

        init(_ parts: Parts) {
            self.parts = parts
        }
    }

    private var storage: Storage

    /// An entry from its parts.
    init(_ parts: Parts) {
        storage = Storage(parts)
    }

    /// Makes the entry one with other parts. Each call makes a new place for all of them.
    mutating func change(_ body: (inout Parts) -> Void) {
        var parts = storage.parts
        body(&parts)
        storage = Storage(parts)
    }

    /// Whether all parts are the same.
    package static func == (one: CacheEntry, other: CacheEntry) -> Bool {
        one.storage === other.storage || one.storage.parts == other.storage.parts
    }

    /// The status of the answer.
    package var status: Int { storage.parts.status }

    /// When the answer was made: milliseconds after 1970-01-01T00:00:00Z.
    package var storedAt: Int64 { storage.parts.storedAt }

    /// How long the answer is fresh, in milliseconds.
    package var ttl: Int64 { storage.parts.ttl }

    /// For how long after that it may be given while it is renewed, in milliseconds.
    package var staleWhileRevalidate: Int64 { storage.parts.staleWhileRevalidate }

    /// For how long after its ttl it may be given when no new answer can be made, in milliseconds.
    package var staleIfError: Int64 { storage.parts.staleIfError }

    /// The opaque part of the entity tag, without its quotes; empty when the answer has none, or a handler gives an empty one.
    package var entityTag: String { storage.parts.entityTag }

    /// The maker of the entity tag.
    var tagOrigin: EntityTag.Origin { storage.parts.tagOrigin }

    /// True where the answer has an entity tag.
    var hasEntityTag: Bool { storage.parts.hasEntityTag }

    /// Since when the body has been the same: milliseconds, a whole number of seconds; `nil` where that is not known.
    package var lastModified: Int64? {
        get { storage.parts.lastModified }
        set { change { $0.lastModified = newValue } }
    }

    /// True where ``lastModified`` is what the handler says.
    var givesLastModified: Bool { storage.parts.givesLastModified }

    /// The age that the answer had when it was made, in milliseconds; `nil`: the handler says nothing of one, and it had none.
    var initialAge: Int64? { storage.parts.initialAge }

    /// The media type of the body; empty when the answer has no body.
    package var contentType: String { storage.parts.contentType }

    /// The coding of the body.
    package var coding: ContentCoding { storage.parts.coding }

    /// The entity tag of the same answer's form without a coding.
    package var identityTag: String { storage.parts.identityTag }

    /// What a handler has set beside the content type, to be sent again as it is.
    package var fields: HTTPFields { storage.parts.fields }

    /// How long it took to make the answer, in milliseconds.
    package var madeIn: Int64 { storage.parts.madeIn }

    /// The tokens the reader had taken before it made the answer, in the order of its route's tags.
    package var tokens: [TagVersion] { storage.parts.tokens }

    /// The body as it is sent.
    package var body: ByteBuffer {
        get { storage.parts.body }
        set { change { $0.body = newValue } }
    }

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
        fields: HTTPFields = [:],
        madeIn: Int64,
        tokens: [TagVersion] = [],
        body: ByteBuffer
    ) {
        self.init(
            Parts(
                status: status,
                storedAt: storedAt,
                ttl: ttl,
                staleWhileRevalidate: staleWhileRevalidate,
                staleIfError: staleIfError,
                entityTag: entityTag,
                lastModified: lastModified,
                contentType: contentType,
                coding: coding,
                fields: fields,
                madeIn: madeIn,
                tokens: tokens,
                body: body
            )
        )
    }

    /// The same answer, coded. It had no coding.
    package func coded(_ coding: ContentCoding, _ body: ByteBuffer) -> CacheEntry {
        var entry = self
        entry.change { parts in
            parts.coding = coding
            parts.entityTag = EntityTag.opaque(of: parts.entityTag, coding, parts.tagOrigin)
            parts.body = body
        }
        return entry
    }

    /// How far ahead of ours a clock may be whose entries are used, in milliseconds.
    static let clockTolerance: Int64 = 5000

    /// Whether the entry was made so far ahead of `now` that its clock can't be trusted.
    func isAhead(of now: Int64) -> Bool { storedAt > now + Self.clockTolerance }

    /// Tells whether both are forms of one answer, as far as their tags say.
    func isSameAnswer(as other: CacheEntry) -> Bool { isSameAnswer(as: other.storage.parts) }

    /// Tells whether the parts are those of a form of the same answer, as far as the tags say.
    func isSameAnswer(as other: Parts) -> Bool { storage.parts.isSameAnswer(as: other) }

    /// Forgets a date that counts only for an answer that is kept; a handler's own stays.
    mutating func forgetLastModified() {
        if !givesLastModified { lastModified = nil }
    }

    /// The age at `now`, in milliseconds; never negative (RFC 9111, 4.2.3).
    package func age(at now: Int64) -> Int64 { max(0, now - storedAt) + (initialAge ?? 0) }

    /// What is left of the freshness lifetime at `now`, in milliseconds; negative once the entry is stale.
    package func remainingFreshness(at now: Int64) -> Int64 { ttl - age(at: now) }

    /// For how long after its ttl the entry may be of any use, in milliseconds.
    package var longestWindow: Int64 { max(staleWhileRevalidate, staleIfError) }
}

/// The value of a tag when an answer was made, and a digest of the server it was read from.
package struct TagVersion: Sendable, Hashable {
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
