import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A private PgBouncer in front of a ``PostgresServer``, on a loopback port of its own.
///
/// Every user of the list may log in without a password. The admin console is the database `pgbouncer`.
public final class PgBouncer: Sendable {
    /// The TCP port on 127.0.0.1. It stays the same over restarts.
    public let port: Int
    /// A libpq URI like ``PostgresServer/url``, through the pooler.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }

    private let folder: URL
    private let process: Mutex<ServerProcess?>

    /// Starts a pooler and returns when it answers.
    ///
    /// - Parameters:
    ///   - poolSize: the most sessions on the server for each pair of user and database.
    ///   - users: who may log in.
    ///   - settings: further lines for the section `pgbouncer`, for instance `["pool_mode": "session"]`.
    public init(
        for server: PostgresServer,
        poolSize: Int,
        users: [String] = ["postgres"],
        settings: [String: String] = [:]
    ) throws {
        port = try ServerProcess.freePort()
        folder = try ServerProcess.temporaryFolder("pgbouncer")
        process = Mutex(nil)
        do {
            let all = [
                "listen_addr": "127.0.0.1", "listen_port": "\(port)", "unix_socket_dir": "", "pool_mode": "transaction",
                "default_pool_size": "\(poolSize)", "auth_type": "trust",
                "auth_file": folder.appendingPathComponent("users").path, "admin_users": "postgres",
                // A server that was away is asked again at once.
                "server_login_retry": "0.2",
            ].merging(settings) { $1 }
            var lines = ["[databases]", "* = host=127.0.0.1 port=\(server.port)", "[pgbouncer]"]
            for (name, value) in all.sorted(by: { $0.key < $1.key }) { lines.append("\(name) = \(value)") }
            try write(lines, to: "pgbouncer.ini")
            try write(Set(users + ["postgres"]).sorted().map { "\"\($0)\" \"\"" }, to: "users")
            try ServerCommand.giveToServerUser(folder)
            try start()
        } catch {
            stop()
            throw error
        }
    }

    /// Starts the pooler again after ``kill()`` and returns when it answers.
    public func start() throws {
        let log = folder.appendingPathComponent("log-\(UUID().uuidString.prefix(4))")
        let started = try ServerCommand.asServerUser("pgbouncer", [folder.appendingPathComponent("pgbouncer.ini").path])
            .start(log: log)
        process.withLock { $0 = started }
        for _ in 0..<200 {
            if (try? console("SHOW VERSION")) != nil { return }
            guard started.isRunning else { break }
            usleep(20_000)
        }
        let words = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw ServerProcess.StartError(description: "PgBouncer did not start: \(words.suffix(2000))")
    }

    /// Ends the pooler at once; its clients' connections break (SIGKILL).
    public func kill() {
        process.withLock { $0.take() }?.stop(with: SIGKILL)
    }

    /// Ends the pooler if it runs and starts it again on the same port.
    public func restart() throws {
        kill()
        try start()
    }

    /// Ends the pooler and removes its folder.
    public func stop() {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a command of the admin console, for instance `SHOW POOLS`: a line per row, columns separated by `|`.
    @discardableResult
    public func console(_ command: String) throws -> String {
        try ServerCommand.psql("postgres://postgres@127.0.0.1:\(port)/pgbouncer", command)
    }

    private func write(_ lines: [String], to name: String) throws {
        let text = lines.map { $0 + "\n" }.joined()
        try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
}
