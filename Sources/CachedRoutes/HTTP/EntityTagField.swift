import HTTPTypes

/// The value of `If-Match` or `If-None-Match` (RFC 9110, 13.1.1 and 13.1.2).
enum EntityTagField: Sendable, Hashable {
    /// `*`: any representation.
    case any
    /// The tags of a list.
    case tags([Tag])

    /// An entity tag of a list.
    struct Tag: Sendable, Hashable {
        /// The text between the quotes.
        let opaque: String
        let isWeak: Bool
    }

    /// Reads a field's lines joined by commas; `nil` for what is no list of entity tags, or an empty one.
    init?(_ value: String) {
        var rest = Array(value.utf8)[...].trimmed
        if rest.elementsEqual("*".utf8) {
            self = .any
            return
        }
        var tags: [Tag] = []
        while true {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",") }
            if rest.isEmpty { break }
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            let opaque = rest.prefix { $0 != UInt8(ascii: "\"") }
            rest = rest[opaque.endIndex...]
            guard rest.popFirst() != nil else { return nil }
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
            tags.append(Tag(opaque: String(decoding: opaque, as: UTF8.self), isWeak: isWeak))
        }
        guard !tags.isEmpty else { return nil }
        self = .tags(tags)
    }

    /// Looks for `opaque` in the field by strong comparison (RFC 9110, 8.8.3.2), in any of an answer's forms: a client that has
    /// read it with a coding means the same state by it as one that has read it without.
    ///
    /// - Parameter opaque: the tag of the form without a coding; `nil`: there is none.
    func hasStrong(_ opaque: String?) -> Bool {
        has(opaque) { !$0.isWeak }
    }

    /// Looks for `opaque` in the field by weak comparison, in any of an answer's forms.
    func hasWeak(_ opaque: String?) -> Bool {
        has(opaque) { _ in true }
    }

    private func has(_ opaque: String?, _ isCompared: (Tag) -> Bool) -> Bool {
        guard case .tags(let tags) = self, let opaque else { return false }
        return tags.contains {
            isCompared($0) && ($0.opaque == opaque || $0.opaque == "\(opaque)-\(ContentCoding.gzip.rawValue)")
        }
    }
}
