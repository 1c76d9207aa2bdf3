package import NIOCore

/// The values of several keys that were read together: from one server by one command, or from several nodes of a
/// cluster, each key by a command of its own.
package struct RedisValues: Sendable {
    // No enumeration of the two sources, whose references would be counted for each access to a value.

    /// The reply to an `MGET` of all keys; a placeholder if they were read apart.
    private let together: RedisReply
    /// The values that were read apart, by position; empty if they were read together.
    private let apart: [Value]
    /// The replies in which those were.
    private let replies: [Reply]
    /// The error reply to a command, the first one that arrived; `nil` if there is none.
    package let error: RedisServerError?
    /// The number of values. It is not the number of keys if a reply is an error or that of another command.
    package let count: Int

    /// A value in one of several replies. It refers to nothing, so that looking at it does not count references.
    fileprivate struct Value: Sendable {
        var node: RedisReply.Node
        /// The index of the reply.
        var reply: Int

        static let missing = Value(node: RedisReply.Node(kind: .null, first: 0, count: 0), reply: 0)
    }

    /// The buffer and the server of all values in one reply.
    fileprivate struct Reply: Sendable {
        let storage: ByteBuffer?
        let serverID: String?
    }

    /// The values in the reply to an `MGET` of all keys, which may be an error.
    package init(_ reply: RedisReply) {
        together = reply
        apart = []
        replies = []
        error = reply.error
        count = reply.count
    }

    /// The values in the replies to an `MGET` of each key.
    init(apart replies: [RedisReply]) {
        var builder = Builder(count: replies.count)
        for (position, reply) in replies.enumerated() { builder.add(reply, at: RedisKeyPositions(position)) }
        self.init(builder)
    }

    /// The values in the replies of a builder, which has all.
    init(_ builder: Builder) {
        together = .placeholder
        apart = builder.values
        replies = builder.replies
        error = builder.error
        count = builder.hasOnlyValues ? builder.values.count : 0
    }

    /// Collects the replies to reads of some of the keys.
    struct Builder: Sendable {
        fileprivate var values: [Value]
        fileprivate var replies: [Reply] = []
        fileprivate var error: RedisServerError?
        /// Indicates that all replies so far have a value for each key. A single one without makes all a reply to none of the
        /// keys, as if they were read together.
        fileprivate var hasOnlyValues = true
        /// The number of keys without a reply.
        private(set) var missing: Int

        /// - Parameter count: the number of keys.
        init(count: Int) {
            values = Array(repeating: .missing, count: count)
            missing = count
            // Room for three nodes' replies at once, instead of growing step by step.
            replies.reserveCapacity(min(count, 3))
        }

        /// Adds the reply to an `MGET` for each of the keys at some positions: an array with the value of each, or an error.
        mutating func add(_ reply: RedisReply, at positions: RedisKeyPositions) {
            let size = positions.count
            missing -= size
            if reply.isOrHasError, error == nil { error = reply.errors.first }
            guard reply.hasValues(ofKeys: size) else {
                hasOnlyValues = false
                return
            }
            for (number, position) in positions.enumerated() {
                values[position] = Value(node: reply.node(at: number), reply: replies.count)
            }
            replies.append(Reply(storage: reply.storage, serverID: reply.serverID))
        }
    }

    private var areTogether: Bool { apart.isEmpty }

    /// The type of the value at a position below ``count``: a string, or null for none and for a value of another type.
    package func kind(at position: Int) -> RedisReply.Kind {
        areTogether ? together.kind(at: position) : apart[position].node.kind
    }

    /// The bytes of the value at a position below ``count``; `nil` for none.
    package func bytes(at position: Int) -> ByteBuffer? {
        if areTogether { return together.bytes(at: position) }
        let value = apart[position]
        return value.node.bytes(in: replies[value.reply].storage)
    }

    /// Calls a function with the bytes of the value at a position below ``count``. Short ones are not copied, as they are for
    /// ``bytes(at:)``.
    ///
    /// - Returns: the function's result; `nil` without a value.
    package func withUnsafeReadableBytes<Result>(
        at position: Int,
        _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? {
        if areTogether { return together.withUnsafeReadableBytes(at: position, body) }
        let value = apart[position]
        return value.node.withUnsafeReadableBytes(in: replies[value.reply].storage, body)
    }

    /// Indicates that values have come, and the identities of all servers that have sent them are known.
    package var hasServerIDs: Bool {
        areTogether ? together.serverID != nil : !replies.isEmpty && replies.allSatisfy { $0.serverID != nil }
    }

    /// The identity of the server that has sent the value at a position, see ``RedisReply/serverID``; `nil` also for a value
    /// of a slot that is being moved, of which no server's identity tells whether it is purged.
    package func serverID(at position: Int) -> String? {
        let serverID = areTogether ? together.serverID : replies[apart[position].reply].serverID
        return serverID == RedisReply.movingServerID ? nil : serverID
    }
}
