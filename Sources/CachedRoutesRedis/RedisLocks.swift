import CachedRoutesCore
import Logging
import NIOCore
import RedisClient

/// The locks in Redis: under each name a string with its owner, which Redis lets go when the lock's life ends.
///
/// While Redis is away every answer comes at once.
final class RedisLocks: DistributedLocks {
    private let client: RedisClient
    private let foreign: ForeignValues
    private let logger: Logger

    /// - Parameter foreign: counts what is no lock, together with what the store finds.
    init(client: RedisClient, foreign: ForeignValues, logger: Logger) {
        self.client = client
        self.foreign = foreign
        self.logger = logger
    }

    /// Reading the owner and deleting the key are two steps for a client, between which the lock may run out and be
    /// taken by somebody else. Only a script makes them one on every Redis from 5 on and on Valkey: MULTI can't decide
    /// by what it reads, and WATCH belongs to a whole connection, which many share.
    ///
    /// It calls what the store sends anyway, so that a user's rights are those; where there is no UNLINK, DEL does as well.
    private static let releaseIfOwned = """
        if redis.call('MGET', KEYS[1])[1] ~= ARGV[1] then return 0 end
        local removed = redis.pcall('UNLINK', KEYS[1])
        if type(removed) == 'table' then removed = redis.call('DEL', KEYS[1]) end
        return removed
        """

    func acquire(_ name: [UInt8], owner: String, life: Int64, on eventLoop: any EventLoop) async -> LockResult {
        let result = await set(name, owner, life, on: eventLoop)
        guard result == .held, await isEverlasting(name, on: eventLoop) else { return result }
        foreign.note(name, "no lock")
        // A lock that somebody has taken meanwhile is lost with it, which costs no more than that two do the same.
        client.remove([.bytes(name)], on: eventLoop).whenFailure { [logger] error in
            logger.debug("What is no lock was not removed", metadata: ["error": "\(error)"])
        }
        return await set(name, owner, life, on: eventLoop)
    }

    private func set(_ name: [UInt8], _ owner: String, _ life: Int64, on eventLoop: any EventLoop) async -> LockResult {
        let command = RedisCommand.set(
            .bytes(name),
            .string(owner),
            expiresAfter: .milliseconds(life),
            onlyIfAbsent: true
        )
        guard let reply = try? await client.send(command, on: eventLoop).get() else { return .unavailable }
        if reply.isOK { return .acquired }
        return reply.isNull ? .held : .unavailable
    }

    /// True where what stands under the name never expires, which is nobody's lock. Anything else lets go by itself.
    private func isEverlasting(_ name: [UInt8], on eventLoop: any EventLoop) async -> Bool {
        (try? await client.send(.pttl(.bytes(name)), on: eventLoop).get().integer) == -1
    }

    func release(_ name: [UInt8], owner: String, on eventLoop: any EventLoop) {
        let command = RedisCommand.eval(
            script: .string(Self.releaseIfOwned),
            keys: [.bytes(name)],
            arguments: [.string(owner)]
        )
        // Of a server that does not allow it the client says so.
        client.perform(command, on: eventLoop).whenFailure { [logger] error in
            logger.debug("A lock was not given back and runs out by itself", metadata: ["error": "\(error)"])
        }
    }

    /// A key that never expires is nobody's lock, and is replaced by whoever takes it.
    func remainingLife(of name: [UInt8], on eventLoop: any EventLoop) async -> Int64? {
        guard let life = try? await client.send(.pttl(.bytes(name)), on: eventLoop).get().integer else { return nil }
        switch life {
        case -2, -1: return 0
        // In its last millisecond a key is there with nothing left to live.
        case 0...: return min(max(1, life), Self.longestLife)
        default: return nil
        }
    }

    /// No more is said at once than a day: whoever waits asks again then. A server may say more than any clock can wait for.
    private static let longestLife: Int64 = 86_400_000
}
