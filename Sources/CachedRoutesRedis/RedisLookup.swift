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
    var entryCount: Int { orOther ? 2 : 1 }
    /// The keys of entries in the store.
    var entryKeys: [[UInt8]] { orOther ? [key.stored, key.other.stored] : [key.stored] }

    /// All keys: those of entries, then those of tag versions.
    var keys: [RedisCommand.Argument] {
        var keys: [RedisCommand.Argument] = []
        keys.reserveCapacity(entryCount + tokens.count)
        keys.append(.bytes(key.stored))
        if orOther { keys.append(.bytes(key.other.stored)) }
        for token in tokens { keys.append(.bytes(token.bytes)) }
        return keys
    }

    /// Reads the values of all keys.
    ///
    /// - Parameters:
    ///   - values: the values.
    ///   - binding: the servers that tag versions are bound to.
    ///   - now: the time of day in milliseconds.
    ///   - foreign: takes the key of a value that is no entry.
    func result(
        _ values: RedisValues,
        binding: RedisStore.TokenBinding,
        now: Int64,
        foreign: ([UInt8]) -> Void
    ) -> StoreLookupResult {
        guard values.count == entryCount + tokens.count else {
            return values.error == nil ? StoreLookupResult(.unreadable) : .refused
        }
        let tokens = Self.tokens(in: values, from: entryCount, binding)
        let content = Self.content(values, at: 0, key, now: now, foreign: foreign)
        guard orOther, case .absent = content else { return StoreLookupResult(content, tokens: tokens) }
        let other = Self.content(values, at: 1, key.other, now: now, foreign: foreign)
        return StoreLookupResult(other, tokens: tokens, isOther: true)
    }

    /// Reads the content of an entry's key.
    static func content(
        _ values: RedisValues,
        at position: Int,
        _ key: CacheKey,
        now: Int64,
        foreign: ([UInt8]) -> Void
    ) -> StoreLookupResult.Content {
        let kind = values.kind(at: position)
        if kind == .bulkString, let bytes = values.bytes(at: position) {
            if let entry = EntryCoding.decode(bytes, key: key, now: now) { return .found(entry) }
            foreign(key.stored)
            return .unreadable
        }
        // MGET returns null for a value of another type as well.
        return kind == .null ? .absent : kind == .error ? .refused : .unreadable
    }

    /// Reads tag versions from a position of the values on.
    static func tokens(
        in values: RedisValues,
        from start: Int,
        _ binding: RedisStore.TokenBinding
    ) -> [TagVersion?] {
        var tokens: [TagVersion?] = []
        tokens.reserveCapacity(values.count - start)
        for index in start..<values.count { tokens.append(token(values, at: index, binding)) }
        return tokens
    }

    /// Reads a tag version; `nil` if there is none, or if the server that it is bound to can't be told from others.
    static func token(_ values: RedisValues, at position: Int, _ binding: RedisStore.TokenBinding) -> TagVersion? {
        guard let server = binding.server(of: values, at: position), values.kind(at: position) == .bulkString else {
            return nil
        }
        return values.withUnsafeReadableBytes(at: position) { bytes in
            TagVersion.isValue(bytes) ? TagVersion(value: String(decoding: bytes, as: UTF8.self), server: server) : nil
        }
    }
}

extension RedisStore.TokenBinding {
    /// The server that the tag version at a position is bound to; `nil` if it can't be told from others.
    func server(of values: RedisValues, at position: Int) -> String? {
        self == .server ? values.serverID(at: position) : ""
    }
}
