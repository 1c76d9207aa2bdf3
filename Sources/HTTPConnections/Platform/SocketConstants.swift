import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The constants of the operating system that this module needs in addition to NIO.
enum SocketConstants {
    /// A failure of `accept` that a listener survives.
    enum AcceptFailure {
        /// The client closed the connection before it was accepted.
        case aborted
        /// The process or the system has no file descriptor left, or no memory for sockets.
        case exhausted

        /// The meaning of an `errno`; `nil` for any other failure.
        init?(errno code: CInt) {
            switch code {
            case ECONNABORTED: self = .aborted
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: self = .exhausted
            default: return nil
            }
        }
    }

    /// The option that bounds the bytes that a TCP socket buffers beyond those already sent.
    static var unsentBytesOption: NIOBSDSocket.Option { NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT) }
}
