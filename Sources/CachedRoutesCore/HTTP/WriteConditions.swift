import HTTPTypes

/// The conditions of a request that is to change something (RFC 9110, 13). None of them is ever ignored.
struct WriteConditions: Sendable, Hashable {
    /// The current representation of a resource, when a condition is evaluated.
    enum Representation: Sendable, Hashable {
        case none
        /// - Parameter tag: its entity tag, of the form without a coding; `nil`: it has none, or no condition names any.
        case current(tag: String?)
    }

    /// A field as it was sent.
    private enum Field: Sendable, Hashable {
        case absent
        case malformed
        case sent(EntityTagField)

        init(_ value: String?) {
            guard let value else {
                self = .absent
                return
            }
            self = EntityTagField(value).map(Field.sent) ?? .malformed
        }
    }

    private let match: Field
    private let noneMatch: Field
    /// The request says a date, which nothing is compared with: a second is too long for that (RFC 9110, 8.8.2.2).
    private let isDated: Bool

    /// The conditions of a request; `nil`: there are none. `If-Modified-Since` is none for a write (RFC 9110, 13.1.3).
    init?(_ fields: HTTPFields) {
        match = Field(fields[.ifMatch])
        noneMatch = Field(fields[.ifNoneMatch])
        isDated = fields.contains(.ifUnmodifiedSince)
        if match == .absent, noneMatch == .absent, !isDated { return nil }
    }

    /// The problem with conditions that can't hold, whatever there is; `nil`: they may.
    var refusal: Problem? {
        if match == .malformed { return .preconditionFailed("'If-Match' is no list of entity tags in quotes.") }
        if match == .absent, isDated {
            return .preconditionFailed(
                "The resource has no date to compare 'If-Unmodified-Since' with; send 'If-Match' with the 'ETag' that GET "
                    + "answers with. Nothing was done."
            )
        }
        if noneMatch == .malformed {
            return .preconditionFailed("'If-None-Match' is no list of entity tags in quotes.")
        }
        return nil
    }

    /// True where the client says which state of the resource it changes: it has seen the current one, or there is none. That it has
    /// not seen some other state, as `If-None-Match` with a tag says, is no reason to change this one.
    var namesTheState: Bool { match != .absent || noneMatch == .sent(.any) }

    /// True where a condition names entity tags: the representation's own is needed, which takes reading all of it.
    var namesTags: Bool {
        [match, noneMatch].contains { field in
            guard case .sent(let field) = field else { return false }
            return field != .any
        }
    }

    /// Evaluates the conditions, in the order of RFC 9110, 13.2.2: a date says nothing beside `If-Match`.
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
