import NIOCore

/// The memory of the system that a connection's output takes.
///
/// The system takes megabytes from a server whose client does not read, and takes them at once: it allocates and copies for
/// milliseconds, in which the event loop serves nobody. With a bound for what can't be sent yet it takes that when the client has
/// room for it. What is on its way counts for nothing, so that no network is slower for the bound.
enum SystemBuffer {
    /// The number of bytes that the system takes beyond what is on its way.
    static let unsentBytes = 128 * 1024

    /// Sets the bound for a connection, where its socket has one.
    static func bound(of channel: any Channel) {
        let option = ChannelOptions.tcpOption(System.unsentBytesOption)
        // A socket of another family has no such thing.
        try? channel.syncOptions?.setOption(option, value: ChannelOptions.Types.SocketOption.Value(unsentBytes))
    }
}
