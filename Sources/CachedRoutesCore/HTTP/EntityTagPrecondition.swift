/// The value of `If-Match` or `If-None-Match` (RFC 9110, 13.1.1 and 13.1.2).
enum EntityTagPrecondition: Sendable, Hashable {
    /// `*`: any current representation.
    case any
    /// A list of entity tags.
    case tags([EntityTag.Value])

    /// Parses a field's lines joined by commas; `nil` if they are not a list of entity tags, or an empty one.
    init?(_ value: String) {
        var value = value
        let field: EntityTagPrecondition? = value.withUTF8 { bytes in
            var list = EntityTagIterator(bytes)
            if list.isAny { return .any }
            var tags: [EntityTag.Value] = []
            while let member = list.next() {
                guard case .tag(let opaque, let isWeak) = member else { return nil }
                tags.append(EntityTag.Value(opaque: String(decoding: opaque, as: UTF8.self), isWeak: isWeak))
            }
            return tags.isEmpty ? nil : .tags(tags)
        }
        guard let field else { return nil }
        self = field
    }

    /// Indicates that the field lists `opaque` by strong comparison (RFC 9110, 8.8.3.2), with or without the suffix of
    /// a coding: a client that holds the coded representation refers to the same state as one that holds the other.
    ///
    /// - Parameter opaque: the strong tag of the representation without a coding; `nil` if there is none, so that
    ///   nothing matches.
    func hasStrong(_ opaque: String?) -> Bool {
        has(opaque) { !$0.isWeak }
    }

    /// Indicates that the field lists `opaque` by weak comparison, with or without the suffix of a coding.
    func hasWeak(_ opaque: String?) -> Bool {
        has(opaque) { _ in true }
    }

    private func has(_ identity: String?, _ isCompared: (EntityTag.Value) -> Bool) -> Bool {
        guard case .tags(let tags) = self, let identity else { return false }
        return tags.contains { tag in
            isCompared(tag)
                && ContentCoding.allCases.contains {
                    // Compared by bytes, because equal strings may differ in their bytes.
                    EntityTag.opaque(of: identity, coding: $0, origin: .handler(isWeak: false)).utf8.elementsEqual(
                        tag.opaque.utf8
                    )
                }
        }
    }
}
