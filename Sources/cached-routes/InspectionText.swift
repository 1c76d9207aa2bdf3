import CachedRoutesCore
import CachedRoutesRedis
import NIOCore
import RouteDocuments
import RouteModel

/// The text about what Redis has for one request.
enum InspectionText {
    /// Returns the lines about a request that its route serves.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - inspection: what Redis has for it.
    static func block(_ request: RequestOptions.Request, _ inspection: StoredResponseInspection) -> String {
        let now = inspection.time
        var lines = [request.title]
        func add(_ subject: String, _ text: String) { lines.append(ExplanationText.line(subject, text)) }
        if let route = request.found?.route { add("route", ExplanationText.title(of: route)) }
        if let key = request.explanation?.lookupKey { add("key", "\(key)") }
        for (number, form) in inspection.forms.enumerated() {
            let subject = number == 0 ? "stored" : form.key.variant == .gzip ? "as gzip" : "not coded"
            add(subject, text(of: form, now: now))
        }
        let judgement = inspection.judgement
        if let entry = judgement.entry { add("fresh", freshness(of: entry, now: now)) }
        for (number, version) in judgement.versions.enumerated() {
            add(number == 0 ? "versions" : "", text(of: version, among: judgement.versions))
        }
        if !inspection.isServerKnown {
            add("server", "Redis does not tell its run_id, so that services store and use nothing: allow the user INFO")
        }
        let isUnbound = !inspection.isServerKnown && judgement.verdict == .purged
        let refusal =
            request.explanation?.acceptsOnlyStored ?? false
            ? "a 504, because the request's Cache-Control says only-if-cached" : nil
        add(
            "verdict",
            isUnbound
                ? miss("its tag versions can't be compared", refusal)
                : verdict(judgement, now: now, insteadOfMiss: refusal)
        )
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: - Values

    private static func text(of form: StoredResponseInspection.Form, now: Int64) -> String {
        let kept = form.lifetime.map { "; kept for \(time($0))" } ?? ""
        switch form.content {
        case .found(let entry):
            var parts = ["\(entry.status)" + (entry.contentType.isEmpty ? "" : " \(entry.contentType)")]
            parts.append("\(entry.body.readableBytes) bytes")
            parts.append("made in \(time(entry.madeIn)), \(time(max(0, now - entry.storedAt))) ago")
            if !entry.entityTag.isEmpty { parts.append("ETag \"\(entry.entityTag)\"") }
            return parts.joined(separator: ", ") + kept
        case .unreadable:
            return "bytes that are no response of this version under this key\(kept)"
        case .absent:
            // MGET says nothing of values of other types.
            guard let type = form.type, type != "string" else { return "nothing" }
            return "a \(type), which no service reads or has stored\(kept)"
        case .refused, .unavailable, .untrusted: return "not readable"
        }
    }

    private static func freshness(of entry: CacheEntry, now: Int64) -> String {
        let rest = entry.remainingFreshness(at: now)
        guard rest <= 0 else { return "for \(time(rest)), of \(time(entry.ttl))" }
        var parts = ["no longer, since \(time(-rest))"]
        if entry.staleWhileRevalidate > 0 {
            parts.append("stale-while-revalidate \(time(entry.staleWhileRevalidate))")
        }
        if entry.staleIfError > 0 { parts.append("stale-if-error \(time(entry.staleIfError))") }
        return parts.joined(separator: " · ")
    }

    private static func text(
        of version: StoredResponseJudgement.Version,
        among versions: [StoredResponseJudgement.Version]
    ) -> String {
        let width = versions.map { ExplanationText.name($0.key).count }.max() ?? 0
        let name = ExplanationText.name(version.key)
        let padded = name + String(repeating: " ", count: width - name.count)
        let (now, then) = (version.current?.value ?? "", version.recorded?.value ?? "")
        return switch version.state {
        case .same: "\(padded)  \(now)  same"
        case .absent: "\(padded)  absent now, \(then) in the response: purged"
        case .changed: "\(padded)  \(now) now, \(then) in the response: purged"
        case .otherServer: "\(padded)  \(now)  read from another Redis, or before a restart"
        case .unrecorded: "\(padded)  \(now.isEmpty ? "absent" : now) now, none in the response"
        }
    }

    // MARK: - The verdict

    /// The verdict: a hit, or the reason why not.
    ///
    /// - Parameters:
    ///   - judgement: the use that a service makes of what is stored.
    ///   - now: the time of day in milliseconds.
    ///   - refusal: the response to a request that doesn't accept a new response; `nil` for all others.
    static func verdict(_ judgement: StoredResponseJudgement, now: Int64, insteadOfMiss refusal: String? = nil)
        -> String
    {
        let conversion = judgement.isConverted ? ", made from the other form" : ""
        let rest = judgement.entry.map { $0.remainingFreshness(at: now) } ?? 0
        let reason: String
        switch judgement.verdict {
        case .hit: return "HIT\(conversion)"
        case .stale(let isRevalidated):
            return "HIT, stale since \(time(-rest))\(conversion)" + (isRevalidated ? "; made anew meanwhile" : "")
        case .tooStale:
            let mayBeGiven = judgement.mayReplaceFailure && refusal == nil
            reason = "stale since \(time(-rest))" + (mayBeGiven ? "; given only if a new response can't be made" : "")
        case .notAccepted: reason = "fresh, but the request's Cache-Control, which the route honors, wants another"
        case .purged: reason = purge(judgement.versions)
        case .absent: reason = "nothing is stored"
        case .ahead:
            reason = "it was made \(time((judgement.entry?.storedAt ?? now) - now)) from now by this machine's clock"
        case .unreadable: reason = "what is stored is unreadable, and the next response replaces it"
        case .rejected(let violation): reason = "the route stores no such response: \(violation.rawValue)"
        case .refused: reason = "Redis refuses to read"
        case .bypass(let bypass): reason = "\(ExplanationText.reason(bypass)); nothing is looked up"
        }
        return miss(reason, refusal)
    }

    private static func miss(_ reason: String, _ refusal: String?) -> String {
        "MISS: \(reason)" + (refusal.map { "; \($0)" } ?? "")
    }

    private static func purge(_ versions: [StoredResponseJudgement.Version]) -> String {
        func names(_ state: (StoredResponseJudgement.Version.State) -> Bool) -> [String] {
            versions.filter { state($0.state) }.map { ExplanationText.name($0.key) }
        }
        let purged = names { $0 == .absent || $0 == .changed }
        if !purged.isEmpty { return "purged after it was made: \(purged.joined(separator: ", "))" }
        if !names({ $0 == .otherServer }).isEmpty {
            let isUnbound = versions.contains { $0.recorded?.server.isEmpty ?? false }
            return isUnbound
                ? "made by a service with CACHE_AFTER_RESTART=keep; set it for this command, too"
                : "made with another Redis, or before this one was restarted"
        }
        return "it has other tag versions than the route has now"
    }

    /// A time such as `41 s`, `4m 12s` or `2h 5m`.
    static func time(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return switch milliseconds {
        case ..<1000: "\(milliseconds) ms"
        case ..<60_000: "\(seconds) s"
        case ..<3_600_000: "\(seconds / 60)m \(seconds % 60)s"
        case ..<86_400_000: "\(seconds / 3600)h \(seconds / 60 % 60)m"
        default: "\(seconds / 86_400)d \(seconds / 3600 % 24)h"
        }
    }
}
