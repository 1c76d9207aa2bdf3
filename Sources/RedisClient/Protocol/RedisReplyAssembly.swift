import CHiredis
import NIOCore

/// The elements of the reply that is being parsed, and the replies that are complete.
struct RedisReplyAssembly {
    private let allocator: ByteBufferAllocator
    /// The bytes of the current reply's strings that nodes don't have.
    private var storage: ByteBuffer?
    private var tape: [RedisReply.Node] = []
    private var hasNestedArrays = false
    private var replies: [RedisReply] = []
    /// Returns the expected shape of the reply with this number among those that are being parsed.
    var shape: (Int) -> RedisReplyShape = { _ in RedisReplyShape() }
    /// The number of elements of the current reply, from the first one on, that may be long.
    private var longElements = 1
    /// The number of replies to a repeated command that are not complete; 0 for any other command.
    private var missing = 0
    /// Indicates that one of them has begun, which is an array.
    private var isInsideArray = false
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

    /// Begins a reply, which is an array of the values if the command is a repeated one.
    private mutating func beginReply() {
        guard tape.isEmpty else { return }
        let shape = shape(replies.count)
        longElements = shape.longElements
        guard shape.replyCount > 1 else { return }
        missing = shape.replyCount
        tape.reserveCapacity(shape.replyCount + 1)
        var array = RedisReply.Node(kind: .array, first: 0, count: shape.replyCount)
        array.isOfRepeatedCommand = true
        tape.append(array)
    }

    /// Adds an element, and takes note of a reply to a repeated command that is an error, or not a value.
    private mutating func append(_ node: RedisReply.Node) {
        guard missing > 0, !isInsideArray || node.kind == .error else { return tape.append(node) }
        if !isInsideArray, node.kind == .error {
            tape[0].hasErrors = true
            return tape.append(node)
        }
        // An error inside an array is none that the command had.
        var node = node.kind == .error ? RedisReply.Node(kind: .null, first: 0, count: 0) : node
        node.isUnexpected = true
        tape[0].hasUnexpectedReplies = true
        tape.append(node)
    }

    /// Adds a string.
    mutating func append(_ kind: chiredis_bytes_kind, _ bytes: UnsafeRawBufferPointer) {
        let kind: RedisReply.Kind =
            switch kind {
            case CHIREDIS_STATUS: .status
            case CHIREDIS_ERROR: .error
            default: .bulkString
            }
        beginReply()
        if bytes.count <= RedisReply.Node.inlineCapacity {
            append(RedisReply.Node(kind: kind, bytes: bytes))
        } else {
            append(RedisReply.Node(kind: kind, first: storageOffset(reserving: bytes.count), count: bytes.count))
            storage?.writeBytes(bytes)
        }
    }

    /// Adds an integer or null.
    mutating func append(_ kind: RedisReply.Kind, value: Int = 0) {
        beginReply()
        append(RedisReply.Node(kind: kind, first: value, count: 0))
    }

    /// Adds a string, too long to be stored in a node, whose bytes follow in parts.
    mutating func beginLarge(count: Int) {
        precondition(count > RedisReply.Node.inlineCapacity)
        beginReply()
        append(RedisReply.Node(kind: .bulkString, first: storageOffset(reserving: count), count: count))
    }

    /// Adds bytes of the large string that was begun.
    mutating func appendPart(_ bytes: UnsafeRawBufferPointer) { storage?.writeBytes(bytes) }

    /// Makes the storage if there is none yet.
    ///
    /// - Returns: the offset at which the next bytes are stored.
    private mutating func storageOffset(reserving count: Int) -> Int {
        if let offset = storage?.writerIndex { return offset }
        storage = count < ReplyBufferPool.smallest ? allocator.buffer(capacity: count) : spares.take(count, allocator)
        return 0
    }

    /// Adds an array whose elements follow. A reply of one value to a repeated command adds none: its value becomes an element
    /// of the common reply.
    ///
    /// - Returns: the number of its elements, from the first one on, that may be long.
    mutating func beginArray(count: Int, nested: Bool) -> Int {
        beginReply()
        let position = missing > 0 ? tape[0].count - missing : 0
        let longElements = nested ? 1 : max(0, longElements - position)
        if nested {
            hasNestedArrays = true
        } else if missing == 0 {
            tape.reserveCapacity(min(count, 1_024) + 1)
        } else if count == 1 {
            isInsideArray = true
            return longElements
        } else {
            hasNestedArrays = true
        }
        append(RedisReply.Node(kind: .array, first: 0, count: count))
        isInsideArray = missing > 0
        return longElements
    }

    /// Completes a reply.
    ///
    /// - Returns: `false` if others follow that make one with it.
    mutating func complete() -> Bool {
        if missing > 0 {
            missing -= 1
            isInsideArray = false
            guard missing == 0 else { return false }
        }
        if let storage { spares.note(storage) }
        // Both are moved into the reply. Copies would count references.
        var bytes: ByteBuffer?
        swap(&bytes, &storage)
        if tape.count == 1 && tape[0].kind != .array {
            replies.append(RedisReply(scalar: tape[0], storage: bytes, serverID: serverID))
            tape.removeAll(keepingCapacity: true)
        } else {
            if hasNestedArrays { RedisReply.closeArrays(in: &tape) }
            var nodes: [RedisReply.Node] = []
            swap(&nodes, &tape)
            replies.append(RedisReply(tape: nodes, storage: bytes, serverID: serverID))
        }
        hasNestedArrays = false
        return true
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
