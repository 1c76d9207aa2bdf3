import NIOCore

#if RedisTLS
    import NIOSSL
#endif

extension Channel {
    /// Indicates that the socket has bytes or the end of input that the event loop has not read yet.
    ///
    /// Must be called on the event loop. `false` for a channel without a socket and for a closed channel. With TLS, the part of
    /// a record that was read counts as read.
    var hasUnread: Bool {
        let hasInput = try? pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            System.hasInput(socket)
        }
        return hasInput ?? false
    }

    /// Indicates that the bytes for the socket are not those that are written to the channel. Must be called on the event loop.
    var isEncrypted: Bool {
        #if RedisTLS
            (try? pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)) != nil
        #else
            false
        #endif
    }
}
