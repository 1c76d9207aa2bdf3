import HTTPTypes
import NIOCore
import RouteModel
import Synchronization

/// Validates stored entries against the policy of their route, so that write access to Redis does not allow responses
/// that the route could not have stored.
///
/// All bounds are upper ones. Two versions of a service with different lifetimes then agree on the shorter one instead
/// of refusing each other's entries.
package final class EntryPolicyVerifier: Sendable {
    /// The longest freshness lifetime in milliseconds, and the longest stale windows.
    private struct Bounds: Sendable {
        let ttl: Int64
        let windows: StaleWindows
    }

    private let bounds: Bounds
    /// The bounds of negative responses; `nil` if they are not stored.
    private let negativeBounds: Bounds?
    private let longestBody: Int
    private let hasVariants: Bool
    /// The status of a statement's responses; `nil` if a handler makes them.
    private let statementStatus: Int?
    private let mayHaveNoBody: Bool
    private let downstream: DownstreamCacheControl
    /// The last valid value of a response, and of a negative one, so that a hit costs only a comparison.
    private let lastValid = Mutex<(positive: Control?, negative: Control?)>((nil, nil))

    /// A valid value of `Cache-Control`.
    private struct Control: Sendable {
        let value: String
        let forbidsTransformation: Bool
    }

    /// Makes the rules of a route that stores its responses under `cache`.
    init(_ route: RouteDefinition, _ cache: CachePolicy, downstream: DownstreamCacheControl) {
        self.downstream = downstream
        bounds = Bounds(ttl: cache.ttl.milliseconds, windows: StaleWindows(cache))
        negativeBounds = cache.negativeTTL.map { Bounds(ttl: $0.milliseconds, windows: .none) }
        longestBody = cache.maxBody
        hasVariants = cache.compress
        switch route.source {
        case .sql: statementStatus = route.status.code
        case .handler: statementStatus = nil
        }
        mayHaveNoBody = route.returns == .none
    }

    /// Checks that the route may have stored an entry, and reduces its lifetime and its windows to what the route
    /// allows: a version of the service that allows less can thus use the entries of another, and an entry cannot
    /// extend its own lifetime.
    ///
    /// Rules that apply to the responses of all routes are checked when an entry is decoded.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - mayBeCoded: `true` under the key of the gzip variant.
    /// - Returns: the entry with reduced lifetimes.
    /// - Throws: the reason for rejecting an entry that the route would not have stored.
    func accept(_ entry: CacheEntry, mayBeCoded: Bool) throws(EntryPolicyViolation) -> CacheEntry {
        let isNegative = HTTPResponse.Status.isNegative(entry.status)
        guard let bounds = isNegative ? negativeBounds : bounds, isAllowed(status: entry.status) else { throw .status }
        guard bounds.ttl > 0, entry.ttl > 0 else { throw .lifetime }
        guard entry.body.readableBytes <= longestBody else { throw .length }
        guard entry.coding == .identity || mayBeCoded && hasVariants else { throw .coding }
        let hasBody = !entry.contentType.isEmpty
        if entry.tagOrigin == .body {
            guard entry.entityTag.isEmpty == !((200...299).contains(entry.status) && hasBody) else { throw .metadata }
        }
        if statementStatus == nil {
            try checkHandlerResponse(entry, isNegative: isNegative, bounds: bounds)
        } else {
            try checkStatementResponse(entry, hasBody: hasBody)
        }
        return narrowed(entry, to: bounds)
    }

    private func narrowed(_ entry: CacheEntry, to bounds: Bounds) -> CacheEntry {
        let windows = bounds.windows
        guard
            entry.ttl > bounds.ttl || entry.staleWhileRevalidate > windows.whileRevalidate
                || entry.staleIfError > windows.ifError
        else { return entry }
        var entry = entry
        entry.change { parts in
            parts.ttl = min(parts.ttl, bounds.ttl)
            parts.staleWhileRevalidate = min(parts.staleWhileRevalidate, windows.whileRevalidate)
            parts.staleIfError = min(parts.staleIfError, windows.ifError)
        }
        return entry
    }

    private func isAllowed(status: Int) -> Bool {
        guard let statementStatus else { return true }
        // A statement's only negative response is the one without a row.
        return status == statementStatus || status == 404
    }

    private func checkStatementResponse(_ entry: CacheEntry, hasBody: Bool) throws(EntryPolicyViolation) {
        guard entry.fields.isEmpty else { throw .fields }
        guard entry.tagOrigin == .body, !entry.givesLastModified, entry.initialAge == nil else { throw .metadata }
        if hasBody {
            let isRow = entry.status == statementStatus && entry.contentType == "application/json"
            guard isRow || entry.status == 404 && entry.contentType == Problem.contentType else { throw .contentType }
        } else {
            guard mayHaveNoBody, entry.status == statementStatus else { throw .contentType }
        }
    }

    private func checkHandlerResponse(_ entry: CacheEntry, isNegative: Bool, bounds: Bounds)
        throws(EntryPolicyViolation)
    {
        if let age = entry.initialAge, age < entry.madeIn || (age - entry.madeIn) % 1000 != 0 { throw .metadata }
        var value: String?
        for field in entry.fields {
            switch field.name {
            // `Cache-Control` replaces it.
            case .expires: throw .fields
            case .cacheControl:
                guard value == nil else { throw .cacheControl }
                value = field.value
            default: break
            }
        }
        guard let value else { return }
        guard
            let control = lastValid(value, isNegative: isNegative)
                ?? validated(value, isNegative: isNegative, bounds: bounds, now: entry.storedAt)
        else { throw .cacheControl }
        guard entry.coding == .identity || !control.forbidsTransformation else { throw .coding }
    }

    private func lastValid(_ value: String, isNegative: Bool) -> Control? {
        lastValid.withLock { last in
            let control = isNegative ? last.negative : last.positive
            return control?.value == value ? control : nil
        }
    }

    /// Reads a value; `nil` if the route never sends it.
    private func validated(_ value: String, isNegative: Bool, bounds: Bounds, now: Int64) -> Control? {
        // The handler's value has been normalized when it was stored, so that normalizing it again changes nothing.
        let control = HandlerCacheControl([.cacheControl: value], now: now)
        let own = downstream.value(
            limit: isNegative ? min(bounds.ttl / 1000, control.clientLimit ?? .max) : control.clientLimit,
            sharedLimit: control.sharedLimit,
            isNegative ? .none : control.announced(control.narrowed(bounds.windows)),
            isPrivate: false,
            others: control.others
        )
        guard own.utf8.elementsEqual(value.utf8), !control.forbidsStoring else { return nil }
        let found = Control(value: value, forbidsTransformation: control.forbidsTransformation)
        lastValid.withLock { last in
            if isNegative { last.negative = found } else { last.positive = found }
        }
        return found
    }
}
