package import NIOCore

/// The values of several keys that were read together: from one server by one command, or from several nodes of a
/// cluster, each key by a command of its own.
package struct RedisValues: Sendable {
    /// The reply to an `MGET` of all keys; nothing if they were read apart.
    private let whole: RedisReply
    /// The values that were read apart.
    private let apart: [Value]
    /// The replies in which they were.
    private let replies: [Reply]
    /// The error reply to a command; `nil` if there is none.
    package let error: RedisServerError?
    /// The number of values. It is not the number of keys if the reply is an error or that of another command.
    package let count: Int

    /// A value in one of several replies. It refers to nothing, so that looking at it does not count references.
    fileprivate struct Value: Sendable {
        var node: RedisReply.Node
        /// The index of the reply.
        var reply: Int

        static let missing = Value(node: RedisReply.Node(kind: .null, first: 0, count: 0), reply: 0)
    }

    /// What all values in a reply have in common.
    fileprivate struct Reply: Sendable {
        let storage: ByteBuffer?
        let serverID: String?
    }

    /// The values in the reply to an `MGET` of all keys, which may be an error.
    package init(_ reply: RedisReply) {
        whole = reply
        apart = []
        replies = []
        error = reply.error
        count = reply.count
    }

    /// The values in the replies to an `MGET` of each key.
    init(apart replies: [RedisReply]) {
        var collection = Collection(of: replies.count)
        for (position, reply) in replies.enumerated() {
            collection.append(reply, at: RedisKeyPositions(position))
        }
        self.init(collection)
    }

    /// The values that were collected.
    init(_ collection: Collection) {
        whole = .nothing
        apart = collection.values
        replies = collection.replies
        error = collection.error
        count = collection.isComplete && collection.missing == 0 ? collection.values.count : 0
    }

    /// Collects the replies to reads of some of the keys.
    struct Collection: Sendable {
        fileprivate var values: [Value]
        fileprivate var replies: [Reply] = []
        fileprivate var error: RedisServerError?
        /// Indicates that there are only values so far. One reply without makes all a reply to none of the keys, as if they
        /// were read together.
        fileprivate var isComplete = true
        /// The number of keys without a reply.
        private(set) var missing: Int

        /// - Parameter count: the number of keys.
        init(of count: Int) {
            values = Array(repeating: .missing, count: count)
            missing = count
        }

        /// Adds the reply to an `MGET` for each of the keys at some positions: an array with the value of each, or an error.
        mutating func append(_ reply: RedisReply, at positions: RedisKeyPositions) {
            let size = positions.count
            missing -= size
            if reply.isOrHasError, error == nil { error = reply.errors.first }
            guard reply.count == size, reply.hasOnlyValues else {
                isComplete = false
                return
            }
            for (number, position) in positions.enumerated() {
                values[position] = Value(node: reply.node(at: number), reply: replies.count)
            }
            // Room for those of three nodes at once. It would be made step by step.
            if replies.isEmpty { replies.reserveCapacity(min(values.count, 3)) }
            replies.append(Reply(storage: reply.storage, serverID: reply.serverID))
        }
    }

    /// The type of the value at a position below ``count``: a string, or null for none and for a value of another type.
    package func kind(at position: Int) -> RedisReply.Kind {
        apart.isEmpty ? whole.kind(at: position) : apart[position].node.kind
    }

    /// The bytes of the value at a position below ``count``; `nil` for none.
    package func bytes(at position: Int) -> ByteBuffer? {
        if apart.isEmpty { return whole.bytes(at: position) }
        let value = apart[position]
        return value.node.bytes(in: replies[value.reply].storage)
    }

    /// Calls a function with the bytes of the value at a position below ``count``. Short ones are not copied, as they are for
    /// ``bytes(at:)``.
    ///
    /// - Returns: the function's result; `nil` without a value.
    package func withBytes<Result>(at position: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        if apart.isEmpty { return whole.node(at: position).withBytes(in: whole.storage, body) }
        let value = apart[position]
        return value.node.withBytes(in: replies[value.reply].storage, body)
    }

    /// Indicates that the identities of all servers that have sent values are known.
    package var hasServerIDs: Bool {
        apart.isEmpty ? whole.serverID != nil : replies.allSatisfy { $0.serverID != nil }
    }

    /// The identity of the server that has sent the value at a position, see ``RedisReply/serverID``; `nil` also for a value
    /// of a slot that is being moved, of which no server's identity tells whether it is purged.
    package func serverID(at position: Int) -> String? {
        let serverID = apart.isEmpty ? whole.serverID : replies[apart[position].reply].serverID
        return serverID == RedisReply.movingServerID ? nil : serverID
    }
}
