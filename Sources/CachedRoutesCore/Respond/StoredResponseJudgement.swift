package import RouteModel

/// The use that a service makes of a stored response for a request, and the reasons.
package struct StoredResponseJudgement: Sendable {
    /// The use.
    package enum Verdict: Hashable, Sendable {
        /// It is fresh and given.
        case hit
        /// It is stale and given nevertheless.
        ///
        /// - Parameter isRevalidated: true if it is made anew meanwhile.
        case stale(isRevalidated: Bool)
        /// It is stale, and given only if a new one can't be made.
        case tooStale
        /// It is not one that the request's `Cache-Control` accepts, which the route honors.
        case notAccepted
        /// It was made under other tag versions than the present ones.
        case purged
        /// There is none, in neither form.
        case absent
        /// The bytes are none of this version under this key.
        case unreadable
        /// It was made at a time that is ahead of this machine's clock.
        case ahead
        /// The route could not have stored it.
        case rejected(EntryPolicyViolation)
        /// No stored response is looked up.
        case bypass(RequestExplanation.Bypass)
        /// The store refuses to read.
        case refused
    }

    /// A tag version, now and when the response was made.
    package struct Version: Hashable, Sendable {
        /// Now and then.
        package enum State: Hashable, Sendable {
            /// The same.
            case same
            /// It does not exist now: it was purged, and nothing was made since.
            case absent
            /// It is another one: it was purged, and something was made since.
            case changed
            /// The same value comes from another server, or from one that was restarted.
            case otherServer
            /// The response has none at this place.
            case unrecorded
        }

        /// The key of the tag version.
        package let key: TagVersionKey
        /// The version now; `nil` if there is none.
        package let current: TagVersion?
        /// The version that the response has; `nil` if it has none at this place.
        package let recorded: TagVersion?

        /// Both versions compared.
        package var state: State {
            guard let recorded else { return .unrecorded }
            guard let current else { return .absent }
            if current == recorded { return .same }
            return current.value == recorded.value ? .otherServer : .changed
        }
    }

    /// The use.
    package let verdict: Verdict
    /// The response as the route accepts it; `nil` if there is none that it accepts.
    package let entry: CacheEntry?
    /// Indicates that it is given if a new one can't be made.
    package let mayReplaceFailure: Bool
    /// Indicates that the response is in the form that the client does not get, from which its form is made.
    package let isConverted: Bool
    /// The tag versions in the order of the response's; empty if there is no response.
    package let versions: [Version]
}

extension RequestExplanation {
    /// Judges what a store has for the request, as a service does that trusts the store.
    ///
    /// - Parameters:
    ///   - reading: what was read under the key of the client's form, or, if there is nothing, of the other one, with the tag
    ///     versions.
    ///   - now: the time of day in milliseconds.
    package func judge(_ reading: StoreLookupResult, now: Int64) -> StoredResponseJudgement {
        func judged(_ verdict: StoredResponseJudgement.Verdict) -> StoredResponseJudgement {
            StoredResponseJudgement(
                verdict: verdict,
                entry: nil,
                mayReplaceFailure: false,
                isConverted: false,
                versions: []
            )
        }
        if let bypass { return judged(.bypass(bypass)) }
        guard let cache = prepared.cache else { return judged(.bypass(.uncached)) }
        let found: CacheEntry
        switch reading.content {
        case .found(let entry): found = entry
        case .absent: return judged(.absent)
        case .unreadable: return judged(.unreadable)
        case .unavailable, .refused, .untrusted: return judged(.refused)
        }
        let place = reading.isOther ? prepared.lookupKey.other : prepared.lookupKey
        let entry: CacheEntry
        do throws(EntryPolicyViolation) {
            entry = try cache.verifier.accept(found, mayBeCoded: place.variant == .gzip)
        } catch {
            return judged(.rejected(error))
        }
        let reuse = StoredResponseReuse(now: now)
        let verdict = reuse.verdict(
            on: entry,
            reading.tokens,
            prepared.directives,
            pause: .none
        )
        return StoredResponseJudgement(
            verdict: entry.isAhead(of: now) && verdict == .miss(.miss, .unreadable) ? .ahead : .init(verdict),
            entry: entry,
            mayReplaceFailure: reuse.mayReplaceFailure(entry, reading.tokens, prepared.directives),
            isConverted: reading.isOther && entry.hasOtherForm,
            versions: prepared.tokens.indices.map { index in
                .init(
                    key: prepared.tokens[index],
                    current: reading.tokens.indices.contains(index) ? reading.tokens[index] : nil,
                    recorded: entry.tokens.indices.contains(index) ? entry.tokens[index] : nil
                )
            }
        )
    }
}

extension StoredResponseJudgement.Verdict {
    fileprivate init(_ verdict: StoredResponseReuse.Verdict) {
        switch verdict {
        case .fresh: self = .hit
        case .stale(let isRenewed, _): self = .stale(isRevalidated: isRenewed)
        case .miss(_, .purged): self = .purged
        case .miss(.stale, _): self = .tooStale
        case .miss(.request, _): self = .notAccepted
        case .miss: self = .unreadable
        }
    }
}
