import CPostgres

/// An answer of few bytes that has come whole and has not been read yet.
enum WholePostgresReplyDetector {
    /// More than this is not small.
    static let longest = 16 * 1024

    /// Whether what waits in a connection's socket is one. Under encryption nobody can tell.
    static func hasCome(to handle: OpaquePointer) -> Bool {
        guard PQsslInUse(handle) == 0, PQgssEncInUse(handle) == 0 else { return false }
        return withUnsafeTemporaryAllocation(byteCount: longest + 1, alignment: 1) { bytes in
            let count = System.peek(PQsocket(handle), into: bytes)
            return count > 0 && isWhole(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }

    /// The number of whole answers at the beginning of what waits in a connection's socket.
    static func count(on handle: OpaquePointer) -> Int {
        guard PQsslInUse(handle) == 0, PQgssEncInUse(handle) == 0 else { return 0 }
        return withUnsafeTemporaryAllocation(byteCount: longest, alignment: 1) { bytes in
            let count = System.peek(PQsocket(handle), into: bytes)
            return count > 0 ? Self.count(UnsafeRawBufferPointer(rebasing: bytes[..<count])) : 0
        }
    }

    /// The number of messages ReadyForQuery that have come whole.
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

    /// Whether the bytes are few, and messages of which the last is ReadyForQuery, as it is of the answer to a statement
    /// (PostgreSQL, Message Formats).
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
