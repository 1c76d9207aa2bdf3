import CHiredis
package import NIOCore

/// Turns the bytes of one connection into replies, through hiredis.
///
/// hiredis calls back for each element. The element goes onto a flat tape and its bytes, straight from hiredis' buffer,
/// into the buffer that the reply will own.
package final class RedisReplyParser {
    private let reader: OpaquePointer
    private let allocator: ByteBufferAllocator
    private var storage = ByteBuffer()
    private var tape: [RedisReply.Node] = []
    private var hasNestedArrays = false
    private var spares = ReplyBufferPool()
    private var replies: [RedisReply] = []

    /// A parser of one connection's replies, none of them larger than this many bytes.
    ///
    /// - Parameter maximumLaterElementSize: the bound of each string in an array but the first.
    package init(
        maximumReplySize: Int,
        maximumLaterElementSize: Int = .max,
        allocator: ByteBufferAllocator = ByteBufferAllocator()
    ) {
        self.allocator = allocator
        guard let reader = chiredis_reader_create(Self.sink, maximumReplySize, maximumLaterElementSize) else {
            fatalError("no memory for a Redis reader")
        }
        self.reader = reader
    }

    deinit {
        chiredis_reader_free(reader)
    }

    /// Parses what has arrived, and appends to `output` every reply that is now whole.
    ///
    /// - Returns: the failure after which nothing more can be parsed; replies before it have been appended.
    package func parse(_ bytes: ByteBuffer, into output: inout [RedisReply]) -> RedisError? {
        let result = bytes.withUnsafeReadableBytes { bytes in
            chiredis_reader_read(
                reader,
                Unmanaged.passUnretained(self).toOpaque(),
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                bytes.count
            )
        }
        if output.isEmpty {
            swap(&output, &replies)
        } else {
            output += replies
            replies.removeAll(keepingCapacity: true)
        }
        guard result != CHIREDIS_OK else { return nil }
        let text = String(cString: chiredis_reader_error(reader))
        guard result == CHIREDIS_REPLY_TOO_LARGE else { return RedisError(.protocolViolation, text) }
        return RedisError(.replyTooLarge, text, element: currentElement)
    }

    /// True after the beginning of a reply and before its end.
    var isInsideReply: Bool { chiredis_reader_is_inside_reply(reader) != 0 }

    /// The element of the reply under way that is to come next, or is coming; 0 for a reply that is no array.
    ///
    /// The server decides how far this goes: it may announce more elements than it was asked for.
    var currentElement: Int {
        // The array itself is the first on the tape, and a large string is there before its bytes are.
        max(0, tape.count - (chiredis_reader_is_inside_large(reader) != 0 ? 2 : 1))
    }

    /// The bytes of memory that are held for the next large reply.
    var spareCapacity: Int { spares.capacity }

    /// Lets that memory go.
    func clearSpares() { spares.clear() }

    /// What has been done so far.
    var work: chiredis_work { chiredis_reader_work_done(reader) }

    private static let ok = ByteBuffer(string: "OK")

    // MARK: What hiredis calls

    private static let sink = chiredis_sink(
        bytes: { context, kind, bytes, length in
            parser(context).append(kind, UnsafeRawBufferPointer(start: bytes, count: length))
        },
        integer: { context, value in
            parser(context).tape.append(RedisReply.Node(kind: .integer, first: Int(value), count: 0))
        },
        null: { context in
            parser(context).tape.append(RedisReply.Node(kind: .null, first: 0, count: 0))
        },
        array: { context, count, nested in
            parser(context).beginArray(count: count, nested: nested != 0)
        },
        large: { context, length in
            parser(context).beginLarge(count: length)
        },
        part: { context, bytes, length in
            parser(context).storage.writeBytes(UnsafeRawBufferPointer(start: bytes, count: length))
        },
        complete: { context in
            parser(context).complete()
        }
    )

    private static func parser(_ context: UnsafeMutableRawPointer?) -> RedisReplyParser {
        Unmanaged<RedisReplyParser>.fromOpaque(context!).takeUnretainedValue()
    }

    private func append(_ kind: chiredis_bytes_kind, _ bytes: UnsafeRawBufferPointer) {
        let kind: RedisReply.Kind =
            switch kind {
            case CHIREDIS_STATUS: .status
            case CHIREDIS_ERROR: .error
            default: .bulkString
            }
        if kind == .status, tape.isEmpty, bytes.elementsEqual(Self.ok.readableBytesView) {
            // What most writes are answered with is no work for the allocator.
            storage = Self.ok
            tape.append(RedisReply.Node(kind: kind, first: 0, count: bytes.count))
            return
        }
        if bytes.count > 0 { makeRoom(bytes.count) }
        tape.append(RedisReply.Node(kind: kind, first: storage.writerIndex, count: bytes.count))
        storage.writeBytes(bytes)
    }

    private func beginLarge(count: Int) {
        makeRoom(count)
        tape.append(RedisReply.Node(kind: .bulkString, first: storage.writerIndex, count: count))
    }

    private func makeRoom(_ count: Int) {
        guard storage.capacity == 0 else { return }
        // An array often is one long string and a few short ones, so room for those saves growing right after.
        let others = tape.first.map { min($0.count - 1, 16) * 32 } ?? 0
        storage =
            count < ReplyBufferPool.smallest
            ? allocator.buffer(capacity: count + others) : spares.take(count + others, allocator)
    }

    private func beginArray(count: Int, nested: Bool) {
        if nested {
            hasNestedArrays = true
        } else {
            tape.reserveCapacity(min(count, 1_024) + 1)
        }
        tape.append(RedisReply.Node(kind: .array, first: 0, count: count))
    }

    private func complete() {
        if tape.count == 1 && tape[0].kind != .array {
            replies.append(RedisReply(scalar: tape[0], storage: storage))
            tape.removeAll(keepingCapacity: true)
        } else {
            if hasNestedArrays { RedisReply.closeArrays(in: &tape) }
            replies.append(RedisReply(tape: tape, storage: storage))
            tape = []
        }
        spares.note(storage)
        storage = ByteBuffer()
        hasNestedArrays = false
    }
}
