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
    /// Indicates that a socket has bytes, an error or the end of input to read.
    static func hasInput(_ socket: NIOBSDSocket.Handle) -> Bool {
        var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }
}
