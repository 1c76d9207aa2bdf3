package import NIOCore

/// The memory that the unsent output of one connection holds.
///
/// A small write holds its bytes. A large write holds the whole storage of its buffer until its last byte has been
/// accepted. Other connections may hold the same storage, so it has an identity by which ``OutputMemoryLimiter`` counts it
/// once.
package struct UnsentOutputMemory {
    /// The storage of a buffer, which several buffers may share.
    package struct Storage: Hashable, Sendable {
        package let id: UInt
        package let bytes: Int

        package init(id: UInt, bytes: Int) {
            self.id = id
            self.bytes = bytes
        }
    }

    /// The change since the last settlement.
    package struct Change: Equatable {
        package var added: [Storage] = []
        package var removed: [Storage] = []
        /// The number of bytes that small writes hold.
        package var small = 0
    }

    private struct LargeWrite {
        let storage: Storage
        let begin: Int
        let end: Int
        var isCounted = false
    }

    /// The smallest size in bytes of a large write.
    package static let largeWrite = 16 * 1024

    /// The number of bytes that have been written since the opening of the connection.
    package private(set) var offered = 0
    private var large = CircularBuffer<LargeWrite>()
    private var small = 0

    /// Makes the state of a new connection.
    package init() {}

    /// Indicates that a settlement may find a change.
    package var hasLargeWrites: Bool { !large.isEmpty }

    /// Indicates that memory is counted.
    package var isCounted: Bool { small > 0 || large.contains { $0.isCounted } }

    /// Adds a write.
    package mutating func append(_ data: IOData) {
        let begin = offered
        offered += data.readableBytes
        guard case .byteBuffer(let buffer) = data, buffer.readableBytes >= Self.largeWrite else { return }
        append(storage: Storage(buffer), from: begin)
    }

    /// Adds a large write whose bytes are the last ones written.
    mutating func append(storage: Storage, from begin: Int) {
        large.append(LargeWrite(storage: storage, begin: begin, end: offered))
    }

    /// Adds a write of a given size, for tests.
    mutating func append(bytes: Int, in storage: Storage?) {
        let begin = offered
        offered += bytes
        if let storage { append(storage: storage, from: begin) }
    }

    /// Computes the memory held.
    ///
    /// - Parameter pending: the number of bytes that the system has not accepted.
    /// - Returns: the change since the last settlement; `nil` if there is none.
    package mutating func settle(pending: Int) -> Change? {
        let taken = offered - pending
        var change = Change()
        while let first = large.first, first.end <= taken {
            if first.isCounted { change.removed.append(first.storage) }
            large.removeFirst()
        }
        change.small = pending
        for index in large.indices {
            change.small -= large[index].end - max(large[index].begin, taken)
            if !large[index].isCounted {
                large[index].isCounted = true
                change.added.append(large[index].storage)
            }
        }
        defer { small = change.small }
        return change.small == small && change.added.isEmpty && change.removed.isEmpty ? nil : change
    }
}

extension UnsentOutputMemory.Storage {
    /// Identifies the storage of a buffer.
    init(_ buffer: ByteBuffer) {
        let id = buffer.withUnsafeReadableBytesWithStorageManagement { _, storage in
            UInt(bitPattern: storage.toOpaque())
        }
        self.init(id: id, bytes: buffer.storageCapacity)
    }
}
