import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The services of the operating system that this module uses beside NIO.
enum System {
    /// The message of an `errno`.
    static func message(of error: Int32) -> String { String(cString: strerror(error)) }

    /// Indicates that a socket has bytes, an error or the end of input to read.
    static func hasInput(_ socket: NIOBSDSocket.Handle) -> Bool {
        var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    /// The longest path of a Unix domain socket in bytes, without the null at its end.
    static var longestSocketPath: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 }
}
