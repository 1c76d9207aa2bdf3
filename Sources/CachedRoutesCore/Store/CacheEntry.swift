package import HTTPTypes
package import NIOCore

/// A stored response.
///
/// Its parts are in one immutable object, because an entry is passed on more often than it is made: that takes one
/// reference count rather than one for each part.
package struct CacheEntry: Sendable, Equatable {
    /// The parts of an entry, changed together.
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
        var isOnlyForm = false
        var fields: HTTPFields = [:]
        var madeIn: Int64
        var tokens: [TagVersion] = []
        var body: ByteBuffer

        var hasEntityTag: Bool { !entityTag.isEmpty || tagOrigin != .body }
        var identityTag: String { EntityTag.identity(of: entityTag, coding: coding, origin: tagOrigin) }

        func isSameAnswer(as other: Parts) -> Bool {
            // Compared by bytes, because equal strings may differ in their bytes.
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

    /// Makes an entry from its parts.
    init(_ parts: Parts) {
        storage = Storage(parts)
    }

    /// Changes the parts of the entry. Each call copies all of them.
    mutating func change(_ body: (inout Parts) -> Void) {
        var parts = storage.parts
        body(&parts)
        storage = Storage(parts)
    }

    /// Indicates that all parts are equal.
    package static func == (one: CacheEntry, other: CacheEntry) -> Bool {
        one.storage === other.storage || one.storage.parts == other.storage.parts
    }

    /// The status of the response.
    package var status: Int { storage.parts.status }

    /// The time at which the response was made, in milliseconds since 1970-01-01T00:00:00Z.
    package var storedAt: Int64 { storage.parts.storedAt }

    /// The freshness lifetime in milliseconds.
    package var ttl: Int64 { storage.parts.ttl }

    /// The time after the ttl for which the response may be served while it is revalidated, in milliseconds.
    package var staleWhileRevalidate: Int64 { storage.parts.staleWhileRevalidate }

    /// The time after the ttl for which the response may be served if the origin fails, in milliseconds.
    package var staleIfError: Int64 { storage.parts.staleIfError }

    /// The opaque part of the entity tag, without its quotes; empty if the response has none, or if a handler sets an
    /// empty one.
    package var entityTag: String { storage.parts.entityTag }

    /// The origin of the entity tag.
    var tagOrigin: EntityTag.Origin { storage.parts.tagOrigin }

    /// Indicates that the response has an entity tag.
    var hasEntityTag: Bool { storage.parts.hasEntityTag }

    /// The time since which the body has been the same, in milliseconds and a whole number of seconds; `nil` if it is
    /// unknown.
    package var lastModified: Int64? {
        get { storage.parts.lastModified }
        set { change { $0.lastModified = newValue } }
    }

    /// Indicates that the handler has set ``lastModified``.
    var givesLastModified: Bool { storage.parts.givesLastModified }

    /// The age of the response when it was made, in milliseconds; `nil` if the handler set none and it was 0.
    var initialAge: Int64? { storage.parts.initialAge }

    /// The media type of the body; empty without a body.
    package var contentType: String { storage.parts.contentType }

    /// The content coding of the body.
    package var coding: ContentCoding { storage.parts.coding }

    /// Indicates that the body without a coding is sent to clients that accept gzip as well, because it must not be coded,
    /// or would not become shorter. This is about bodies that are long enough for compression.
    package var isOnlyForm: Bool { storage.parts.isOnlyForm }

    /// Indicates that clients with another `Accept-Encoding` get another form of the response.
    package var hasOtherForm: Bool {
        coding != .identity || !isOnlyForm && body.readableBytes >= Self.shortestCompressed
    }

    /// The length in bytes of the shortest body that is worth compressing.
    static let shortestCompressed = 1024

    /// The opaque part of the entity tag of the representation without a coding.
    package var identityTag: String { storage.parts.identityTag }

    /// The fields that a handler has set besides the content type, sent again unchanged.
    package var fields: HTTPFields { storage.parts.fields }

    /// The time that the origin took to make the response, in milliseconds.
    package var madeIn: Int64 { storage.parts.madeIn }

    /// The tag versions that were read before the response was made, in the order of the route's tags.
    package var tokens: [TagVersion] { storage.parts.tokens }

    /// The body.
    package var body: ByteBuffer {
        get { storage.parts.body }
        set { change { $0.body = newValue } }
    }

    /// Makes an entry.
    ///
    /// - Parameters:
    ///   - status: the status of the response.
    ///   - storedAt: the time at which the response was made, in milliseconds since 1970-01-01T00:00:00Z.
    ///   - ttl: the freshness lifetime in milliseconds.
    ///   - staleWhileRevalidate: the window after the ttl while the response is revalidated, in milliseconds.
    ///   - staleIfError: the window after the ttl if the origin fails, in milliseconds.
    ///   - entityTag: the opaque part of the entity tag; empty for none.
    ///   - lastModified: the time since which the body has been the same, in milliseconds.
    ///   - contentType: the media type of the body; empty without a body.
    ///   - coding: the content coding of the body.
    ///   - fields: the fields that a handler has set besides the content type.
    ///   - madeIn: the time that the origin took, in milliseconds.
    ///   - tokens: the tag versions that were read before the response was made.
    ///   - body: the body.
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

    /// The same response with a coding. It must not have one already.
    ///
    /// - Parameters:
    ///   - coding: the coding.
    ///   - body: the coded body.
    package func coded(_ coding: ContentCoding, _ body: ByteBuffer) -> CacheEntry {
        var entry = self
        entry.change { parts in
            parts.coding = coding
            parts.entityTag = EntityTag.opaque(of: parts.entityTag, coding: coding, origin: parts.tagOrigin)
            parts.body = body
        }
        return entry
    }

    /// The same response without its coding.
    ///
    /// - Parameter body: the body without the coding.
    func decoded(_ body: ByteBuffer) -> CacheEntry {
        var entry = self
        entry.change { parts in
            parts.entityTag = parts.identityTag
            parts.coding = .identity
            parts.body = body
        }
        return entry
    }

    /// The same response as one whose body without a coding is its only form.
    func asOnlyForm() -> CacheEntry {
        var entry = self
        entry.change { $0.isOnlyForm = true }
        return entry
    }

    /// The tolerated difference to the clocks of other processes, in milliseconds. Entries that are further ahead are
    /// not used.
    static let clockTolerance: Int64 = 5000

    /// Indicates that the entry was made so far ahead of `now` that its clock cannot be trusted.
    func isAhead(of now: Int64) -> Bool { storedAt > now + Self.clockTolerance }

    /// Indicates that both entries are representations of one response, judged by their tags.
    func isSameAnswer(as other: CacheEntry) -> Bool { isSameAnswer(as: other.storage.parts) }

    /// Indicates that the parts belong to a representation of the same response, judged by their tags.
    func isSameAnswer(as other: Parts) -> Bool { storage.parts.isSameAnswer(as: other) }

    /// Removes a date that is only meaningful for a stored response. One set by the handler stays.
    mutating func forgetLastModified() {
        if !givesLastModified { lastModified = nil }
    }

    /// The age at `now` in milliseconds; never negative (RFC 9111, 4.2.3).
    package func age(at now: Int64) -> Int64 { max(0, now - storedAt) + (initialAge ?? 0) }

    /// The remaining freshness lifetime at `now` in milliseconds; negative once the entry is stale.
    package func remainingFreshness(at now: Int64) -> Int64 { ttl - age(at: now) }

    /// The longest time after its ttl for which the entry may be served, in milliseconds.
    package var longestWindow: Int64 { max(staleWhileRevalidate, staleIfError) }
}

/// The version of a tag when a response was made, with a digest of the server that it was read from.
package struct TagVersion: Sendable, Hashable {
    /// The random value of the tag's key.
    package let value: String
    /// A digest of the identity of that server.
    package let server: String

    /// Makes a tag version.
    ///
    /// - Parameters:
    ///   - value: the random value of the tag's key.
    ///   - server: a digest of the server's identity.
    package init(value: String, server: String) {
        self.value = value
        self.server = server
    }
}
