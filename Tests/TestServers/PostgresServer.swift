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

    let folder: URL
    let settings: [String: String]
    /// The cluster's files.
    var data: URL { folder.appendingPathComponent("data") }
    private let process: Mutex<ServerProcess?>

    /// A server that all tests of this process share, stopped when the process exits.
    public static let shared: Result<PostgresServer, any Error> = Result {
        // Tests run at the same time, and each has clients of its own.
        let server = try PostgresServer(
            settings: ["shared_preload_libraries": "pg_stat_statements", "max_connections": "1000"]
        )
        server.stopAtExit()
        return server
    }

    /// Creates a cluster and starts it.
    ///
    /// - Parameter settings: lines for the server's configuration, for instance `["max_connections": "20"]`.
    public convenience init(settings: [String: String] = [:], isStarted: Bool = true) throws {
        try self.init(settings: settings, isStarted: isStarted) { try $0.initializeCluster() }
    }

    /// Has `create` fill ``data``, then starts the server.
    init(settings: [String: String], isStarted: Bool, create: (PostgresServer) throws -> Void) throws {
        self.settings = settings
        port = try ServerProcess.lastingFreePort()
        folder = try ServerProcess.temporaryFolder("postgres")
        process = Mutex(nil)
        do {
            try ServerCommand.giveToServerUser(folder)
            try create(self)
            if isStarted { try start() }
        } catch {
            stop()
            throw error
        }
    }

    /// Makes a new cluster, in which everybody on this machine may log in as anybody.
    func initializeCluster() throws {
        let arguments = [
            "--pgdata", data.path, "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync",
        ]
        try ServerCommand.asServerUser("initdb", arguments).run()
    }

    /// Starts the server and returns when it accepts connections.
    public func start() throws {
        let log = folder.appendingPathComponent("log-\(UUID().uuidString.prefix(4))")
        var all = [
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": "\(port)", "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "dynamic_shared_memory_type": "mmap",
        ]
        all.merge(settings) { $1 }
        var arguments = ["-D", data.path]
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { arguments += ["-c", "\(name)=\(value)"] }
        let started = try ServerCommand.asServerUser("postgres", arguments).start(log: log)
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
        let children = ProcessTable.children(of: process.pid)
        children.forEach { ProcessTable.send(SIGKILL, to: $0) }
        process.stop(with: SIGKILL)
        // What still lives would keep a new server from taking over the shared memory.
        for _ in 0..<100 {
            let living = ProcessTable.living()
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
        ProcessTable.children(of: process.pid).forEach { ProcessTable.send(SIGSTOP, to: $0) }
    }

    /// Lets a paused server go on (SIGCONT).
    public func resume() {
        guard let process = process.withLock({ $0 }) else { return }
        ProcessTable.children(of: process.pid).forEach { ProcessTable.send(SIGCONT, to: $0) }
        process.signal(SIGCONT)
    }

    /// Stops the server and removes its folder.
    public func stop() {
        resume()
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Has ``stop()`` called when the process exits, for a server that several tests share.
    public func stopAtExit() {
        Self.exitServers.withLock { $0.append(self) }
        _ = Self.exitHook
    }
    private static let exitServers = Mutex<[PostgresServer]>([])
    private static let exitHook = atexit { PostgresServer.exitServers.withLock { $0 }.forEach { $0.stop() } }

    /// Runs SQL by `psql` as the superuser and returns what it prints: a line per row, columns separated by `|`.
    @discardableResult
    public func psql(_ sql: String, database: String = "postgres") throws -> String {
        try ServerCommand.psql("postgres://postgres@127.0.0.1:\(port)/\(database)", sql)
    }
}
