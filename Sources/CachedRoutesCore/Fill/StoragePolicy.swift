import HTTPTypes
import NIOCore
import RouteModel

/// Decides if a response is stored, with which metadata, and which requests it may answer (RFC 9111, 3).
package struct StoragePolicy {
    /// The decision about a response.
    struct Decision: Sendable {
        let entry: CacheEntry
        let audience: ResponseReuseScope
        /// The time in milliseconds for which the store keeps the entry; 0 for one that is not stored.
        let lifetime: Int64
        /// Indicates that the body may be sent with another coding than its own.
        let mayBeCoded: Bool
        /// Indicates that an older entry, which this response can't replace, must not be reused any more.
        let replacesOlder: Bool

        /// Stores the response.
        init(storing entry: CacheEntry, for lifetime: Int64, mayBeCoded: Bool) {
            precondition(lifetime > 0, "a stored response has a lifetime")
            self.entry = entry
            audience = .everyone
            self.lifetime = lifetime
            self.mayBeCoded = mayBeCoded
            replacesOlder = false
        }

        /// Sends the response without storing it.
        init(sending entry: CacheEntry, to audience: ResponseReuseScope, replacesOlder: Bool) {
            precondition(audience < .everyone, "a response for everyone is stored")
            self.entry = entry
            self.audience = audience
            lifetime = 0
            mayBeCoded = true
            self.replacesOlder = replacesOlder
        }
    }

    let plan: RoutePlan
    /// The time of day in milliseconds when the response was complete.
    let now: Int64
    /// The part of the jitter by which this ttl is shortened, between 0 and 1.
    let draw: Double

    /// Decides about a response.
    ///
    /// - Parameters:
    ///   - answer: the response.
    ///   - previous: the last entry under the same key, of any age; `nil` if there is none.
    ///   - madeIn: the time that making the response took, in milliseconds.
    ///   - tokens: the tag versions under which it was made.
    func decide(
        _ answer: OriginResponse,
        after previous: CacheEntry?,
        madeIn: Int64,
        tokens: [TagVersion]
    ) -> Decision {
        let given = answer.given
        // A handler's response may have an age already, to which the time of the fetch is added (RFC 9111, 4.2.3).
        let initialAge = given.age.map { $0 * 1000 + madeIn }
        // `Expires` counts from the time at which the response was generated.
        let control = HandlerCacheControl(answer.fields, now: now - (initialAge ?? 0))
        let isNegative = HTTPResponse.Status.isNegative(answer.status)
        let isSuccess = (200...299).contains(answer.status)
        var parts = CacheEntry.Parts(
            status: answer.status,
            storedAt: now,
            ttl: 0,
            entityTag: given.entityTag?.opaque
                ?? (isSuccess && !answer.contentType.isEmpty ? EntityTag.opaque(for: answer.body) : ""),
            tagOrigin: given.entityTag.map { .handler(isWeak: $0.isWeak) } ?? .body,
            // A date later than that of the response is replaced by the latter (RFC 9110, 8.8.2.1).
            lastModified: given.lastModified.map { min($0, Self.second(of: now)) },
            givesLastModified: given.lastModified != nil,
            initialAge: initialAge,
            contentType: answer.contentType,
            fields: answer.fields,
            madeIn: madeIn,
            tokens: tokens,
            body: answer.body
        )
        // From here on `Cache-Control` gives the lifetime, which counts from the date of the response and not by the
        // recipient's clock.
        if !parts.fields.isEmpty { parts.fields[.expires] = nil }
        let ttl = plan.route.cache.flatMap {
            isNegative ? $0.negativeTTL : HTTPResponse.Status.isCacheable(answer.status) ? $0.ttl : nil
        }
        let life = min(ttl?.milliseconds ?? .max, control.storeLimit.map { $0 * 1000 } ?? .max)
        // A response whose freshness lifetime had passed before it arrived is for its own request only.
        let remaining = life - (initialAge ?? 0)
        let forbidsSharing = control.forbidsSharing || remaining <= 0
        guard let cache = plan.route.cache, let ttl, !forbidsSharing else {
            parts.fields[.cacheControl] = controlOfUnstored(answer, control, isAskedFor: forbidsSharing)
            return Decision(
                sending: CacheEntry(parts),
                to: forbidsSharing ? .requester : .waiters,
                replacesOlder: answer.isCurrent && answer.status < 500
            )
        }
        let windows = isNegative ? .none : control.narrowed(StaleWindows(cache))
        if control.isGiven {
            parts.fields[.cacheControl] = plan.downstream.value(
                limit: isNegative ? min(ttl.milliseconds / 1000, control.clientLimit ?? .max) : control.clientLimit,
                sharedLimit: control.sharedLimit,
                control.announced(windows),
                isPrivate: false,
                others: control.others
            )
        }
        parts.ttl = life - remaining + Self.shortened(remaining, byUpTo: cache.jitter, draw: draw)
        parts.staleWhileRevalidate = windows.whileRevalidate
        parts.staleIfError = windows.ifError
        guard answer.isCurrent, answer.body.readableBytes <= cache.maxBody else {
            return Decision(sending: CacheEntry(parts), to: .waiters, replacesOlder: answer.isCurrent)
        }
        if !parts.givesLastModified, isSuccess, !parts.contentType.isEmpty {
            parts.lastModified = lastModified(parts, after: previous)
        }
        let entry = CacheEntry(parts)
        return Decision(
            storing: entry,
            for: entry.storeLifetime - entry.age(at: now),
            mayBeCoded: !control.forbidsTransformation
        )
    }

    /// Returns the `Cache-Control` of a response that is not stored here. It allows clients no more than that of a
    /// stored one.
    ///
    /// - Parameter isAskedFor: true if the response is for its own request only.
    private func controlOfUnstored(
        _ answer: OriginResponse,
        _ control: HandlerCacheControl,
        isAskedFor: Bool
    ) -> String {
        guard control.isGiven, !control.forbidsStoring, answer.status < 500 else {
            return "no-store"
        }
        return plan.downstream.value(
            limit: isAskedFor && !control.isPrivate ? 0 : control.clientLimit ?? 0,
            sharedLimit: control.sharedLimit,
            .none,
            isPrivate: control.isPrivate,
            others: control.others
        )
    }

    /// Shortens a ttl by a part of the jitter.
    ///
    /// - Parameters:
    ///   - ttl: the ttl in milliseconds.
    ///   - percent: the jitter.
    ///   - draw: the part of it, between 0 and 1.
    package static func shortened(_ ttl: Int64, byUpTo percent: Int, draw: Double) -> Int64 {
        max(1, ttl - Int64(Double(ttl) * draw * Double(percent) / 100))
    }

    /// Returns the time since which the bytes have been the same, in milliseconds; `nil` if it can't be given.
    ///
    /// No two bodies get the same date, because dates have a resolution of one second and a client's copy may be of
    /// either body: a body that follows another one within the same second has no date until it is made again.
    private func lastModified(_ parts: CacheEntry.Parts, after previous: CacheEntry?) -> Int64? {
        let second = Self.second(of: now)
        guard let previous, previous.hasEntityTag else { return second }
        if previous.isSameAnswer(as: parts) {
            // A date later than that of the response must not be sent (RFC 9110, 8.8.2.1).
            if let known = previous.lastModified { return known <= second ? known : nil }
            let since = Self.second(of: previous.storedAt + 999)
            return since <= second ? since : nil
        }
        return second > previous.lastModified ?? Self.second(of: previous.storedAt) ? second : nil
    }

    private static func second(of time: Int64) -> Int64 { time / 1000 * 1000 }
}
