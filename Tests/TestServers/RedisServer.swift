public import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A private `redis-server` in a folder of its own, on a loopback port or a Unix socket.
public final class RedisServer: Sendable {
    /// `nil` once it has been ended, so that nothing is ever sent to a process id that may be somebody else's by now.
    private let process: Mutex<ServerProcess?>
    /// The server's command line.
    let arguments: [String]

    /// The server's folder; removed by ``stop()``.
    public let folder: URL
    /// The loopback port, or 0 when the server listens on a socket only.
    public let port: Int
    /// The path of the Unix socket, if that is what the server listens on.
    public let socketPath: String?

    /// Starts a server and waits until it answers.
    ///
    /// - Parameters:
    ///   - arguments: further configuration as on the command line, for instance `["--maxmemory", "2mb"]`.
    ///   - onSocket: listen on a Unix socket in the folder instead of a port.
    public init(arguments: [String] = [], onSocket: Bool = false) throws {
        let folder = try ServerProcess.temporaryFolder("redis")
        let socketPath = onSocket ? folder.appendingPathComponent("redis.sock").path : nil
        var common = ["--bind", "127.0.0.1", "--dir", folder.path, "--save", "", "--daemonize", "no"]
        if let socketPath { common += ["--unixsocket", socketPath] }
        self.folder = folder
        self.socketPath = socketPath
        do {
            let launched = try Self.launchAtFreePort(common, arguments, folder, socketPath)
            port = launched.port
            self.arguments = launched.arguments
            process = Mutex(launched.process)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    deinit {
        stop()
    }

    /// The server's URL, without a login.
    public var url: String {
        socketPath.map { "redis+unix://\($0)" } ?? "redis://127.0.0.1:\(port)"
    }

    /// Ends the server as a crash would.
    public func kill() {
        end()
    }

    /// Makes the server hang: connections stay open and nothing is answered.
    public func pause() {
        process.withLock { $0 }?.signal(SIGSTOP)
    }

    /// Ends a ``pause()``.
    public func resume() {
        process.withLock { $0 }?.signal(SIGCONT)
    }

    /// Starts the server again at the same address, ending it first if it runs.
    public func restart() throws {
        end()
        if let socketPath { unlink(socketPath) }
        let started = try Self.launch(arguments, folder, address)
        process.withLock { $0 = started }
    }

    /// Ends the server and removes its folder.
    public func stop() {
        end()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Sends one command as a line of words and returns the first line of the reply, for instance `+OK`, `:1` or `$5`.
    public func ask(_ line: String) throws -> String {
        guard let reply = address.ask(line) else {
            throw ServerProcess.StartError(description: "redis-server did not answer \(line)")
        }
        return reply
    }

    /// Nothing a test's server holds is worth a shutdown in order.
    private func end() {
        process.withLock { process in
            process?.stop(with: SIGKILL)
            process = nil
        }
    }

    /// Somebody else may take a free port before the server does, so a few are tried.
    private static func launchAtFreePort(
        _ common: [String],
        _ arguments: [String],
        _ folder: URL,
        _ socketPath: String?
    ) throws -> (port: Int, arguments: [String], process: ServerProcess) {
        var attempts = 3
        while true {
            let port = socketPath == nil ? try ServerProcess.lastingFreePort() : 0
            let all = try common + ["--port", "\(port)"] + clusterPort(arguments) + arguments
            do {
                return (port, all, try launch(all, folder, Address(port: port, socketPath: socketPath)))
            } catch {
                attempts -= 1
                if attempts == 0 { throw error }
            }
        }
    }

    /// The port at which a node talks to other nodes. The default, 10,000 above the server's port, may have been given to
    /// a connection by the system.
    private static func clusterPort(_ arguments: [String]) throws -> [String] {
        guard arguments.contains("--cluster-enabled") else { return [] }
        return ["--cluster-port", "\(try ServerProcess.lastingFreePort())"]
    }

    /// Starts a server and waits until it answers.
    private static func launch(_ arguments: [String], _ folder: URL, _ address: Address) throws -> ServerProcess {
        let log = folder.appendingPathComponent("redis.log")
        let server = try ServerProcess("redis-server", arguments: arguments, log: log)
        var words = ""
        for _ in 0..<1_000 {
            // The log tells this server from another one that may be at its port.
            words = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            let isListening = words.contains("eady to accept connections")
            // An error is an answer, for instance the demand for a password, unless it says that data are being loaded.
            if isListening, let reply = address.ask("PING"), !reply.hasPrefix("-LOADING") { return server }
            guard server.isRunning else { break }
            usleep(10_000)
        }
        server.stop(with: SIGKILL)
        throw ServerProcess.StartError(description: "redis-server did not start:\n\(words)")
    }

    private var address: Address { Address(port: port, socketPath: socketPath) }
}

/// Where a server listens, asked through a plain blocking socket.
private struct Address {
    let port: Int
    let socketPath: String?

    /// Sends a line and returns the first line of the reply; `nil` if there is none within a second.
    func ask(_ line: String) -> String? {
        guard let descriptor = connected() else { return nil }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array("\(line)\r\n".utf8)
        guard send(descriptor, bytes, bytes.count, Self.noSignal) == bytes.count else { return nil }
        var reply: [UInt8] = []
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: reply.dropLast(), as: UTF8.self) }
            reply.append(byte)
        }
        return nil
    }

    private func connected() -> Int32? {
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        let descriptor = socket(socketPath == nil ? AF_INET : AF_UNIX, type, 0)
        guard descriptor >= 0 else { return nil }
        #if canImport(Darwin)
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
        let isConnected =
            if let socketPath {
                Self.connect(descriptor, path: socketPath)
            } else {
                Self.connect(descriptor, port: port)
            }
        guard isConnected else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func connect(_ descriptor: Int32, port: Int) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return connect(descriptor, &address)
    }

    private static func connect(_ descriptor: Int32, path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return connect(descriptor, &address)
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: inout Address) -> Bool {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                #if canImport(Glibc)
                    Glibc.connect(descriptor, generic, socklen_t(MemoryLayout<Address>.size)) == 0
                #elseif canImport(Musl)
                    Musl.connect(descriptor, generic, socklen_t(MemoryLayout<Address>.size)) == 0
                #else
                    Darwin.connect(descriptor, generic, socklen_t(MemoryLayout<Address>.size)) == 0
                #endif
            }
        }
    }

    #if canImport(Darwin)
        private static let noSignal: Int32 = 0
    #else
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #endif
}
