package import NIOCore

/// The values of several keys that were read together: from one server by one command, or from several nodes of a
/// cluster, each key by a command of its own.
package struct RedisValues: Sendable {
    private enum Source: Sendable {
        /// The reply to an `MGET` of all keys.
        case together(RedisReply)
        /// The replies to an `MGET` of each key.
        case apart([RedisReply])
    }

    private let source: Source

    /// The values in the reply to an `MGET` of all keys, which may be an error.
    package init(_ reply: RedisReply) {
        source = .together(reply)
    }

    /// The values in the replies to an `MGET` of each key.
    init(apart replies: [RedisReply]) {
        source = .apart(replies)
    }

    /// The number of values. It is not the number of keys if the reply is an error or that of another command.
    package var count: Int {
        switch source {
        case .together(let reply): reply.count
        // One without a value is none of the values, as if all were read together.
        case .apart(let replies): replies.allSatisfy { $0.count == 1 } ? replies.count : 0
        }
    }

    /// The error reply to a command; `nil` if there is none.
    package var error: RedisServerError? {
        switch source {
        case .together(let reply): reply.error
        case .apart(let replies): replies.lazy.compactMap(\.error).first
        }
    }

    /// The type of the value at a position below ``count``: a string, or null for none and for a value of another type.
    package func kind(at position: Int) -> RedisReply.Kind {
        switch source {
        case .together(let reply): reply.kind(at: position)
        case .apart(let replies): replies[position].kind(at: 0)
        }
    }

    /// The bytes of the value at a position below ``count``; `nil` for none.
    package func bytes(at position: Int) -> ByteBuffer? {
        switch source {
        case .together(let reply): reply.bytes(at: position)
        case .apart(let replies): replies[position].bytes(at: 0)
        }
    }

    /// Indicates that the identities of all servers that have sent values are known.
    package var hasServerIDs: Bool {
        switch source {
        case .together(let reply): reply.serverID != nil
        case .apart(let replies): replies.allSatisfy { $0.serverID != nil }
        }
    }

    /// The identity of the server that has sent the value at a position, see ``RedisReply/serverID``.
    package func serverID(at position: Int) -> String? {
        switch source {
        case .together(let reply): reply.serverID
        case .apart(let replies): replies[position].serverID
        }
    }
}
