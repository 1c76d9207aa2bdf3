import NIOCore

extension Channel {
    /// Indicates that the socket has bytes or the end of input that the event loop has not read yet.
    ///
    /// Must be called on the event loop. `false` for a channel without a socket and for a closed channel.
    var hasUnread: Bool {
        let hasInput = try? pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            System.hasInput(socket)
        }
        return hasInput ?? false
    }
}
