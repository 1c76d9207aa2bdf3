import NIOCore

/// The memory of large replies, which is reused once the replies are released: the system needs about as long to
/// provide a page as it takes to fill it.
struct ReplyBufferPool {
    private var buffers: [ByteBuffer] = []

    /// The smallest capacity that is retained. Smaller ones are cheap to allocate.
    static let smallest = 256 * 1024
    /// The largest number of bytes that are retained.
    static let limit = 16 * 1024 * 1024

    /// The number of bytes that are retained.
    var capacity: Int { buffers.reduce(0) { $0 + $1.capacity } }

    /// Returns an empty buffer with room for `count` bytes.
    mutating func take(_ count: Int, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        for index in buffers.indices where buffers[index].capacity >= count && buffers[index].capacity / 2 <= count {
            guard buffers[index].modifyIfUniquelyOwned({ $0.clear() }) != nil else { continue }
            return buffers.remove(at: index)
        }
        return allocator.buffer(capacity: count)
    }

    /// Retains the memory of a reply that was delivered.
    mutating func note(_ buffer: ByteBuffer) {
        guard buffer.capacity >= Self.smallest, buffer.capacity <= Self.limit else { return }
        buffers.append(buffer)
        while capacity > Self.limit { buffers.removeFirst() }
    }

    /// Releases all memory.
    mutating func clear() { buffers = [] }
}
