import NIOCore
import Testing

@testable import HTTPConnections

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("A listener's first connection", .serialized)
struct ListenerPrimingConnectionTests {
    /// A socket that listens on a port which the system has chosen.
    private struct Listener {
        let descriptor: CInt
        let port: Int

        init(_ address: String) throws {
            #if canImport(Glibc)
                let stream = CInt(SOCK_STREAM.rawValue)
            #else
                let stream = SOCK_STREAM
            #endif
            let wanted = try SocketAddress(ipAddress: address, port: 0)
            descriptor = socket(CInt(wanted.protocol.rawValue), stream, 0)
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let isDone = withUnsafeMutablePointer(to: &storage) { [descriptor] pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { found in
                    wanted.withSockAddr { bind(descriptor, $0, socklen_t($1)) == 0 } && listen(descriptor, 8) == 0
                        && getsockname(descriptor, found, &length) == 0
                }
            }
            try #require(isDone, "\(address): errno \(errno)")
            // The port has the same place in both.
            port = withUnsafeBytes(of: storage) { Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))) }
        }

        /// Indicates that a connection waits to be accepted.
        var hasConnection: Bool {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&request, 1, 0) == 1
        }
    }

    @Test(
        "is made once, to the port that it was told, and ends when it is told",
        arguments: ["127.0.0.1", "0.0.0.0", "::1", "::"]
    )
    func once(address: String) throws {
        let listener = try Listener(address)
        let other = try Listener(address)
        defer {
            for descriptor in [listener.descriptor, other.descriptor] { close(descriptor) }
        }
        let first = ListenerPrimingConnection(port: listener.port)
        #expect(!listener.hasConnection)
        first.begin()
        #expect(listener.hasConnection && !other.hasConnection)
        let accepted = accept(listener.descriptor, nil, nil)
        #expect(accepted >= 0)
        first.begin()
        #expect(!listener.hasConnection)
        var byte: UInt8 = 0
        first.end()
        #expect(recv(accepted, &byte, 1, 0) == 0)
        close(accepted)
    }

    @Test("is made to no listener on another port")
    func otherPort() throws {
        let listener = try Listener("127.0.0.1")
        defer { close(listener.descriptor) }
        let first = ListenerPrimingConnection(port: listener.port == 1 ? 2 : 1)
        first.begin()
        #expect(!listener.hasConnection)
    }
}
