package import NIOCore

/// The values of several keys that were read together: from one server by one command, or from several nodes of a
/// cluster, each key by a command of its own.
package struct RedisValues: Sendable {
    private enum Source: Sendable {
        /// The reply to an `MGET` of all keys.
        case together(RedisReply)
        /// The replies to an `MGET` of each key.
        case apart([Part])
    }

    /// The reply to an `MGET` of one key, without what nobody asks of it: there is one for each key of each read.
    struct Part: Sendable {
        /// The type of the value; `nil` if the reply is none to an `MGET` of one key.
        let kind: RedisReply.Kind?
        /// The bytes of the value, or of an error reply.
        let bytes: ByteBuffer?
        let serverID: String?

        /// Stands for a reply that has not arrived.
        static let missing = Part(kind: nil, bytes: nil, serverID: nil)

        private init(kind: RedisReply.Kind?, bytes: ByteBuffer?, serverID: String?) {
            self.kind = kind
            self.bytes = bytes
            self.serverID = serverID
        }

        /// The reply at a position of the array of replies to a repeated command.
        init(_ replies: RedisReply, at position: Int) {
            (kind, bytes) = replies.onlyElement(at: position)
            serverID = replies.serverID
        }

        init(_ reply: RedisReply) {
            serverID = reply.serverID
            let isValue = reply.count == 1
            kind = isValue ? reply.kind(at: 0) : nil
            bytes = isValue ? reply.bytes(at: 0) : reply.kind == .error ? reply.bytes : nil
        }

        /// The error reply; `nil` if the reply is none.
        var error: RedisServerError? {
            guard kind == nil, let bytes else { return nil }
            return RedisServerError(message: String(buffer: bytes))
        }
    }

    private let source: Source

    /// The values in the reply to an `MGET` of all keys, which may be an error.
    package init(_ reply: RedisReply) {
        source = .together(reply)
    }

    /// The values in the replies to an `MGET` of each key.
    init(apart replies: [RedisReply]) {
        source = .apart(replies.map(Part.init))
    }

    init(_ parts: [Part]) {
        source = .apart(parts)
    }

    /// The number of values. It is not the number of keys if the reply is an error or that of another command.
    package var count: Int {
        switch source {
        case .together(let reply): reply.count
        // One without a value is none of the values, as if all were read together.
        case .apart(let parts): parts.allSatisfy { $0.kind != nil } ? parts.count : 0
        }
    }

    /// The error reply to a command; `nil` if there is none.
    package var error: RedisServerError? {
        switch source {
        case .together(let reply): reply.error
        case .apart(let parts): parts.lazy.compactMap(\.error).first
        }
    }

    /// The type of the value at a position below ``count``: a string, or null for none and for a value of another type.
    package func kind(at position: Int) -> RedisReply.Kind {
        switch source {
        case .together(let reply): reply.kind(at: position)
        case .apart(let parts): parts[position].kind ?? .error
        }
    }

    /// The bytes of the value at a position below ``count``; `nil` for none.
    package func bytes(at position: Int) -> ByteBuffer? {
        switch source {
        case .together(let reply): reply.bytes(at: position)
        case .apart(let parts): parts[position].bytes
        }
    }

    /// Indicates that the identities of all servers that have sent values are known.
    package var hasServerIDs: Bool {
        switch source {
        case .together(let reply): reply.serverID != nil
        case .apart(let parts): parts.allSatisfy { $0.serverID != nil }
        }
    }

    /// The identity of the server that has sent the value at a position, see ``RedisReply/serverID``; `nil` also for a value
    /// of a slot that is being moved, of which no server's identity tells whether it is purged.
    package func serverID(at position: Int) -> String? {
        let serverID =
            switch source {
            case .together(let reply): reply.serverID
            case .apart(let parts): parts[position].serverID
            }
        return serverID == RedisReply.movingServerID ? nil : serverID
    }
}

/// Waits, on an event loop, for the replies to the commands of one read of several keys.
final class RedisReplyGathering: Sendable {
    private struct State {
        var parts: [RedisValues.Part]
        var missing: Int
        /// `nil` once the outcome is known.
        var recipient: (@Sendable (Result<RedisValues, RedisError>) -> Void)?
    }

    private let box: NIOLoopBoundBox<State>

    /// It has to be made on the event loop of the replies.
    init(
        _ count: Int,
        on eventLoop: any EventLoop,
        for recipient: @escaping @Sendable (Result<RedisValues, RedisError>) -> Void
    ) {
        let parts = Array(repeating: RedisValues.Part.missing, count: count)
        box = NIOLoopBoundBox(State(parts: parts, missing: count, recipient: recipient), eventLoop: eventLoop)
    }

    /// Takes the reply for the key at a position.
    func take(_ reply: RedisReply, at position: Int) {
        guard let (recipient, parts) = Self.take(reply, at: position, &box.value) else { return }
        recipient(.success(RedisValues(parts)))
    }

    /// Takes the replies for the keys at some positions.
    func take(_ replies: RedisReply, at positions: RedisKeyPositions) {
        guard let (recipient, parts) = Self.take(replies, at: positions, &box.value) else { return }
        recipient(.success(RedisValues(parts)))
    }

    private typealias Outcome = (
        recipient: @Sendable (Result<RedisValues, RedisError>) -> Void, parts: [RedisValues.Part]
    )

    private static func take(_ replies: RedisReply, at positions: RedisKeyPositions, _ state: inout State) -> Outcome? {
        guard replies.count == positions.count else {
            // It is no reply to a repeated command.
            for position in positions { state.parts[position] = RedisValues.Part(replies) }
            return outcome(after: positions.count, &state)
        }
        var number = 0
        for position in positions {
            state.parts[position] = RedisValues.Part(replies, at: number)
            number += 1
        }
        return outcome(after: number, &state)
    }

    private static func take(_ reply: RedisReply, at position: Int, _ state: inout State) -> Outcome? {
        state.parts[position] = RedisValues.Part(reply)
        return outcome(after: 1, &state)
    }

    private static func outcome(after count: Int, _ state: inout State) -> Outcome? {
        state.missing -= count
        guard state.missing == 0, let recipient = state.recipient else { return nil }
        state.recipient = nil
        return (recipient, state.parts)
    }

    /// Takes the failure of the key at a position. The first one is that of all.
    func fail(_ error: RedisError, at position: Int) {
        guard let recipient = box.value.recipient else { return }
        box.value.recipient = nil
        recipient(.failure(error.asElement(position)))
    }
}

/// The positions, below 64, of some of the keys of a read, in ascending order.
struct RedisKeyPositions: Sequence, Sendable, Hashable {
    static let limit = 64

    private var bits: UInt64 = 0

    var count: Int { bits.nonzeroBitCount }

    mutating func insert(_ position: Int) { bits |= 1 << UInt64(position) }

    /// The position with a number; `nil` if there are not so many.
    subscript(number: Int) -> Int? { dropFirst(number).first { _ in true } }

    struct Iterator: IteratorProtocol {
        fileprivate var bits: UInt64

        mutating func next() -> Int? {
            guard bits != 0 else { return nil }
            defer { bits &= bits - 1 }
            return bits.trailingZeroBitCount
        }
    }

    func makeIterator() -> Iterator { Iterator(bits: bits) }
}
