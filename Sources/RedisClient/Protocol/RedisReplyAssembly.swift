import CHiredis
import NIOCore

/// The elements of the reply that is being parsed, and the replies that are complete.
struct RedisReplyAssembly {
    private let allocator: ByteBufferAllocator
    private var storage = ByteBuffer()
    private var tape: [RedisReply.Node] = []
    private var hasNestedArrays = false
    private var replies: [RedisReply] = []
    /// The memory that is retained for the next large reply.
    var spares = ReplyBufferPool()
    /// The identity of the server, see ``RedisReply/serverID``.
    var serverID: String?

    /// - Parameter allocator: makes the buffers of replies.
    init(allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    /// The number of elements so far, with the arrays themselves.
    var nodeCount: Int { tape.count }

    private static let ok = ByteBuffer(string: "OK")

    /// Adds a string.
    mutating func append(_ kind: chiredis_bytes_kind, _ bytes: UnsafeRawBufferPointer) {
        let kind: RedisReply.Kind =
            switch kind {
            case CHIREDIS_STATUS: .status
            case CHIREDIS_ERROR: .error
            default: .bulkString
            }
        if kind == .status, tape.isEmpty, bytes.elementsEqual(Self.ok.readableBytesView) {
            // The reply to most writes needs no allocation.
            storage = Self.ok
            tape.append(RedisReply.Node(kind: kind, first: 0, count: bytes.count))
            return
        }
        if bytes.count > 0 { makeRoom(bytes.count) }
        tape.append(RedisReply.Node(kind: kind, first: storage.writerIndex, count: bytes.count))
        storage.writeBytes(bytes)
    }

    /// Adds an element without bytes.
    mutating func append(_ node: RedisReply.Node) { tape.append(node) }

    /// Adds a string whose bytes follow in parts.
    mutating func beginLarge(count: Int) {
        makeRoom(count)
        tape.append(RedisReply.Node(kind: .bulkString, first: storage.writerIndex, count: count))
    }

    /// Adds bytes of the large string that was begun.
    mutating func appendPart(_ bytes: UnsafeRawBufferPointer) { storage.writeBytes(bytes) }

    private mutating func makeRoom(_ count: Int) {
        guard storage.capacity == 0 else { return }
        // An array is often one long string with a few short ones. Room for those avoids an immediate reallocation.
        let others = tape.first.map { min($0.count - 1, 16) * 32 } ?? 0
        storage =
            count < ReplyBufferPool.smallest
            ? allocator.buffer(capacity: count + others) : spares.take(count + others, allocator)
    }

    /// Adds an array whose elements follow.
    ///
    /// - Returns: the number of complete replies before the one that it belongs to.
    mutating func beginArray(count: Int, nested: Bool) -> Int {
        if nested {
            hasNestedArrays = true
        } else {
            tape.reserveCapacity(min(count, 1_024) + 1)
        }
        tape.append(RedisReply.Node(kind: .array, first: 0, count: count))
        return replies.count
    }

    /// Completes the reply.
    mutating func complete() {
        if tape.count == 1 && tape[0].kind != .array {
            replies.append(RedisReply(scalar: tape[0], storage: storage, serverID: serverID))
            tape.removeAll(keepingCapacity: true)
        } else {
            if hasNestedArrays { RedisReply.closeArrays(in: &tape) }
            replies.append(RedisReply(tape: tape, storage: storage, serverID: serverID))
            tape = []
        }
        spares.note(storage)
        storage = ByteBuffer()
        hasNestedArrays = false
    }

    /// Appends the complete replies to `output`.
    mutating func moveReplies(to output: inout [RedisReply]) {
        if output.isEmpty {
            swap(&output, &replies)
        } else {
            output += replies
            replies.removeAll(keepingCapacity: true)
        }
    }
}
