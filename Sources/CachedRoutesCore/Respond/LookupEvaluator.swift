import Metrics
import NIOCore
import RouteModel

/// Looks up stored responses for requests, and decides if they may be reused.
struct LookupEvaluator: Sendable {
    /// The result of a lookup.
    enum Lookup: Sendable {
        case hit(Hit)
        case miss(Miss)
    }

    let store: any CacheStore
    let clock: WallClock
    let backoff: RefreshBackoff
    let revalidator: BackgroundRevalidator
    let foundKeys = FoundKeyMemory()

    /// Looks up the response to a request; `nil` if the request may not use the store.
    ///
    /// The keys of both forms are read in one step, unless the client's form was found at the last lookup: then a reply
    /// with the other form, too, would only be longer.
    func ask(_ prepared: PreparedRequest, _ plan: RoutePlan, on eventLoop: any EventLoop) -> StoreResultOrFuture? {
        guard let cache = prepared.cache, prepared.mayUseStore else { return nil }
        let key = prepared.lookupKey
        return store.read(
            key,
            orOther: cache.hasVariants && !foundKeys.contains(key),
            tokens: prepared.tokens,
            near: cache.nearLifetime,
            // The rest of the time is left for the database.
            within: .nanoseconds(plan.timeout.nanoseconds / 2),
            on: eventLoop
        )
    }

    /// Looks up the form that the client does not get, after a lookup of the client's form only.
    func askForOther(
        _ prepared: PreparedRequest,
        by deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        let bound = TimeAmount.nanoseconds(max(0, (deadline - eventLoop.now).nanoseconds / 2))
        return store.read(prepared.lookupKey.other, orOther: false, tokens: [], near: 0, within: bound, on: eventLoop)
    }

    /// Decides about the result of ``ask(_:_:on:)``.
    func evaluate(
        _ reading: StoreLookupResult,
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        on eventLoop: any EventLoop
    ) -> Lookup {
        guard let cache = prepared.cache else { return .miss(Miss(withoutStore: prepared, plan)) }
        switch reading.content {
        case .found(let found):
            let place = reading.isOther ? prepared.lookupKey.other : prepared.lookupKey
            let entry: CacheEntry
            do {
                entry = try cache.verifier.accept(found, mayBeCoded: place.variant == .gzip)
            } catch {
                store.reject(place, error)
                plan.metrics.unreadable.increment()
                return .miss(Miss(forward: .miss, reason: .unreadable, tokens: reading.tokens))
            }
            if cache.hasVariants { foundKeys.note(prepared.lookupKey, isFound: !reading.isOther) }
            return evaluate(entry, isOther: reading.isOther, reading.tokens, prepared, plan, on: eventLoop)
        case .absent:
            if cache.hasVariants { foundKeys.note(prepared.lookupKey, isFound: false) }
            let isAlone = reading.isOther || !cache.hasVariants
            return .miss(Miss(forward: .uriMiss, otherForm: isAlone ? .absent : .unknown, tokens: reading.tokens))
        case .unreadable:
            plan.metrics.unreadable.increment()
            return .miss(Miss(forward: .miss, reason: .unreadable, tokens: reading.tokens))
        case .unavailable:
            plan.metrics.storeAway.increment()
            return .miss(Miss(forward: .miss, reason: .storeAway))
        case .refused:
            plan.metrics.storeRefused.increment()
            return .miss(Miss(forward: .miss, reason: .storeRefused))
        case .untrusted:
            plan.metrics.untrusted.increment()
            return .miss(Miss(forward: .miss, reason: .untrusted))
        }
    }

    private func evaluate(
        _ entry: CacheEntry,
        isOther: Bool,
        _ tokens: [TagVersion?],
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        on eventLoop: any EventLoop
    ) -> Lookup {
        let now = clock.now
        let verdict = StoredResponseReuse(now: now).verdict(
            on: entry,
            tokens,
            prepared.directives,
            pause: backoff.state(of: prepared.key)
        )
        var detail: String?
        switch verdict {
        case .fresh: break
        case .stale(let isRenewed, let failure):
            if isRenewed {
                let request = BackgroundRevalidator.Renewal(plan, prepared.values, prepared.key, prepared.coding)
                revalidator.begin(request, of: entry, on: eventLoop)
            }
            detail = failure?.rawValue
        case .miss(let forward, let reason):
            if reason == .unreadable { plan.metrics.unreadable.increment() }
            return .miss(Miss(forward: forward, reason: reason, previous: entry, tokens: tokens))
        }
        guard isOther, entry.hasOtherForm else { return .hit(Hit(entry: entry, now: now, detail: detail)) }
        return .miss(
            Miss(forward: .uriMiss, previous: entry, otherForm: .reusable(failure: detail), tokens: tokens)
        )
    }
}
