import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A primary with replicas and the Sentinels that watch over them, each a process of its own on a loopback port.
///
/// A failover takes about a second. Once another server has been promoted, Sentinels leave a former primary as it is for
/// about ten seconds: it takes itself for a primary for so long, if it is alive.
public final class RedisSentinels: Sendable {
    /// Settings of servers and Sentinels.
    public struct Options: Sendable {
        /// The number of Sentinels. A failover needs a majority of them.
        public var sentinels = 3
        /// The number of replicas.
        public var replicas = 1
        /// The password of the servers; `nil` for none.
        public var password: String?
        /// The password of the Sentinels; `nil` for none.
        public var sentinelPassword: String?
        /// Further configuration of the servers, as on the command line.
        public var serverArguments: [String] = []
        /// Further lines of the Sentinels' configuration files.
        public var sentinelLines: [String] = []
        /// Makes servers and Sentinels speak TLS on the ports at which the Sentinels announce them. Their plain ports are
        /// the test's own way in.
        public var identity: CertificateAuthority.Identity?

        /// One primary with one replica, and three Sentinels, without passwords.
        public init() {}
    }

    /// The name under which the Sentinels know the primary.
    public static let primaryName = "main"

    /// The servers. The first one was the primary at the beginning.
    public let servers: [RedisServer]
    /// The Sentinels.
    public let sentinels: [Sentinel]
    private let options: Options
    private let folder: URL
    /// The ports at which Sentinels announce the servers.
    private let serverPorts: [Int]

    /// A Sentinel.
    public final class Sentinel: Sendable {
        /// The port on which the test asks it.
        public let port: Int
        /// The port on which clients ask it.
        public let clientPort: Int
        fileprivate let process: Mutex<ServerProcess?>
        fileprivate let file: URL
        fileprivate let log: URL

        fileprivate init(port: Int, clientPort: Int, file: URL, log: URL) {
            (self.port, self.clientPort, self.file, self.log) = (port, clientPort, file, log)
            process = Mutex(nil)
        }

        fileprivate func start() throws {
            let started = try ServerProcess("redis-server", arguments: [file.path, "--sentinel"], log: log)
            process.withLock { $0 = started }
        }

        /// Ends the Sentinel as a crash would.
        public func kill() {
            process.withLock { process in
                process?.stop(with: SIGKILL)
                process = nil
            }
        }

        /// Makes the Sentinel hang.
        public func pause() { process.withLock { $0 }?.signal(SIGSTOP) }

        /// Ends a ``pause()``.
        public func resume() { process.withLock { $0 }?.signal(SIGCONT) }

        /// Starts the Sentinel again, with what it knew.
        public func restart() throws {
            kill()
            try start()
        }

        /// Indicates that the Sentinel has not been killed.
        public var isAlive: Bool { process.withLock { $0 != nil } }
    }

    /// Starts all processes and waits until the Sentinels know each other and the replicas.
    public init(_ options: Options = Options()) throws {
        self.options = options
        let folder = try ServerProcess.temporaryFolder("sentinels")
        self.folder = folder
        var servers: [RedisServer] = []
        var serverPorts: [Int] = []
        for _ in 0...options.replicas {
            let tlsPort = options.identity == nil ? nil : try ServerProcess.lastingFreePort()
            let server = try RedisServer(
                arguments: Self.arguments(options, tlsPort: tlsPort, primary: serverPorts.first)
            )
            servers.append(server)
            serverPorts.append(tlsPort ?? server.port)
        }
        self.servers = servers
        self.serverPorts = serverPorts
        let ids = (0..<options.sentinels).map { _ in Self.identifier() }
        let ports = try (0..<options.sentinels).map { _ in
            (plain: try ServerProcess.lastingFreePort(), tls: try ServerProcess.lastingFreePort())
        }
        let hasTLS = options.identity != nil
        sentinels = try ids.indices.map { index in
            let file = folder.appendingPathComponent("sentinel-\(index).conf")
            let data = folder.appendingPathComponent("sentinel-\(index)")
            try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
            var lines = ["bind 127.0.0.1", "port \(ports[index].plain)", "dir \(data.path)", "daemonize no"]
            lines += Self.lines(options, primary: serverPorts[0])
            if let identity = options.identity {
                lines += [
                    "tls-port \(ports[index].tls)", "tls-replication yes", "tls-cert-file \(identity.certificate.path)",
                    "tls-key-file \(identity.key.path)", "tls-ca-cert-file \(identity.authority.path)",
                    "tls-auth-clients no",
                ]
            }
            lines.append("sentinel myid \(ids[index])")
            // What they know beforehand they need not find out, which takes seconds.
            for replica in serverPorts.dropFirst() {
                lines.append("sentinel known-replica \(Self.primaryName) 127.0.0.1 \(replica)")
            }
            for other in ids.indices where other != index {
                let port = hasTLS ? ports[other].tls : ports[other].plain
                lines.append("sentinel known-sentinel \(Self.primaryName) 127.0.0.1 \(port) \(ids[other])")
            }
            lines += options.sentinelLines
            try lines.map { $0 + "\n" }.joined().write(to: file, atomically: true, encoding: .utf8)
            return Sentinel(
                port: ports[index].plain,
                clientPort: hasTLS ? ports[index].tls : ports[index].plain,
                file: file,
                log: folder.appendingPathComponent("sentinel-\(index).log")
            )
        }
        do {
            for server in servers.dropFirst() {
                try wait("the replica has no data") {
                    try self.ask(server, "INFO", "replication").text.contains("master_link_status:up")
                }
            }
            for sentinel in sentinels { try sentinel.start() }
            try waitUntilReady()
        } catch {
            stop()
            throw error
        }
    }

    deinit {
        stop()
    }

    private static func arguments(_ options: Options, tlsPort: Int?, primary: Int?) -> [String] {
        var arguments = ["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"]
        if let password = options.password { arguments += ["--requirepass", password, "--masterauth", password] }
        if let identity = options.identity, let tlsPort {
            arguments += [
                "--tls-port", "\(tlsPort)", "--tls-replication", "yes",
                "--tls-cert-file", identity.certificate.path, "--tls-key-file", identity.key.path,
                "--tls-ca-cert-file", identity.authority.path, "--tls-auth-clients", "no",
            ]
        }
        if let primary { arguments += ["--replicaof", "127.0.0.1", "\(primary)"] }
        return arguments + options.serverArguments
    }

    private static func lines(_ options: Options, primary: Int) -> [String] {
        let name = primaryName
        var lines = [
            "sentinel monitor \(name) 127.0.0.1 \(primary) \(options.sentinels / 2 + 1)",
            "sentinel down-after-milliseconds \(name) 500", "sentinel failover-timeout \(name) 2000",
            "sentinel parallel-syncs \(name) \(options.replicas)",
        ]
        if let password = options.password { lines.append("sentinel auth-pass \(name) \(password)") }
        if let password = options.sentinelPassword {
            lines += ["requirepass \(password)", "sentinel sentinel-pass \(password)"]
        }
        return lines
    }

    /// A name of a Sentinel: 40 hexadecimal digits.
    private static func identifier() -> String {
        String((0..<40).map { _ in "0123456789abcdef".randomElement() ?? "0" })
    }

    // MARK: Addresses

    /// The URL of a client, with the passwords.
    public var url: String {
        let login = options.password.map { ":\($0)@" } ?? ""
        let hosts = sentinels.map { "127.0.0.1:\($0.clientPort)" }.joined(separator: ",")
        let query = options.sentinelPassword.map { "?sentinel-password=\($0)" } ?? ""
        let scheme = options.identity == nil ? "redis+sentinel" : "rediss+sentinel"
        return "\(scheme)://\(login)\(hosts)/\(Self.primaryName)\(query)"
    }

    /// The port at which Sentinels announce a server.
    public func port(of server: RedisServer) -> Int {
        servers.firstIndex { $0 === server }.map { serverPorts[$0] } ?? 0
    }

    /// The primary, as most of the live Sentinels say.
    public func primary() throws -> RedisServer {
        let named = sentinels.filter(\.isAlive).compactMap { primary(accordingTo: $0) }
        let counts = Dictionary(grouping: named) { $0 }.mapValues(\.count)
        guard let port = counts.max(by: { $0.value < $1.value })?.key,
            let server = servers.first(where: { self.port(of: $0) == port })
        else { throw ServerProcess.StartError(description: "no Sentinel names the primary") }
        return server
    }

    /// The servers that are not the primary, as most of the live Sentinels say.
    public func replicas() throws -> [RedisServer] {
        let primary = try primary()
        return servers.filter { $0 !== primary }
    }

    /// The port of the primary that a Sentinel names; `nil` if it does not reply.
    public func primary(accordingTo sentinel: Sentinel) -> Int? {
        let reply = try? ask(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", Self.primaryName)
        return (reply?.elements.last?.text).flatMap { Int($0) }
    }

    // MARK: Changes

    /// Has another server promoted while the primary is alive, and waits until all live Sentinels name it.
    ///
    /// - Returns: the new primary.
    @discardableResult public func failover() throws -> RedisServer {
        let former = try primary()
        try wait("no replica can be promoted") {
            guard let sentinel = self.sentinels.first(where: \.isAlive) else { return false }
            return (try? self.ask(sentinel, "SENTINEL", "FAILOVER", Self.primaryName).text) == "OK"
        }
        return try waitForPrimary(otherThan: former)
    }

    /// Kills the primary and waits until all live Sentinels name another one.
    ///
    /// - Returns: the killed server and the new primary.
    @discardableResult public func killPrimary() throws -> (former: RedisServer, new: RedisServer) {
        let former = try primary()
        former.kill()
        return (former, try waitForPrimary(otherThan: former))
    }

    /// Waits until all live Sentinels name the same server, which is not this one and calls itself a primary.
    @discardableResult public func waitForPrimary(otherThan former: RedisServer) throws -> RedisServer {
        var new = former
        try wait("no other server has become the primary") {
            let named = Set(self.sentinels.filter(\.isAlive).map { self.primary(accordingTo: $0) })
            guard named.count == 1, named != [self.port(of: former)], let port = named.first,
                let server = self.servers.first(where: { self.port(of: $0) == port })
            else { return false }
            new = server
            return try self.ask(server, "INFO", "replication").text.contains("role:master")
        }
        return new
    }

    /// Waits until all live Sentinels know the others that are alive and a replica that can be promoted.
    public func waitUntilReady() throws {
        try wait("the Sentinels are not ready") {
            self.sentinels.allSatisfy { !$0.isAlive || self.isReady($0) }
        }
    }

    private func isReady(_ sentinel: Sentinel) -> Bool {
        let name = Self.primaryName
        // Not before it listens.
        guard let quorum = try? ask(sentinel, "SENTINEL", "CKQUORUM", name), quorum.text.hasPrefix("OK"),
            let replicas = try? ask(sentinel, "SENTINEL", "REPLICAS", name).elements
        else { return false }
        let flags = replicas.compactMap { replica in
            zip(replica.elements, replica.elements.dropFirst()).first { $0.0.text == "flags" }?.1.text
        }
        return flags.count >= options.replicas && flags.allSatisfy { $0 == "slave" }
    }

    /// Ends all processes and removes their folders.
    public func stop() {
        for sentinel in sentinels { sentinel.kill() }
        for server in servers { server.stop() }
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: Questions

    /// Sends a command to a server, with the password.
    @discardableResult public func ask(_ server: RedisServer, _ words: String...) throws -> RedisServerReply {
        try ask(server.port, options.password, words)
    }

    /// Sends a command to a Sentinel, with the password.
    @discardableResult public func ask(_ sentinel: Sentinel, _ words: String...) throws -> RedisServerReply {
        try ask(sentinel.port, options.sentinelPassword, words)
    }

    private func ask(_ port: Int, _ password: String?, _ words: [String]) throws -> RedisServerReply {
        try RedisServerConnection(port: port, password: password).send(words.map { Array($0.utf8) })
    }

    private func wait(_ problem: String, _ isDone: () throws -> Bool) throws {
        for _ in 0..<1_000 {
            if try isDone() { return }
            usleep(20_000)
        }
        let logs = sentinels.map { (try? String(contentsOf: $0.log, encoding: .utf8))?.suffix(1_000) ?? "" }
        throw ServerProcess.StartError(description: "\(problem):\n\(logs.joined(separator: "\n---\n"))")
    }
}
