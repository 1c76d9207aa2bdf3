public import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A server program that a test started and stops by its process id.
///
/// The process id is also written to a file in the folder named by `CACHED_ROUTES_TEST_RUN`, so that the script which runs the
/// tests can end what a crashed test left behind.
public final class ServerProcess: Sendable {
    /// Why a server could not be started.
    public struct StartError: Error, CustomStringConvertible {
        /// What happened, with the server's own last words where there are any.
        public let description: String
    }

    /// The process id.
    public let pid: pid_t
    private let pidFile: URL?

    /// Starts `executable`: a path, or a name found in `PATH` or in the folders where Debian and Homebrew keep server programs.
    ///
    /// - Parameters:
    ///   - log: the file that takes standard output and error.
    public init(_ executable: String, arguments: [String], environment: [String: String] = [:], log: URL) throws {
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = try Self.locate(executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        pid = process.processIdentifier
        pidFile = ProcessInfo.processInfo.environment["CACHED_ROUTES_TEST_RUN"].map {
            URL(fileURLWithPath: $0).appendingPathComponent("\(process.processIdentifier).pid")
        }
        if let pidFile { try "\(pid)\n".write(to: pidFile, atomically: true, encoding: .utf8) }
    }

    /// Sends a signal, for instance `SIGSTOP` or `SIGKILL`.
    public func signal(_ signal: Int32) {
        kill(pid, signal)
    }

    /// Whether the process still exists.
    public var isRunning: Bool { kill(pid, 0) == 0 }

    /// Ends the process and waits until it is gone; kills it when it has not left after five seconds.
    public func stop(with signal: Int32 = SIGTERM) {
        kill(pid, SIGCONT)
        kill(pid, signal)
        for round in 0..<500 where isRunning {
            if round == 250 { kill(pid, SIGKILL) }
            usleep(20_000)
        }
        if let pidFile { try? FileManager.default.removeItem(at: pidFile) }
    }

    /// A loopback TCP port that nobody uses at the moment, and that no connection is given by the system: it stays free for a
    /// server that comes and goes.
    public static func lastingFreePort() throws -> Int {
        for _ in 0..<100 {
            if let port = try? freePort(Int.random(in: 20_000..<32_000)) { return port }
        }
        throw StartError(description: "no port is free")
    }

    /// A loopback TCP port that nobody listens on at the moment.
    ///
    /// - Parameter wanted: the port to try; 0: any.
    public static func freePort(_ wanted: Int = 0) throws -> Int {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw StartError(description: "socket: errno \(errno)") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = in_port_t(wanted).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard bound else { throw StartError(description: "bind: errno \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// A new, empty folder for a server's data. The caller removes it.
    public static func temporaryFolder(_ name: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cached-routes-\(name)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// The full path of a server program. `CACHED_ROUTES_TEST_POSTGRES_BIN` names the folder with the programs of another
    /// PostgreSQL, `CACHED_ROUTES_TEST_REDIS_SERVER` the server program of another Redis or Valkey.
    public static func locate(_ executable: String) throws -> URL {
        if executable.contains("/") { return URL(fileURLWithPath: executable) }
        let environment = ProcessInfo.processInfo.environment
        if executable == "redis-server", let path = environment["CACHED_ROUTES_TEST_REDIS_SERVER"], !path.isEmpty {
            return URL(fileURLWithPath: path)
        }
        var folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        folders.insert(contentsOf: (9...20).reversed().map { "/usr/lib/postgresql/\($0)/bin" }, at: 0)
        if let folder = environment["CACHED_ROUTES_TEST_POSTGRES_BIN"], !folder.isEmpty {
            folders.insert(folder, at: 0)
        }
        folders += ["/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/homebrew/opt/libpq/bin"]
        for folder in folders {
            let path = "\(folder)/\(executable)"
            if FileManager.default.isExecutableFile(atPath: path) { return URL(fileURLWithPath: path) }
        }
        throw StartError(description: "\(executable) is not installed")
    }
}
