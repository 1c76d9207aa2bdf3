import CHiredis
import NIOCore

/// The elements of the reply that is being parsed, and the replies that are complete.
struct RedisReplyAssembly {
    private let allocator: ByteBufferAllocator
    private var storage = ByteBuffer()
    private var tape: [RedisReply.Node] = []
    private var hasNestedArrays = false
    private var replies: [RedisReply] = []
    /// Returns the number of replies that the reply with this number among those that are being parsed is made of.
    var replyCount: (Int) -> Int = { _ in 1 }
    /// The number of replies of a repeated command that are not complete; 0 for any other command.
    private var missing = 0
    /// The memory that is retained for the next large reply.
    var spares = ReplyBufferPool()
    /// The identity of the server, see ``RedisReply/serverID``.
    var serverID: String?

    /// - Parameter allocator: makes the buffers of replies.
    init(allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    /// The element that is being assembled or comes next; 0 for a reply that is not an array.
    ///
    /// - Parameter isInsideLarge: tells that it is a string that was added and whose bytes follow.
    func currentElement(isInsideLarge: Bool) -> Int {
        // The array itself is the first node.
        missing > 0 ? tape[0].count - missing : max(0, tape.count - (isInsideLarge ? 2 : 1))
    }

    /// Begins the array of the replies to a repeated command.
    private mutating func beginReply() {
        guard tape.isEmpty else { return }
        let count = replyCount(replies.count)
        guard count > 1 else { return }
        missing = count
        hasNestedArrays = true
        tape.reserveCapacity(2 * count + 1)
        tape.append(RedisReply.Node(kind: .array, first: 0, count: count))
    }

    private static let ok = ByteBuffer(string: "OK")

    /// Adds a string.
    mutating func append(_ kind: chiredis_bytes_kind, _ bytes: UnsafeRawBufferPointer) {
        let kind: RedisReply.Kind =
            switch kind {
            case CHIREDIS_STATUS: .status
            case CHIREDIS_ERROR: .error
            default: .bulkString
            }
        beginReply()
        if kind == .error, missing > 0 { tape[0].hasErrors = true }
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
    mutating func append(_ node: RedisReply.Node) {
        beginReply()
        tape.append(node)
    }

    /// Adds a string whose bytes follow in parts.
    mutating func beginLarge(count: Int) {
        beginReply()
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
    /// - Returns: the number of complete replies before the one that it belongs to, and the number of complete replies to
    ///   the repeated command that this is one of.
    mutating func beginArray(count: Int, nested: Bool) -> (number: Int, position: Int) {
        beginReply()
        if nested {
            hasNestedArrays = true
        } else if missing == 0 {
            tape.reserveCapacity(min(count, 1_024) + 1)
        }
        let position = missing > 0 ? tape[0].count - missing : 0
        tape.append(RedisReply.Node(kind: .array, first: 0, count: count))
        return (replies.count, position)
    }

    /// Completes the reply.
    mutating func complete() {
        if missing > 0 {
            missing -= 1
            guard missing == 0 else { return }
        }
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
