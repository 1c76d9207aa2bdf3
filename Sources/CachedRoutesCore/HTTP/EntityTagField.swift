/// The value of `If-Match` or `If-None-Match` (RFC 9110, 13.1.1 and 13.1.2).
enum EntityTagField: Sendable, Hashable {
    /// `*`: any representation.
    case any
    /// The tags of a list.
    case tags([EntityTag.Value])

    /// Reads a field's lines joined by commas; `nil` for what is no list of entity tags, or an empty one.
    init?(_ value: String) {
        var value = value
        let field: EntityTagField? = value.withUTF8 { bytes in
            var list = EntityTagList(bytes)
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

    /// Looks for `opaque` in the field by strong comparison (RFC 9110, 8.8.3.2), in any of an answer's forms: a client that has
    /// read it with a coding means the same state by it as one that has read it without.
    ///
    /// - Parameter opaque: the strong tag of the form without a coding; `nil`: there is none, and nothing matches.
    func hasStrong(_ opaque: String?) -> Bool {
        has(opaque) { !$0.isWeak }
    }

    /// Looks for `opaque` in the field by weak comparison, in any of an answer's forms.
    func hasWeak(_ opaque: String?) -> Bool {
        has(opaque) { _ in true }
    }

    private func has(_ identity: String?, _ isCompared: (EntityTag.Value) -> Bool) -> Bool {
        guard case .tags(let tags) = self, let identity else { return false }
        return tags.contains { tag in
            isCompared(tag)
                && ContentCoding.allCases.contains {
                    // By bytes: equal strings may have different ones.
                    EntityTag.opaque(of: identity, $0, .handler(isWeak: false)).utf8.elementsEqual(tag.opaque.utf8)
                }
        }
    }
}
