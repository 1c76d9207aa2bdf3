import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The services of the operating system and its C library that this module uses beside NIO.
enum System {
    /// The index of the first byte of this value; `nil` if there is none.
    static func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(byte), bytes.count) else { return nil }
        return UnsafeRawPointer(found) - start
    }

    /// Indicates that a socket has bytes, an error or the end of input to read.
    static func hasInput(_ socket: NIOBSDSocket.Handle) -> Bool {
        var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    /// The error of a system call.
    struct CallError: Error {
        /// The value of `errno`.
        let code: Int32
    }

    /// Reads a file of at most `limit` bytes. Blocks.
    ///
    /// - Throws: ``CallError``; `EFBIG` for a larger file.
    static func contents(ofFile path: String, limit: Int) throws(CallError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw CallError(code: errno) }
        defer { close(file) }
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(file, &piece, piece.count)
            if count == 0 { return contents }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw CallError(code: errno)
            }
            guard contents.count + count <= limit else { throw CallError(code: EFBIG) }
            contents.append(contentsOf: piece[..<count])
        }
    }

    /// The time of day in seconds since 1970, by which certificates are valid.
    static var secondsSince1970: Int { time(nil) }
}
