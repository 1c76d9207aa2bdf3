import NIOCore
import RouteModel

/// Converts responses between their two forms, without a coding and in gzip coding, and stores the results.
final class FormConverter: Sendable {
    let compressor: BodyCompressionPool
    let store: any CacheStore
    let clock: WallClock

    init(compressor: BodyCompressionPool, store: any CacheStore, clock: WallClock) {
        self.compressor = compressor
        self.store = store
        self.clock = clock
    }

    /// Passes on the gzip form of a response without a coding, on the thread where it was made. If compression is not
    /// allowed or does not make the response shorter, that is the response itself, as its only form; if it can't be
    /// compressed now, the response unchanged.
    func compress(_ entry: CacheEntry, then: @escaping @Sendable (CacheEntry) -> Void) {
        guard !HandlerCacheControl(entry.fields, now: entry.storedAt).forbidsTransformation else {
            return then(entry.asOnlyForm())
        }
        compressor.compress(entry.body) { result in
            switch result {
            case .compressed(let body): then(entry.coded(.gzip, body))
            case .notShorter: then(entry.asOnlyForm())
            case .refused: then(entry)
            }
        }
    }

    /// Returns the forms of a response that is stored under `key`. A long body is converted, and copied for the store,
    /// on other threads. The other form is stored beside the first as soon as it is made, with the same age and
    /// lifetime, and under the same tag versions.
    func forms(of entry: CacheEntry, under key: CacheKey, _ plan: RoutePlan) -> ResponseForms {
        guard let cache = plan.cache, cache.hasVariants, entry.hasOtherForm else { return ResponseForms(entry) }
        return ResponseForms(entry) { [self] eventLoop in
            let made = eventLoop.makePromise(of: ResponseForms.Form?.self)
            if entry.coding == .identity {
                compress(entry) { made.succeed(self.stored($0, madeFrom: entry, under: key)) }
            } else {
                compressor.decompress(entry.body, limit: cache.policy.maxBody) { body in
                    made.succeed(body.map { self.stored(entry.decoded($0), madeFrom: entry, under: key) })
                }
            }
            return made.futureResult
        }
    }

    /// Returns the forms of a response of which one has just been stored and the other is available. The latter is
    /// stored as soon as a client gets it.
    func forms(stored original: CacheEntry, other: CacheEntry, under key: CacheKey) -> ResponseForms {
        ResponseForms(original) { [self] eventLoop in
            guard other.body.readableBytes > BodyCompressionPool.longestCopied else {
                return eventLoop.makeSucceededFuture(stored(other, madeFrom: original, under: key))
            }
            // The client does not wait until it is stored.
            compressor.work(on: other.body) { _ = self.stored(other, madeFrom: original, under: key) }
            return eventLoop.makeSucceededFuture(ResponseForms.Form(entry: other))
        }
    }

    /// Stores a form that was made from a stored one, unless there is one already. A form of a stale response is not
    /// stored: the response is about to be replaced.
    private func stored(_ form: CacheEntry, madeFrom source: CacheEntry, under key: CacheKey) -> ResponseForms.Form {
        let now = clock.now
        let lifetime = form.storeLifetime - form.age(at: now)
        guard StoredResponseReuse(now: now).isFresh(source), lifetime > 0 else {
            return ResponseForms.Form(entry: form)
        }
        let result: PutResult
        if form.coding != source.coding {
            result = store.put(form, under: key.form(form.coding), tokens: [], for: lifetime, .add)
        } else if form.isOnlyForm {
            // Records in the store that there is no other form.
            result = store.put(form, under: key.variant(.identity), tokens: [], for: lifetime, .replace)
        } else {
            return ResponseForms.Form(entry: form)
        }
        return ResponseForms.Form(entry: form, settled: result.settled)
    }
}
