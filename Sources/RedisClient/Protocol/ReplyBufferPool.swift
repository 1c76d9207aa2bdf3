import NIOCore

/// The memory of large replies, to be used again once nobody has the reply any more: the system takes about as long to give a
/// page as the page takes to fill.
struct ReplyBufferPool {
    private var buffers: [ByteBuffer] = []

    /// A smaller reply is no trouble for the allocator.
    static let smallest = 256 * 1024
    /// So much is held at most.
    static let limit = 16 * 1024 * 1024

    /// The bytes held.
    var capacity: Int { buffers.reduce(0) { $0 + $1.capacity } }

    /// An empty buffer with room for so many bytes.
    mutating func take(_ count: Int, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        for index in buffers.indices where buffers[index].capacity >= count && buffers[index].capacity / 2 <= count {
            guard buffers[index].modifyIfUniquelyOwned({ $0.clear() }) != nil else { continue }
            return buffers.remove(at: index)
        }
        return allocator.buffer(capacity: count)
    }

    /// Notes the memory of a reply that was given away.
    mutating func note(_ buffer: ByteBuffer) {
        guard buffer.capacity >= Self.smallest, buffer.capacity <= Self.limit else { return }
        buffers.append(buffer)
        while capacity > Self.limit { buffers.removeFirst() }
    }

    /// Lets all of it go.
    mutating func clear() { buffers = [] }
}
