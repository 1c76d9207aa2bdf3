import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connection from this process to its own listener, with file descriptors reserved for it.
///
/// ``ListenerHandler`` can be added to a listener only after its first connection, because a server exposes its
/// connections but not its listeners. If descriptors run out before that, the listener ends. So the first connection is
/// made by the process itself, at once, with descriptors that were reserved before.
package final class ListenerPrimingConnection: Sendable {
    private struct State {
        var reserve: [CInt] = []
        var connections: [CInt] = []
        var hasBegun = false
    }

    /// Descriptors for both ends of the connection, and for a few others that are accepted in the same turn.
    private static let reserveCount = 8
    /// The limit of the search; a listener that is opened at the start of a process has a low number.
    private static let highestDescriptor: CInt = 1024

    private let port: Int
    private let state: Mutex<State>

    /// Reserves descriptors for the first connection to a listener.
    ///
    /// - Parameter port: the port of the listener.
    package init(port: Int) {
        self.port = port
        let reserve = (0..<Self.reserveCount).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        state = Mutex(State(reserve: reserve.filter { $0 >= 0 }))
    }

    deinit {
        state.withLock { state in
            for descriptor in state.reserve + state.connections { close(descriptor) }
        }
    }

    /// Connects once to the existing listener, without waiting for the connection.
    package func begin() {
        state.withLock { state in
            guard !state.hasBegun else { return }
            state.hasBegun = true
            for descriptor in state.reserve { close(descriptor) }
            state.reserve = []
            state.connections = (0..<Self.highestDescriptor).compactMap { connection(to: $0) }
        }
    }

    /// Closes the connection after the listener has accepted one.
    package func end() {
        state.withLock { state in
            for descriptor in state.connections { close(descriptor) }
            state.connections = []
        }
    }

    /// Connects to a descriptor if it is a listener on the port.
    private func connection(to listener: CInt) -> CInt? {
        var isListening: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else {
            return nil
        }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(listener, address, &length) == 0,
                    let found = Self.port(of: address), port == found
                else { return nil }
                let descriptor = socket(CInt(address.pointee.sa_family), Self.stream, 0)
                guard descriptor >= 0 else { return nil }
                guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0,
                    connect(descriptor, address, length) == 0 || errno == EINPROGRESS
                else {
                    close(descriptor)
                    return nil
                }
                return descriptor
            }
        }
    }

    private static func port(of address: UnsafeMutablePointer<sockaddr>) -> Int? {
        // The port has the same offset in both structures.
        guard [AF_INET, AF_INET6].contains(CInt(address.pointee.sa_family)) else { return nil }
        return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
    }

    #if canImport(Glibc)
        private static let stream = CInt(SOCK_STREAM.rawValue)
    #else
        private static let stream = SOCK_STREAM
    #endif
}
