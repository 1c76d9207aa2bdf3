import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Channel {
    /// Whether the socket has something to read, be it the end, that the event loop has not got around to.
    ///
    /// To be asked on the event loop. `false` for a channel without a socket, and for one that is closed.
    var hasUnread: Bool {
        let answer = try? pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            return poll(&request, 1, 0) > 0
        }
        return answer ?? false
    }
}
