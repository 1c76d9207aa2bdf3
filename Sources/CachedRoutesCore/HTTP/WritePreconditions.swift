import HTTPTypes

/// The preconditions of a request that writes (RFC 9110, 13). None of them is ever ignored.
struct WritePreconditions: Sendable, Hashable {
    /// The current representation of a resource when a precondition is evaluated.
    enum Representation: Sendable, Hashable {
        case none
        /// - Parameter tag: the entity tag of the representation without a coding; `nil` if it has none, or if no
        ///   precondition needs it.
        case current(tag: String?)
    }

    /// The value of a precondition's field.
    private enum Field: Sendable, Hashable {
        case absent
        case malformed
        case sent(EntityTagPrecondition)

        init(_ value: String?) {
            guard let value else {
                self = .absent
                return
            }
            self = EntityTagPrecondition(value).map(Field.sent) ?? .malformed
        }
    }

    private let match: Field
    private let noneMatch: Field
    /// The request has a date, which cannot be compared with anything: a resolution of one second is too coarse for
    /// writes (RFC 9110, 8.8.2.2).
    private let isDated: Bool

    /// Reads the preconditions of a request; `nil` if it has none. `If-Modified-Since` does not apply to writes (RFC
    /// 9110, 13.1.3).
    init?(_ fields: HTTPFields) {
        match = Field(fields[.ifMatch])
        noneMatch = Field(fields[.ifNoneMatch])
        isDated = fields.contains(.ifUnmodifiedSince)
        if match == .absent, noneMatch == .absent, !isDated { return nil }
    }

    /// The response to preconditions that are false for every representation; `nil` if they may be true.
    var refusal: Problem? {
        if match == .malformed {
            return .preconditionFailed("'If-Match' is not a list of entity tags in double quotes.")
        }
        if match == .absent, isDated {
            return .preconditionFailed(
                "The resource has no date to compare 'If-Unmodified-Since' with; send 'If-Match' with the 'ETag' that GET "
                    + "answers with. Nothing was done."
            )
        }
        if noneMatch == .malformed {
            return .preconditionFailed("'If-None-Match' is not a list of entity tags in double quotes.")
        }
        return nil
    }

    /// Indicates that the client names the state of the resource that it changes: the current one, or none.
    /// `If-None-Match` with a tag does not: not having seen some other state is no reason to change this one.
    var namesTheState: Bool { match != .absent || noneMatch == .sent(.any) }

    /// Indicates that a precondition has entity tags, so that the current tag is needed, which takes reading the whole
    /// representation.
    var namesTags: Bool {
        [match, noneMatch].contains { field in
            guard case .sent(let field) = field else { return false }
            return field != .any
        }
    }

    /// Evaluates the preconditions in the order of RFC 9110, 13.2.2: a date is ignored beside `If-Match`.
    func hold(for representation: Representation) -> Bool {
        guard refusal == nil else { return false }
        if case .sent(let field) = match {
            guard case .current(let tag) = representation, field == .any || field.hasStrong(tag) else { return false }
        }
        if case .sent(let field) = noneMatch, case .current(let tag) = representation {
            return field != .any && !field.hasWeak(tag)
        }
        return true
    }
}
