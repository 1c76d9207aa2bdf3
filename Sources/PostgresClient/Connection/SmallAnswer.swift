import CPostgres

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An answer of few bytes that has come whole and has not been read yet.
enum SmallAnswer {
    /// More than this is not small.
    static let longest = 16 * 1024

    /// Whether what waits in a connection's socket is one. Under encryption nobody can tell.
    static func hasCome(to handle: OpaquePointer) -> Bool {
        guard PQsslInUse(handle) == 0, PQgssEncInUse(handle) == 0 else { return false }
        return withUnsafeTemporaryAllocation(byteCount: longest + 1, alignment: 1) { bytes in
            let count = recv(PQsocket(handle), bytes.baseAddress, bytes.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            return count > 0 && isWhole(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }

    /// Whether the bytes are few, and ReadyForQuery ends them (PostgreSQL, Message Formats), as it ends the answer to a statement.
    ///
    /// Where a value ends like it, by chance and at the end of what has come, the rest is waited for as ever.
    static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count <= longest && bytes.count >= 6 && bytes.dropLast().suffix(5).elementsEqual([0x5A, 0, 0, 0, 5])
    }
}
