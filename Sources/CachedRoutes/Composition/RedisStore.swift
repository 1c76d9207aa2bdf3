import NIOCore
import RedisClient
import RouteModel

/// The store in Redis: one string an entry, read on the event loop that asks, written in the background.
struct RedisStore: CacheStore {
    let client: RedisClient
    let writer: BackgroundWriter
    let clock: WallClock
    let longestRead: TimeAmount

    func read(_ key: CacheKey, on eventLoop: any EventLoop) -> PendingReading {
        let clock = clock
        return .pending(
            client.send(.get(.bytes(key.stored)), on: eventLoop).map { reply in
                if let bytes = reply.bytes {
                    return EntryCoding.decode(bytes, key: key, now: clock.now).map(StoreReading.found) ?? .unreadable
                }
                // Another type under the key answers with WRONGTYPE; what is there is no entry.
                if let error = reply.error { return error.code == "WRONGTYPE" ? .unreadable : .away }
                return .absent
            }.recover { _ in .away }
        )
    }

    func keep(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        for lifetime: Int64
    ) -> Keeping {
        guard client.isAvailable else { return .refused }
        let client = client
        // Made here and not when its turn comes: that is on an event loop, and a large body takes a while to copy.
        let bytes = EntryCoding.encode(entry, key: key)
        let keys = variants.map { key.variant($0).stored }
        let size = keys.reduce(0) { $0 + $1.count + bytes.readableBytes }
        let accepted = writer.offer(bytes: size) { eventLoop in
            let writes = keys.map { key in
                let command = RedisCommand.set(.bytes(key), .buffer(bytes), expiresAfter: .milliseconds(lifetime))
                return client.send(command, on: eventLoop).flatMapThrowing { _ = try $0.get() }
            }
            return EventLoopFuture.andAllSucceed(writes, on: eventLoop)
        }
        return accepted.map(Keeping.accepted) ?? .refused
    }

    func remove(_ key: CacheKey) {
        guard client.isAvailable else { return }
        let client = client
        let keys = [key.variant(.identity).stored, key.variant(.gzip).stored]
        _ = writer.offer(bytes: keys.reduce(0) { $0 + $1.count }) { eventLoop in
            client.send(.unlink(keys.map { .bytes($0) }), on: eventLoop).flatMapThrowing { _ = try $0.get() }
        }
    }
}
