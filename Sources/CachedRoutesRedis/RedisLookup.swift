import CachedRoutesCore
import NIOCore
import RedisClient
import RouteModel

/// The keys that a lookup reads together, and the meaning of the reply.
struct RedisLookup: Sendable {
    let key: CacheKey
    let orOther: Bool
    let tokens: [TagVersionKey]

    /// The number of keys of entries, which come before those of tag versions.
    private var entryCount: Int { orOther ? 2 : 1 }
    /// The keys of entries in the store.
    var entryKeys: [[UInt8]] { orOther ? [key.stored, key.other.stored] : [key.stored] }

    /// The command that reads all keys.
    var command: RedisCommand {
        var keys: [RedisCommand.Argument] = []
        keys.reserveCapacity(entryCount + tokens.count)
        keys.append(.bytes(key.stored))
        if orOther { keys.append(.bytes(key.other.stored)) }
        for token in tokens { keys.append(.bytes(token.bytes)) }
        return .mget(keys, longElements: entryCount)
    }

    /// Reads the reply to the command.
    ///
    /// - Parameters:
    ///   - reply: the reply.
    ///   - server: the server that tag versions are bound to; `nil` if it can't be told from others.
    ///   - now: the time of day in milliseconds.
    ///   - foreign: takes the key of a value that is no entry.
    func result(
        _ reply: RedisReply,
        server: String?,
        now: Int64,
        foreign: ([UInt8]) -> Void
    ) -> StoreLookupResult {
        guard reply.count == entryCount + tokens.count else {
            return reply.kind == .error ? .refused : StoreLookupResult(.unreadable)
        }
        let tokens = Self.tokens(in: reply, from: entryCount, server)
        let content = Self.content(reply, at: 0, key, now: now, foreign: foreign)
        guard orOther, case .absent = content else { return StoreLookupResult(content, tokens: tokens) }
        let other = Self.content(reply, at: 1, key.other, now: now, foreign: foreign)
        return StoreLookupResult(other, tokens: tokens, isOther: true)
    }

    /// Reads the content of an entry's key.
    static func content(
        _ reply: RedisReply,
        at position: Int,
        _ key: CacheKey,
        now: Int64,
        foreign: ([UInt8]) -> Void
    ) -> StoreLookupResult.Content {
        let kind = reply.kind(at: position)
        if kind == .bulkString, let bytes = reply.bytes(at: position) {
            if let entry = EntryCoding.decode(bytes, key: key, now: now) { return .found(entry) }
            foreign(key.stored)
            return .unreadable
        }
        // MGET returns null for a value of another type as well.
        return kind == .null ? .absent : kind == .error ? .refused : .unreadable
    }

    /// Reads tag versions from a position of a reply on.
    static func tokens(in reply: RedisReply, from start: Int, _ server: String?) -> [TagVersion?] {
        var tokens: [TagVersion?] = []
        tokens.reserveCapacity(reply.count - start)
        for index in start..<reply.count { tokens.append(token(reply, at: index, server)) }
        return tokens
    }

    /// Reads a tag version; `nil` if there is none.
    static func token(_ reply: RedisReply, at position: Int, _ server: String?) -> TagVersion? {
        guard let server, reply.kind(at: position) == .bulkString, let bytes = reply.bytes(at: position),
            bytes.withUnsafeReadableBytes(TagVersion.isValue)
        else {
            return nil
        }
        return TagVersion(value: String(buffer: bytes), server: server)
    }
}
