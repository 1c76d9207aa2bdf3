import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A private PostgreSQL server with a data folder of its own, on a free loopback port, without durability.
///
/// The server refuses to run as root, so a test that does is dropped to the user `postgres` for it.
public final class PostgresServer: Sendable {
    /// The TCP port on 127.0.0.1. It stays the same over restarts.
    public let port: Int
    /// A libpq URI of the superuser, for instance `postgres://postgres@127.0.0.1:54321/postgres`.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }

    private let folder: URL
    private let settings: [String: String]
    private let process: Mutex<ServerProcess?>

    /// A server that all tests of this process share, stopped when the process exits.
    public static let shared: Result<PostgresServer, any Error> = Result {
        let server = try PostgresServer(settings: ["shared_preload_libraries": "pg_stat_statements"])
        exitServers.withLock { $0.append(server) }
        atexit { PostgresServer.exitServers.withLock { $0 }.forEach { $0.stop() } }
        return server
    }
    private static let exitServers = Mutex<[PostgresServer]>([])

    /// Creates a cluster and starts it.
    ///
    /// - Parameter settings: lines for the server's configuration, for instance `["max_connections": "20"]`.
    public init(settings: [String: String] = [:], isStarted: Bool = true) throws {
        self.settings = settings
        port = try ServerProcess.freePort()
        folder = try ServerProcess.temporaryFolder("postgres")
        process = Mutex(nil)
        do {
            if Self.isRoot { try Self.giveToPostgres(folder) }
            try Self.run(
                Self.asServerUser(
                    "initdb",
                    [
                        "--pgdata", folder.appendingPathComponent("data").path, "--auth=trust", "--username=postgres",
                        "--encoding=UTF8", "--locale=C", "--no-sync",
                    ]
                )
            )
            if isStarted { try start() }
        } catch {
            stop()
            throw error
        }
    }

    /// Starts the server and returns when it accepts connections.
    public func start() throws {
        let log = folder.appendingPathComponent("log-\(UUID().uuidString.prefix(4))")
        let data = folder.appendingPathComponent("data")
        var all = [
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": "\(port)", "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "dynamic_shared_memory_type": "mmap",
        ]
        all.merge(settings) { $1 }
        var arguments = ["-D", data.path]
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { arguments += ["-c", "\(name)=\(value)"] }
        let command = try Self.asServerUser("postgres", arguments)
        let started = try ServerProcess(
            command.executable,
            arguments: command.arguments,
            environment: ["LC_ALL": "C"],
            log: log
        )
        process.withLock { $0 = started }
        for _ in 0..<1000 {
            // The eighth line of this file says when the server is ready for clients.
            let status = try? String(contentsOf: data.appendingPathComponent("postmaster.pid"), encoding: .utf8)
            let lines = status?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
            if lines.count >= 8, lines[0] == "\(started.pid)", lines[7].hasPrefix("ready") { return }
            guard started.isRunning else { break }
            usleep(10_000)
        }
        let words = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw ServerProcess.StartError(description: "PostgreSQL did not start: \(words.suffix(2000))")
    }

    /// Ends the server and its backends at once, without a word to their clients (SIGKILL).
    public func kill() {
        guard let process = process.withLock({ $0.take() }) else { return }
        process.signal(SIGSTOP)  // it shall not start further children meanwhile
        let children = Self.children(of: process.pid)
        children.forEach { Self.send(SIGKILL, to: $0) }
        process.stop(with: SIGKILL)
        // What still lives would keep a new server from taking over the shared memory.
        for _ in 0..<100 {
            let living = Self.living()
            guard children.contains(where: living.contains) else { return }
            usleep(20_000)
        }
    }

    /// Starts the server again after ``kill()`` or ``shutDown()``, on the same port and data.
    public func restart() throws {
        kill()
        try start()
    }

    /// Ends the server as an administrator would: sessions are told, data is kept.
    public func shutDown() {
        process.withLock { $0.take() }?.stop(with: SIGINT)
    }

    /// Freezes the server and its backends: connections stay open, nothing answers (SIGSTOP).
    public func pause() {
        guard let process = process.withLock({ $0 }) else { return }
        process.signal(SIGSTOP)
        Self.children(of: process.pid).forEach { Self.send(SIGSTOP, to: $0) }
    }

    /// Lets a paused server go on (SIGCONT).
    public func resume() {
        guard let process = process.withLock({ $0 }) else { return }
        Self.children(of: process.pid).forEach { Self.send(SIGCONT, to: $0) }
        process.signal(SIGCONT)
    }

    /// Stops the server and removes its folder.
    public func stop() {
        resume()
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs SQL by `psql` as the superuser and returns what it prints: a line per row, columns separated by `|`.
    @discardableResult
    public func psql(_ sql: String, database: String = "postgres") throws -> String {
        try Self.run(
            (
                "psql",
                [
                    "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "-v", "ON_ERROR_STOP=1", "-d",
                    "postgres://postgres@127.0.0.1:\(port)/\(database)", "-c",
                    sql,
                ]
            )
        )
    }

    // MARK: - Processes

    private typealias Command = (executable: String, arguments: [String])

    private static var isRoot: Bool { geteuid() == 0 }

    /// The command that runs a server program as the user `postgres` where this process is root's.
    private static func asServerUser(_ executable: String, _ arguments: [String]) throws -> Command {
        guard isRoot else { return (executable, arguments) }
        let drop = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
        return ("setpriv", drop + [try ServerProcess.locate(executable).path] + arguments)
    }

    private static func giveToPostgres(_ folder: URL) throws {
        guard let user = getpwnam("postgres"), chown(folder.path, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
            throw ServerProcess.StartError(description: "\(folder.path) cannot be given to the user postgres")
        }
    }

    @discardableResult
    private static func run(_ command: Command) throws -> String {
        let output = Pipe()
        let errors = Pipe()
        let process = Process()
        process.executableURL = try ServerProcess.locate(command.executable)
        process.arguments = command.arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ServerProcess.StartError(description: "\(command.executable) failed: \(words.suffix(2000))")
        }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private static func children(of pid: pid_t) -> [pid_t] {
        processes().filter { $0.parent == pid }.map(\.pid)
    }

    private static func living() -> Set<pid_t> {
        Set(processes().filter { !$0.isZombie }.map(\.pid))
    }

    private static func processes() -> [(pid: pid_t, parent: pid_t, isZombie: Bool)] {
        let table = (try? run(("ps", ["-A", "-o", "pid=,ppid=,stat="]))) ?? ""
        return table.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, let pid = pid_t(words[0]), let parent = pid_t(words[1]) else { return nil }
            return (pid, parent, words[2].hasPrefix("Z"))
        }
    }

    private static func send(_ signal: Int32, to pid: pid_t) {
        #if canImport(Glibc)
            _ = Glibc.kill(pid, signal)
        #elseif canImport(Musl)
            _ = Musl.kill(pid, signal)
        #elseif canImport(Darwin)
            _ = Darwin.kill(pid, signal)
        #endif
    }
}
