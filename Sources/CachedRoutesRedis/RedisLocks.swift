import CachedRoutesCore
import Logging
import NIOCore
import RedisClient

/// Locks in Redis: each is a string that contains its owner and expires at the end of the lock's lifetime.
///
/// While Redis is unavailable each method returns at once.
final class RedisLocks: DistributedLocks {
    private let client: RedisClient
    private let foreign: ForeignRedisValueReporter
    private let logger: Logger

    /// - Parameter foreign: counts values that are not locks, together with those that the store finds.
    init(client: RedisClient, foreign: ForeignRedisValueReporter, logger: Logger) {
        self.client = client
        self.foreign = foreign
        self.logger = logger
    }

    /// Deletes a lock if it has the given owner.
    ///
    /// For a client these are two steps, between which the lock may expire and be acquired by another process. Only a
    /// script makes them one on every Redis from 5 on and on Valkey: MULTI can't decide by a value that it reads, and
    /// WATCH belongs to a whole connection, which many requests share.
    ///
    /// It calls only commands that the store sends anyway, so that a user needs no further rights. Without UNLINK it
    /// calls DEL.
    private static let releaseIfOwned = """
        if redis.call('MGET', KEYS[1])[1] ~= ARGV[1] then return 0 end
        local removed = redis.pcall('UNLINK', KEYS[1])
        if type(removed) == 'table' then removed = redis.call('DEL', KEYS[1]) end
        return removed
        """

    func acquire(
        _ name: [UInt8],
        owner: String,
        life: Int64,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<LockResult> {
        let command = RedisCommand.set(
            .bytes(name),
            .string(owner),
            expiresAfter: .milliseconds(life),
            onlyIfAbsent: true
        )
        return acquire(by: command, on: eventLoop).flatMap { [self] result in
            guard result == .held else { return eventLoop.makeSucceededFuture(result) }
            return isEverlasting(name, on: eventLoop).flatMap { [self] isEverlasting in
                guard isEverlasting else { return eventLoop.makeSucceededFuture(result) }
                foreign.note(name, "no lock")
                // A lock that another process has acquired meanwhile is removed as well; then two processes do the same
                // work once.
                client.remove([.bytes(name)], on: eventLoop).whenFailure { [logger] error in
                    logger.debug(
                        "A foreign value under the name of a lock was not removed",
                        metadata: ["error": "\(error)"]
                    )
                }
                return acquire(by: command, on: eventLoop)
            }
        }
    }

    private func acquire(by command: RedisCommand, on eventLoop: any EventLoop) -> EventLoopFuture<LockResult> {
        client.send(command, on: eventLoop) { result in
            guard case .success(let reply) = result else { return .unavailable }
            return reply.isOK ? .acquired : reply.isNull ? .held : .unavailable
        }
    }

    /// Indicates that the value under a name never expires, so that it is not a lock. Any other value goes away by
    /// itself.
    private func isEverlasting(_ name: [UInt8], on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        client.send(.pttl(.bytes(name)), on: eventLoop) { result in (try? result.get().integer) == -1 }
    }

    func release(_ name: [UInt8], owner: String, on eventLoop: any EventLoop) {
        let command = RedisCommand.eval(
            script: .string(Self.releaseIfOwned),
            keys: [.bytes(name)],
            arguments: [.string(owner)]
        )
        // The client itself reports a server that refuses the command.
        client.perform(command, on: eventLoop).whenFailure { [logger] error in
            logger.debug("A lock was not released and expires by itself", metadata: ["error": "\(error)"])
        }
    }

    /// A key that never expires is not a lock and has no lifetime left; the next caller of `acquire` replaces it.
    func remainingLife(of name: [UInt8], on eventLoop: any EventLoop) async -> Int64? {
        guard let life = try? await client.send(.pttl(.bytes(name)), on: eventLoop).get().integer else { return nil }
        switch life {
        case -2, -1: return 0
        // In its last millisecond a key exists with a PTTL of 0.
        case 0...: return min(max(1, life), Self.longestLife)
        default: return nil
        }
    }

    /// The longest lifetime that is returned: a day, after which the caller asks again. A server may report more than a
    /// timer takes.
    private static let longestLife: Int64 = 86_400_000
}
