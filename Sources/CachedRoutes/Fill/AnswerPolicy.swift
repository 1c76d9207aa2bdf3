import HTTPTypes
import NIOCore
import RouteModel

/// Decides what becomes of an answer: the entry it makes, and who else may have it (RFC 9111, 3).
struct AnswerPolicy {
    /// Who may have an answer besides those who asked for it.
    enum Use: Sendable, Hashable {
        /// Whoever asks later, from the store, which keeps it for `lifetime` milliseconds.
        case store(lifetime: Int64)
        /// Those who wait for the same answer.
        case share
        /// Nobody.
        case once
    }

    /// What is decided about an answer.
    struct Decision: Sendable {
        var entry: CacheEntry
        var use: Use
        /// Whether the body may be sent with another coding than its own.
        var mayBeCoded = true
    }

    let plan: RoutePlan
    /// The time of day in milliseconds when the answer was complete.
    let now: Int64
    /// Between 0 and 1: which part of the jitter shortens this ttl.
    let draw: Double

    /// How much longer than an entry can be of use it is kept, in milliseconds, so that whoever makes it anew sees whether its
    /// bytes are the same, and what date they have. At least the second that a date tells apart.
    private static let afterlife: (least: Int64, most: Int64) = (1000, 10_000)

    /// Decides about `answer`.
    ///
    /// - Parameters:
    ///   - previous: the last entry under the same key, of any age, where there is one.
    ///   - madeIn: how long making it took, in milliseconds.
    func decide(
        _ answer: SourceAnswer,
        after previous: CacheEntry?,
        madeIn: Int64,
        tokens: [Token]
    ) -> Decision {
        let control = HandlerCacheControl(answer.fields)
        let isNegative = answer.status == 404
        let isSuccess = (200...299).contains(answer.status)
        var entry = CacheEntry(
            status: answer.status,
            storedAt: now,
            ttl: 0,
            entityTag: isSuccess && !answer.contentType.isEmpty ? EntityTag.opaque(for: answer.body) : "",
            contentType: answer.contentType,
            fields: answer.fields,
            madeIn: madeIn,
            tokens: tokens,
            body: answer.body
        )
        let ttl = plan.cache.flatMap { isNegative ? $0.negativeTTL : Self.isStored(answer.status) ? $0.ttl : nil }
        guard let cache = plan.cache, let ttl, !control.forbidsSharing else {
            if !answer.fields.contains(.cacheControl) { entry.fields[.cacheControl] = "no-store" }
            return Decision(entry: entry, use: control.forbidsSharing ? .once : .share)
        }
        let mayBeStale = !isNegative && !control.forbidsStale
        if answer.fields.contains(.cacheControl) {
            entry.fields[.cacheControl] = plan.clientPolicy.value(
                limit: isNegative ? min(ttl.milliseconds / 1000, control.clientLimit ?? .max) : control.clientLimit,
                mayBeStale: mayBeStale,
                others: control.others
            )
        }
        entry.ttl = jittered(min(ttl.milliseconds, control.storeLimit.map { $0 * 1000 } ?? .max), cache.jitter)
        if mayBeStale {
            entry.staleWhileRevalidate = cache.staleWhileRevalidate.milliseconds
            entry.staleIfError = cache.staleIfError.milliseconds
        }
        guard answer.isCurrent, answer.body.readableBytes <= cache.maxBody else {
            return Decision(entry: entry, use: .share)
        }
        entry.lastModified = lastModified(entry.entityTag, after: previous)
        let afterlife = min(max(entry.ttl, Self.afterlife.least), Self.afterlife.most)
        let lifetime = entry.ttl + entry.longestWindow + (isNegative ? 0 : afterlife)
        return Decision(entry: entry, use: .store(lifetime: lifetime), mayBeCoded: !control.forbidsTransformation)
    }

    /// Complete answers that say by their status that they are final, other than errors (RFC 9111, 3).
    private static func isStored(_ status: Int) -> Bool {
        (200...299).contains(status) || [300, 301, 302, 303, 307, 308].contains(status)
    }

    private func jittered(_ ttl: Int64, _ percent: Int) -> Int64 {
        max(1, ttl - Int64(Double(ttl) * draw * Double(percent) / 100))
    }

    /// Since when the bytes have been the same.
    ///
    /// No two bodies get the same date, because a date counts seconds and a client's copy may be of either: a body that follows
    /// another one within its second has none until it is made anew.
    private func lastModified(_ entityTag: String, after previous: CacheEntry?) -> Int64? {
        guard !entityTag.isEmpty else { return nil }
        let second = Self.second(of: now)
        guard let previous, !previous.entityTag.isEmpty else { return second }
        if (previous.identityTag ?? previous.entityTag) == entityTag {
            if let known = previous.lastModified { return known }
            let since = Self.second(of: previous.storedAt + 999)
            return since <= second ? since : nil
        }
        return second > previous.lastModified ?? Self.second(of: previous.storedAt) ? second : nil
    }

    private static func second(of time: Int64) -> Int64 { time / 1000 * 1000 }
}

/// What a handler says about storing its answer (RFC 9111, 5.2.2).
struct HandlerCacheControl {
    /// Whether nobody else may have the answer.
    private(set) var forbidsSharing: Bool
    /// Whether the answer may not be given once it is stale.
    private(set) var forbidsStale = false
    private var maxAge: Int64?
    private var sharedMaxAge: Int64?
    /// Directives that are about something else, as they are sent.
    private(set) var others: [String] = []
    /// Whether the body may not be coded.
    private(set) var forbidsTransformation: Bool

    init(_ fields: HTTPFields) {
        forbidsSharing = fields.contains(.setCookie)
        forbidsTransformation = fields.contains(.contentEncoding)
        guard let value = fields[.cacheControl] else { return }
        for (name, argument) in CacheDirectives(value) {
            switch name {
            case "no-store", "private", "no-cache": forbidsSharing = true
            case "max-age", "s-maxage":
                // What can't be read says that the answer is stale (RFC 9111, 4.2.1).
                let seconds = CacheDirectives.deltaSeconds(argument) ?? 0
                if name == "max-age" {
                    maxAge = min(maxAge ?? .max, seconds)
                } else {
                    sharedMaxAge = min(sharedMaxAge ?? .max, seconds)
                    forbidsStale = true
                }
            case "must-revalidate", "proxy-revalidate":
                forbidsStale = true
                others.append(name)
            case "public", "stale-while-revalidate", "stale-if-error": break
            default:
                if name == "no-transform" { forbidsTransformation = true }
                others.append(argument.map { "\(name)=\(Self.quoted($0))" } ?? name)
            }
        }
        if storeLimit == 0 { forbidsSharing = true }
    }

    /// The most seconds that the answer is fresh here, in a cache that many share.
    var storeLimit: Int64? { sharedMaxAge ?? maxAge }

    /// The most seconds that clients may keep it without asking. Who sends only `s-maxage` does not mean more for them.
    var clientLimit: Int64? { maxAge ?? sharedMaxAge }

    private static func quoted(_ argument: String) -> String {
        let isToken = !argument.isEmpty && HTTPField.Name(argument) != nil
        if isToken { return argument }
        return "\"" + argument.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
