import NIOCore

/// The system's buffer for a connection's output.
///
/// The system accepts megabytes from a server whose client does not read, and it does so at once: it allocates and
/// copies for milliseconds, in which the event loop serves no other connection. With a limit on bytes that can't be
/// sent yet, it accepts them as the client makes room. Bytes in transit don't count, so the limit makes no network
/// slower.
enum UnsentBytesLimit {
    /// The number of bytes that the system buffers in addition to those in transit.
    static let unsentBytes = 128 * 1024

    /// Sets the limit for a connection whose socket supports it.
    static func bound(of channel: any Channel) {
        let option = ChannelOptions.tcpOption(SocketConstants.unsentBytesOption)
        // Sockets of other families don't support the option.
        try? channel.syncOptions?.setOption(option, value: ChannelOptions.Types.SocketOption.Value(unsentBytes))
    }
}
