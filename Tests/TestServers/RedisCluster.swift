import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A private Redis Cluster on loopback: primaries that share the hash slots, and their replicas.
///
/// Everything blocks, as in ``RedisServer``: call it within ``blocking(_:)``. Nodes are administered over their plain ports, also
/// where clients are to speak TLS.
public final class RedisCluster: Sendable {
    /// How nodes are to be announced to clients.
    public enum EndpointType: String, Sendable {
        /// By address.
        case ip
        /// By ``Options/hostname``.
        case hostname
        /// Not at all: clients take the host that they asked.
        case unknownEndpoint = "unknown-endpoint"
    }

    /// What a cluster is like.
    public struct Options: Sendable {
        /// How many primaries there are at first.
        public var primaries = 3
        /// How many replicas each of them has.
        public var replicas = 1
        /// After how many milliseconds without an answer a node counts as failed.
        public var nodeTimeout = 1000
        /// The name of this machine that nodes announce.
        public var hostname: String?
        /// How nodes are announced.
        public var endpointType = EndpointType.ip
        /// The password of the default user.
        public var password: String?
        /// Further users, for instance `["reader", "on", ">secret", "~*", "&*", "+@all"]`.
        public var users: [[String]] = []
        /// The certificate with which nodes speak TLS, at ports of its own, with clients and with each other.
        public var tls: CertificateAuthority.Identity?
        /// Whether clients must have a certificate as well; not asked for without ``tls``.
        public var requiresClientCertificates = false
        /// Further configuration as on the command line.
        public var arguments: [String] = []
        /// Further configuration of one node, by its number.
        public var nodeArguments: @Sendable (Int) -> [String] = { _ in [] }
        /// Called when a node has started and is not yet part of the cluster.
        public var started: @Sendable (Node) -> Void = { _ in }

        /// Three primaries with one replica each, without passwords and TLS.
        public init() {}
    }

    /// A server that takes part.
    public final class Node: Sendable {
        /// Its place in the order in which nodes were added, from 0.
        public let number: Int
        /// The server. Kill, pause and restart it through the cluster, which then knows.
        public let server: RedisServer
        /// The port at which it speaks TLS; `nil`: it does not.
        public let tlsPort: Int?
        private let password: String?
        private let name = Mutex("")
        private let runs = Mutex(true)

        init(_ number: Int, _ options: Options) throws {
            self.number = number
            password = options.password
            (server, tlsPort) = try Self.launch(number, options)
            try learnID()
            options.started(self)
        }

        /// The port for clients: with TLS if the cluster has it.
        public var port: Int { tlsPort ?? server.port }

        /// Its name in the cluster.
        public var id: String { name.withLock { $0 } }

        /// Asks it for its name, which `CLUSTER RESET HARD` changes.
        func learnID() throws {
            let id = try send("CLUSTER", "MYID").text
            name.withLock { $0 = id }
        }

        /// Whether it was neither killed nor paused.
        public internal(set) var isRunning: Bool {
            get { runs.withLock { $0 } }
            set { runs.withLock { $0 = newValue } }
        }

        /// The port at which other nodes talk to it.
        var busPort: Int {
            let index = server.arguments.firstIndex(of: "--cluster-port").map { $0 + 1 }
            return index.flatMap { Int(server.arguments[$0]) } ?? port + 10_000
        }

        /// Sends a command, and returns the reply.
        ///
        /// - Throws: when there is none, or when it is an error.
        @discardableResult
        public func send(_ arguments: String...) throws -> RedisServerReply { try send(arguments) }

        /// Sends a command, and returns the reply.
        ///
        /// - Throws: when there is none, or when it is an error.
        @discardableResult
        public func send(_ arguments: [String]) throws -> RedisServerReply {
            try connection().send(arguments.map { Array($0.utf8) })
        }

        func connection() throws -> RedisServerConnection {
            try RedisServerConnection(port: server.port, password: password)
        }

        /// The port for TLS is chosen before the server starts, so somebody may take it first.
        private static func launch(_ number: Int, _ options: Options) throws -> (RedisServer, Int?) {
            var attempts = 3
            while true {
                let port = options.tls == nil ? nil : try ServerProcess.lastingFreePort()
                do {
                    let arguments = arguments(options, port) + options.nodeArguments(number)
                    return (try RedisServer(arguments: arguments), port)
                } catch {
                    attempts -= 1
                    if attempts == 0 { throw error }
                }
            }
        }

        private static func arguments(_ options: Options, _ tlsPort: Int?) -> [String] {
            var arguments = [
                "--cluster-enabled", "yes", "--cluster-node-timeout", "\(options.nodeTimeout)",
                "--cluster-replica-validity-factor", "0", "--cluster-preferred-endpoint-type",
                options.endpointType.rawValue, "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0",
                "--repl-ping-replica-period", "1",
            ]
            if let hostname = options.hostname { arguments += ["--cluster-announce-hostname", hostname] }
            if let password = options.password { arguments += ["--requirepass", password, "--masterauth", password] }
            for user in options.users { arguments += ["--user"] + user }
            if let tls = options.tls, let tlsPort {
                arguments += [
                    "--tls-port", "\(tlsPort)", "--tls-cluster", "yes", "--tls-replication", "yes",
                    "--tls-cert-file", tls.certificate.path, "--tls-key-file", tls.key.path,
                    "--tls-ca-cert-file", tls.authority.path,
                    "--tls-auth-clients", options.requiresClientCertificates ? "yes" : "no",
                ]
            }
            return arguments + options.arguments
        }
    }

    /// What the cluster is like.
    public let options: Options
    private let members = Mutex<[Node]>([])

    /// Starts the nodes, makes a cluster of them, and waits until all of them say that it works and replicas are in sync.
    public init(_ options: Options = Options()) throws {
        self.options = options
        do {
            try start()
        } catch {
            stop()
            throw error
        }
    }

    deinit {
        stop()
    }

    /// The nodes that take part, in the order in which they were added; also those that were killed.
    public var nodes: [Node] { members.withLock { $0 } }

    /// The nodes that were neither killed nor paused.
    public var running: [Node] { nodes.filter(\.isRunning) }

    /// The URL of a cluster of which all nodes are named, without a login.
    public var url: String {
        let addresses = nodes.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
        return "\(options.tls == nil ? "redis" : "rediss")+cluster://\(addresses)"
    }

    /// Ends all nodes and removes their folders.
    public func stop() {
        let nodes = members.withLock { members in
            defer { members = [] }
            return members
        }
        for node in nodes {
            node.isRunning = false
            node.server.stop()
        }
    }

    /// Ends a node as a crash would.
    public func kill(_ node: Node) {
        node.isRunning = false
        node.server.kill()
    }

    /// Makes a node hang: connections stay open and nothing is answered.
    public func pause(_ node: Node) {
        node.isRunning = false
        node.server.pause()
    }

    /// Ends a ``pause(_:)``.
    public func resume(_ node: Node) {
        node.server.resume()
        node.isRunning = true
    }

    /// Starts a node again at the same address, ending it first if it runs. Its data are gone, its place in the cluster is not.
    public func restart(_ node: Node) throws {
        try node.server.restart()
        node.isRunning = true
    }

    /// Starts a server that takes part from now on.
    func launch(_ number: Int) throws -> Node {
        let node = try Node(number, options)
        members.withLock { $0.append(node) }
        return node
    }

    func forget(_ node: Node) {
        members.withLock { members in members.removeAll { $0 === node } }
    }

    private func start() throws {
        let count = options.primaries * (1 + options.replicas)
        let launched = Mutex<[Result<Node, any Error>]>([])
        // Each waits for its server.
        DispatchQueue.concurrentPerform(iterations: count) { number in
            let result = Result { try Node(number, options) }
            launched.withLock { $0.append(result) }
        }
        let results = launched.withLock { $0 }
        // Also where one has failed: the others are to be stopped.
        let started = results.compactMap { try? $0.get() }.sorted { $0.number < $1.number }
        members.withLock { $0 = started }
        for result in results { _ = try result.get() }

        try form()
    }

    /// Makes a cluster of the nodes, of which each is alone and has no data.
    public func form() throws {
        for node in nodes { try node.learnID() }
        let nodes = nodes
        let primaries = nodes.prefix(options.primaries)
        for (index, node) in primaries.enumerated() {
            let first = index * RedisClusterSlots.count / primaries.count
            let end = (index + 1) * RedisClusterSlots.count / primaries.count
            // With epochs of their own, nodes need not settle which of them comes first.
            try node.send("CLUSTER", "SET-CONFIG-EPOCH", "\(index + 1)")
            try node.send("CLUSTER", "ADDSLOTSRANGE", "\(first)", "\(end - 1)")
        }
        for (index, node) in nodes.enumerated() {
            // Everybody meets everybody: gossip takes longer.
            for other in nodes[..<index] { try meet(node, other) }
        }
        for (index, replica) in nodes.dropFirst(options.primaries).enumerated() {
            try replicate(nodes[index % options.primaries], by: replica)
        }
        try waitUntilSettled()
    }
}

/// The hash slots of a cluster.
enum RedisClusterSlots {
    /// How many there are.
    static let count = 16_384
}
