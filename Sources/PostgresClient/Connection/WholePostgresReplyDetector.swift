import CPostgres

/// Detects small replies that have arrived whole and have not been read from the socket.
enum WholePostgresReplyDetector {
    /// The maximum size of a small reply, in bytes.
    static let longest = 16 * 1024

    /// Returns true if the unread bytes in a connection's socket are a small, whole reply. Under encryption this can't
    /// be detected, and the result is false.
    static func hasCome(to handle: OpaquePointer) -> Bool {
        guard PQsslInUse(handle) == 0, PQgssEncInUse(handle) == 0 else { return false }
        return withUnsafeTemporaryAllocation(byteCount: longest + 1, alignment: 1) { bytes in
            let count = System.peek(PQsocket(handle), into: bytes)
            return count > 0 && isWhole(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }

    /// Returns the number of whole replies in the first ``longest`` unread bytes of a connection's socket; 0 under
    /// encryption.
    static func count(on handle: OpaquePointer) -> Int {
        guard PQsslInUse(handle) == 0, PQgssEncInUse(handle) == 0 else { return 0 }
        return withUnsafeTemporaryAllocation(byteCount: longest, alignment: 1) { bytes in
            let count = System.peek(PQsocket(handle), into: bytes)
            return count > 0 ? Self.count(UnsafeRawBufferPointer(rebasing: bytes[..<count])) : 0
        }
    }

    /// Returns the number of ReadyForQuery messages that have arrived whole.
    static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
        var (start, count) = (0, 0)
        while bytes.count - start >= 5 {
            let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 1, as: UInt32.self)))
            let isReadyForQuery = bytes[start] == 0x5A && length == 5
            start += 1 + length
            if isReadyForQuery, start <= bytes.count { count += 1 }
        }
        return count
    }

    /// Returns true if the bytes are few and consist of whole messages, the last of which is ReadyForQuery. It ends the
    /// reply to a statement (PostgreSQL, Message Formats).
    static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= longest else { return false }
        var start = 0
        while bytes.count - start >= 5 {
            let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 1, as: UInt32.self)))
            let isReadyForQuery = bytes[start] == 0x5A && length == 5
            start += 1 + length
            if start == bytes.count { return isReadyForQuery }
        }
        return false
    }
}
