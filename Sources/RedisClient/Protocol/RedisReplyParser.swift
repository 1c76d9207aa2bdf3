import CHiredis
package import NIOCore

/// Parses the bytes of one connection into replies, through hiredis.
///
/// hiredis calls back for each element, which is appended to a flat list. Its bytes are copied directly from hiredis'
/// buffer to the buffer that the reply will own.
package final class RedisReplyParser {
    private let reader: OpaquePointer
    private let allocator: ByteBufferAllocator
    private var storage = ByteBuffer()
    private var tape: [RedisReply.Node] = []
    private var hasNestedArrays = false
    private var spares = ReplyBufferPool()
    private var replies: [RedisReply] = []
    /// Returns the number of elements, from the first one on, that may be longer than the later ones in the array that is
    /// the reply with this number among those that are being parsed.
    var longElements: (Int) -> Int = { _ in 1 }

    /// Makes a parser of one connection's replies.
    ///
    /// - Parameters:
    ///   - maximumReplySize: the largest number of bytes in a reply.
    ///   - maximumLaterElementSize: the largest number of bytes in each string of an array but the first ones
    ///     (``longElements``).
    ///   - allocator: makes the buffers of replies.
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

    /// Parses received bytes and appends all complete replies to `output`.
    ///
    /// - Parameters:
    ///   - bytes: the received bytes.
    ///   - output: receives the replies before a failure, too.
    /// - Returns: the failure after which nothing more can be parsed; `nil` if there is none.
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

    /// Indicates that a reply has begun and is not complete.
    var isInsideReply: Bool { chiredis_reader_is_inside_reply(reader) != 0 }

    /// The element of the current reply that is being received or comes next; 0 for a reply that is not an array.
    ///
    /// The server determines it: an array may have more elements than were requested.
    var currentElement: Int {
        // The array itself is the first node, and a large string is added before its bytes have arrived.
        max(0, tape.count - (chiredis_reader_is_inside_large(reader) != 0 ? 2 : 1))
    }

    /// The number of bytes that are retained for the next large reply.
    var spareCapacity: Int { spares.capacity }

    /// Releases that memory.
    func clearSpares() { spares.clear() }

    /// The work done so far, for measurements.
    var work: chiredis_work { chiredis_reader_work_done(reader) }

    private static let ok = ByteBuffer(string: "OK")

    // MARK: Callbacks of hiredis

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
            // The reply to most writes needs no allocation.
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
        // An array is often one long string with a few short ones. Room for those avoids an immediate reallocation.
        let others = tape.first.map { min($0.count - 1, 16) * 32 } ?? 0
        storage =
            count < ReplyBufferPool.smallest
            ? allocator.buffer(capacity: count + others) : spares.take(count + others, allocator)
    }

    /// Returns the number of elements that may be long.
    private func beginArray(count: Int, nested: Bool) -> Int {
        if nested {
            hasNestedArrays = true
        } else {
            tape.reserveCapacity(min(count, 1_024) + 1)
        }
        tape.append(RedisReply.Node(kind: .array, first: 0, count: count))
        return nested ? 1 : longElements(replies.count)
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
