import HTTPTypes
import NIOCore
import RouteModel
import Synchronization

/// The entries that a route may have stored, worked out once: whoever can write to Redis can make no others count.
///
/// All bounds are upper ones. Two versions of a service whose lives differ then agree on the shorter one, instead of each refusing
/// what the other has stored.
package final class StorableEntries: Sendable {
    private let ttl: Int64
    /// `nil`: answers that say that there is nothing are not stored.
    private let negativeTTL: Int64?
    private let windows: StaleWindows
    private let longestBody: Int
    private let hasVariants: Bool
    /// The status of a statement's answers; `nil`: a handler makes them.
    private let statementStatus: Int?
    private let mayHaveNoBody: Bool
    private let clientPolicy: DownstreamCacheControl
    /// The last value that was found to be the route's: of an answer, and of one that says that there is nothing. A hit costs no more
    /// than comparing.
    private let known = Mutex<(positive: Control?, negative: Control?)>((nil, nil))

    /// A value of `Cache-Control`.
    private struct Control: Sendable {
        let value: String
        let forbidsTransformation: Bool
    }

    /// The entries of a route; `nil` where it stores none.
    init?(_ route: CachedRoute, _ clientPolicy: DownstreamCacheControl) {
        guard let cache = route.cache else { return nil }
        self.clientPolicy = clientPolicy
        ttl = cache.ttl.milliseconds
        negativeTTL = cache.negativeTTL?.milliseconds
        windows = StaleWindows(cache)
        longestBody = cache.maxBody
        hasVariants = cache.compress
        switch route.source {
        case .sql: statementStatus = route.status.code
        case .handler: statementStatus = nil
        }
        mayHaveNoBody = route.returns == .none
    }

    /// The fault of an entry; `nil`: the route may have stored it.
    ///
    /// What keeps an entry from being the answer of any route is looked at where it is decoded.
    ///
    /// - Parameter mayBeCoded: true under the key of the form for clients that accept gzip.
    func fault(in entry: CacheEntry, mayBeCoded: Bool) -> EntryFault? {
        let isNegative = HTTPResponse.Status.isNegative(entry.status)
        guard let longest = isNegative ? negativeTTL : ttl, isStatus(entry.status) else { return .status }
        guard longest > 0, entry.ttl > 0 else { return .life }
        let windows = isNegative ? .none : windows
        guard entry.body.readableBytes <= longestBody else { return .length }
        guard entry.coding == .identity || mayBeCoded && hasVariants else { return .coding }
        let hasBody = !entry.contentType.isEmpty
        if entry.tagOrigin == .body {
            guard entry.entityTag.isEmpty == !((200...299).contains(entry.status) && hasBody) else { return .metadata }
        }
        return statementStatus == nil
            ? handlerFault(in: entry, isNegative, windows) : statementFault(in: entry, hasBody)
    }

    /// The entry with no longer life and windows than its route allows.
    ///
    /// A version of the service that allows less so takes what another one has stored, and nobody else makes one live longer.
    func narrowed(_ entry: CacheEntry) -> CacheEntry {
        let isNegative = HTTPResponse.Status.isNegative(entry.status)
        let longest = isNegative ? negativeTTL ?? 0 : ttl
        let windows = isNegative ? .none : windows
        guard
            entry.ttl > longest || entry.staleWhileRevalidate > windows.whileRevalidate
                || entry.staleIfError > windows.ifError
        else { return entry }
        var entry = entry
        entry.change { parts in
            parts.ttl = min(parts.ttl, longest)
            parts.staleWhileRevalidate = min(parts.staleWhileRevalidate, windows.whileRevalidate)
            parts.staleIfError = min(parts.staleIfError, windows.ifError)
        }
        return entry
    }

    private func isStatus(_ status: Int) -> Bool {
        guard let statementStatus else { return true }
        // Of statements only one without a row says that there is nothing.
        return status == statementStatus || status == 404
    }

    private func statementFault(in entry: CacheEntry, _ hasBody: Bool) -> EntryFault? {
        guard entry.fields.isEmpty else { return .fields }
        guard entry.tagOrigin == .body, !entry.givesLastModified, entry.initialAge == nil else { return .metadata }
        if hasBody {
            let isRow = entry.status == statementStatus && entry.contentType == "application/json"
            return isRow || entry.status == 404 && entry.contentType == Problem.contentType ? nil : .contentType
        }
        return mayHaveNoBody && entry.status == statementStatus ? nil : .contentType
    }

    private func handlerFault(in entry: CacheEntry, _ isNegative: Bool, _ windows: StaleWindows) -> EntryFault? {
        if let age = entry.initialAge, age < entry.madeIn || (age - entry.madeIn) % 1000 != 0 { return .metadata }
        var value: String?
        for field in entry.fields {
            switch field.name {
            // It is said by Cache-Control.
            case .expires: return .fields
            case .cacheControl:
                guard value == nil else { return .cacheControl }
                value = field.value
            default: break
            }
        }
        guard let value else { return nil }
        guard let control = known(value, isNegative) ?? control(value, isNegative, windows, entry.storedAt) else {
            return .cacheControl
        }
        return control.forbidsTransformation && entry.coding != .identity ? .coding : nil
    }

    private func known(_ value: String, _ isNegative: Bool) -> Control? {
        known.withLock { known in
            let control = isNegative ? known.negative : known.positive
            return control?.value == value ? control : nil
        }
    }

    /// What a value says, where it is one that the route gives.
    private func control(_ value: String, _ isNegative: Bool, _ windows: StaleWindows, _ now: Int64) -> Control? {
        // A handler's word has been put into this form already, and is the same when that is done again.
        let control = HandlerCacheControl([.cacheControl: value], now: now)
        let own = clientPolicy.value(
            limit: isNegative
                ? min(negativeTTL.map { $0 / 1000 } ?? 0, control.clientLimit ?? .max) : control.clientLimit,
            sharedLimit: control.sharedLimit,
            isNegative ? .none : control.announced(control.narrowed(windows)),
            isPrivate: false,
            others: control.others
        )
        guard own.utf8.elementsEqual(value.utf8), !control.forbidsStoring else { return nil }
        let found = Control(value: value, forbidsTransformation: control.forbidsTransformation)
        known.withLock { known in
            if isNegative { known.negative = found } else { known.positive = found }
        }
        return found
    }
}
