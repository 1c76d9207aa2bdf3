import Logging
import NIOCore
import RedisClient
import Synchronization

/// The locks in Redis: under each name a string with its owner, which Redis lets go when the lock's life ends.
///
/// While Redis is away every answer comes at once.
final class RedisLocks: FleetLocks {
    private let client: RedisClient
    private let logger: Logger
    private let hasWarned = Atomic(false)

    init(client: RedisClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Reading the owner and deleting the key are two steps for a client, between which the lock may run out and be
    /// taken by somebody else. Only a script makes them one on every Redis from 5 on and on Valkey: MULTI can't decide
    /// by what it reads, and WATCH belongs to a whole connection, which many share.
    private static let releaseIfOwned =
        "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('UNLINK', KEYS[1]) or 0"

    func acquire(_ name: [UInt8], owner: String, life: Int64, on eventLoop: any EventLoop) async -> LockResult {
        let command = RedisCommand.set(
            .bytes(name),
            .string(owner),
            expiresAfter: .milliseconds(life),
            onlyIfAbsent: true
        )
        guard let reply = try? await client.send(command, on: eventLoop).get() else { return .away }
        if reply.isOK { return .acquired }
        return reply.isNull ? .held : .away
    }

    func release(_ name: [UInt8], owner: String, on eventLoop: any EventLoop) {
        let command = RedisCommand.eval(
            script: .string(Self.releaseIfOwned),
            keys: [.bytes(name)],
            arguments: [.string(owner)]
        )
        client.perform(command, on: eventLoop).whenFailure { [self] error in
            // A server that does not allow it makes others wait each time: that is worth one warning.
            let isRefusal = error is RedisServerError
            let isFirst = isRefusal && !hasWarned.exchange(true, ordering: .relaxed)
            logger.log(
                level: isFirst ? .warning : .debug,
                "A lock was not given back and runs out by itself",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// A key that never expires is nobody's lock; how long it will be there can't be asked either.
    func remainingLife(of name: [UInt8], on eventLoop: any EventLoop) async -> Int64? {
        guard let life = try? await client.send(.pttl(.bytes(name)), on: eventLoop).get().integer else { return nil }
        switch life {
        case -2: return 0
        // In its last millisecond a key is there with nothing left to live.
        case 0...: return max(1, life)
        default: return nil
        }
    }
}
