import CHiredis
package import NIOCore

/// Parses the bytes of one connection into replies, through hiredis.
///
/// hiredis calls back for each element, which is appended to a flat list. Its bytes are copied directly from hiredis'
/// buffer to the buffer that the reply will own.
package final class RedisReplyParser {
    private let reader: OpaquePointer
    /// One value, so that each callback of hiredis accesses it once.
    private var assembly: RedisReplyAssembly
    /// Returns the expected shape of the reply with this number among those that are being parsed.
    var shape: (Int) -> RedisReplyShape {
        get { assembly.shape }
        set { assembly.shape = newValue }
    }

    /// The identity of the server, which is passed on with each reply: ``RedisReply/serverID``.
    var serverID: String? {
        get { assembly.serverID }
        set { assembly.serverID = newValue }
    }

    /// Makes a parser of one connection's replies.
    ///
    /// - Parameters:
    ///   - maximumReplySize: the largest number of bytes in a reply.
    ///   - maximumLaterElementSize: the largest number of bytes in each string of an array but the first ones
    ///     (``RedisReplyShape/longElements``).
    ///   - allocator: makes the buffers of replies.
    package init(
        maximumReplySize: Int,
        maximumLaterElementSize: Int = .max,
        allocator: ByteBufferAllocator = ByteBufferAllocator()
    ) {
        assembly = RedisReplyAssembly(allocator: allocator)
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
        assembly.moveReplies(to: &output)
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
        assembly.currentElement(isInsideLarge: chiredis_reader_is_inside_large(reader) != 0)
    }

    /// The number of bytes that are retained for the next large reply.
    var spareCapacity: Int { assembly.spares.capacity }

    /// Releases that memory.
    func clearSpares() { assembly.spares.clear() }

    /// The work done so far, for measurements.
    var work: chiredis_work { chiredis_reader_work_done(reader) }

    // MARK: Callbacks of hiredis

    private static let sink = chiredis_sink(
        bytes: { context, kind, bytes, length in
            parser(context).assembly.append(kind, UnsafeRawBufferPointer(start: bytes, count: length))
        },
        integer: { context, value in
            parser(context).assembly.append(.integer, value: Int(value))
        },
        null: { context in
            parser(context).assembly.append(.null)
        },
        array: { context, count, nested in
            parser(context).assembly.beginArray(count: count, nested: nested != 0)
        },
        large: { context, length in
            parser(context).assembly.beginLarge(count: length)
        },
        part: { context, bytes, length in
            parser(context).assembly.appendPart(UnsafeRawBufferPointer(start: bytes, count: length))
        },
        complete: { context in
            parser(context).assembly.complete() ? 1 : 0
        }
    )

    private static func parser(_ context: UnsafeMutableRawPointer?) -> RedisReplyParser {
        Unmanaged<RedisReplyParser>.fromOpaque(context!).takeUnretainedValue()
    }
}
