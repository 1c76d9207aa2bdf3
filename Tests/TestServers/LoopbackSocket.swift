import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Plain TCP sockets on 127.0.0.1 that never block.
enum LoopbackSocket {
    /// A socket that listens on a port.
    static func listen(on port: Int) -> Int32? {
        guard let descriptor = make() else { return nil }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress(port, { bind(descriptor, $0, $1) }) == 0, systemListen(descriptor) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// A socket that is connected, or about to be.
    static func connect(to port: Int) -> Int32? {
        guard let descriptor = make() else { return nil }
        let result = withAddress(port) { systemConnect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// The next connection that waits to be accepted.
    static func accept(on listener: Int32) -> Int32? {
        let descriptor = systemAccept(listener)
        guard descriptor >= 0 else { return nil }
        prepare(descriptor)
        return descriptor
    }

    /// Closes a socket; with a reset, its peer is told that something went wrong.
    static func close(_ descriptor: Int32, withReset: Bool = false) {
        if withReset {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
        systemClose(descriptor)
    }

    /// Sends bytes, without a signal where the peer has gone.
    ///
    /// - Returns: how many were taken; `nil` when the connection is broken.
    static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int? {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        let count = bytes.withUnsafeBytes { systemSend(descriptor, $0.baseAddress, $0.count, flags) }
        if count < 0 { return isForLater ? 0 : nil }
        return count
    }

    /// Receives what is there.
    ///
    /// - Returns: the bytes, none where there are none yet; `nil` at the end and when the connection is broken.
    static func receive(from descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0 { return isForLater ? [] : nil }
        return count == 0 ? nil : Array(bytes[..<count])
    }

    /// Runs a function on a thread of its own.
    static func detachThread(_ body: @Sendable @escaping () -> Void) { Thread.detachNewThread(body) }

    private static var isForLater: Bool {
        errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOTCONN
    }

    private static func make() -> Int32? {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { return nil }
        prepare(descriptor)
        return descriptor
    }

    private static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        #if canImport(Darwin)
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    // The system's functions of the same names.
    private static func systemListen(_ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
            Darwin.listen(descriptor, 128)
        #elseif canImport(Musl)
            Musl.listen(descriptor, 128)
        #else
            Glibc.listen(descriptor, 128)
        #endif
    }

    private static func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t)
        -> Int32
    {
        #if canImport(Darwin)
            Darwin.connect(descriptor, address, length)
        #elseif canImport(Musl)
            Musl.connect(descriptor, address, length)
        #else
            Glibc.connect(descriptor, address, length)
        #endif
    }

    private static func systemAccept(_ listener: Int32) -> Int32 {
        #if canImport(Darwin)
            Darwin.accept(listener, nil, nil)
        #elseif canImport(Musl)
            Musl.accept(listener, nil, nil)
        #else
            Glibc.accept(listener, nil, nil)
        #endif
    }

    private static func systemClose(_ descriptor: Int32) {
        #if canImport(Darwin)
            _ = Darwin.close(descriptor)
        #elseif canImport(Musl)
            _ = Musl.close(descriptor)
        #else
            _ = Glibc.close(descriptor)
        #endif
    }

    private static func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int
    {
        #if canImport(Darwin)
            Darwin.send(descriptor, bytes, count, flags)
        #elseif canImport(Musl)
            Musl.send(descriptor, bytes, count, flags)
        #else
            Glibc.send(descriptor, bytes, count, flags)
        #endif
    }
}
