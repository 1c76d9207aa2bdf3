import NIOCore

/// The commands that a new connection sends in one flush before it is used, and the meaning of their replies.
struct RedisHandshake: Sendable {
    enum Progress: Sendable {
        /// More replies are expected.
        case unfinished
        /// The connection can be used.
        case ready
        /// The connection cannot be used.
        case failed(RedisError)
    }

    private enum Step: String, Sendable {
        case authenticate = "AUTH"
        case setName = "CLIENT SETNAME"
        case select = "SELECT"
        case server = "INFO server"
        case replication = "INFO replication"
        case node = "CLUSTER MYID"
        case ping = "PING"
    }

    /// The commands, in the order in which their replies are expected.
    let commands: [RedisCommand]
    private let steps: [Step]
    private var answered = 0
    private let database: Int
    /// Indicates that the server must be a primary.
    private let needsPrimary: Bool
    private let configEpoch: UInt64

    /// The server's identity, once it is known; it stays `nil` if the user may not call `INFO`.
    private(set) var identity: RedisServerIdentity?
    /// Indicates that the server has called itself a primary.
    private(set) var isPrimary = false
    /// The ID of a cluster's node, once it is known.
    private(set) var nodeID: String?
    /// The refused commands that are not required.
    private(set) var tolerated: [String] = []

    /// - Parameters:
    ///   - configuration: the login, and the deployment.
    ///   - configEpoch: the Sentinels' `config-epoch`; 0 without Sentinels.
    init(_ configuration: RedisConfiguration, configEpoch: UInt64 = 0) {
        self.configEpoch = configEpoch
        needsPrimary = configuration.deployment.hasSentinels
        var (steps, commands): ([Step], [RedisCommand]) = ([], [])
        func ask(_ step: Step, _ command: RedisCommand) {
            steps.append(step)
            commands.append(command)
        }
        if let credentials = configuration.credentials {
            let user = credentials.username.map { [RedisCommand.Argument.string($0)] } ?? []
            ask(.authenticate, RedisCommand("AUTH", user + [.string(credentials.password)]))
        }
        if let name = configuration.clientName {
            ask(.setName, RedisCommand("CLIENT", ["SETNAME", .string(name)]))
        }
        if configuration.database != 0 {
            ask(.select, RedisCommand("SELECT", [.integer(Int64(configuration.database))]))
        }
        // Two commands, because servers before 7.0 take one section.
        ask(.server, .infoServer)
        ask(.replication, .infoReplication)
        // At a node's address there may be another server by now.
        if configuration.deployment.isCluster { ask(.node, RedisCommand("CLUSTER", ["MYID"])) }
        // Refused while the server loads its data or has lost its primary, when the commands above are not.
        ask(.ping, .ping)
        self.steps = steps
        self.commands = commands
        database = configuration.database
    }

    /// Takes the reply to the next command.
    mutating func answer(_ reply: RedisReply) -> Progress {
        let step = steps[answered]
        answered += 1
        if let error = reply.error {
            guard isTolerable(error, at: step) else { return .failed(failure(error, at: step)) }
            tolerated.append("\(step.rawValue): \(error)")
        } else if step == .server {
            identity = identity(in: reply)
        } else if step == .replication {
            let info = reply.string.map(RedisInfo.init)
            identity?.replicationID = info?.replicationID
            isPrimary = info?.role == "master"
            if needsPrimary, !isPrimary, info?.role != nil { return .failed(notPrimary) }
        } else if step == .node {
            nodeID = reply.string
        } else if !(step == .ping ? reply.kind == .status && reply.string == "PONG" : reply.isOK) {
            // A socket connected to itself, for example, returns the commands.
            return .failed(RedisError(.handshakeFailed, "the reply to \(step.rawValue) is not that of a Redis server"))
        }
        return answered == steps.count ? .ready : .unfinished
    }

    /// The identity of the server that has sent this reply to `INFO`; `nil` if there is none in it.
    func identity(in reply: RedisReply) -> RedisServerIdentity? {
        guard reply.kind == .bulkString, let text = reply.string else { return nil }
        return RedisServerIdentity(RedisInfo(text), configEpoch: configEpoch)
    }

    /// Indicates that the connection can be used without the command: the server does not have it, at least under this
    /// name, or the user may not call it.
    private func isTolerable(_ error: RedisServerError, at step: Step) -> Bool {
        switch step {
        case .authenticate, .select: false
        case .setName, .server, .replication, .node, .ping:
            switch RedisCommandRefusal(error)?.kind {
            case .noPermission, .unknownCommand: true
            // The client's name does not matter to the server, and a node that does not tell its ID may be the right one.
            case .other, nil: step == .setName || step == .node
            default: false
            }
        }
    }

    private func failure(_ error: RedisServerError, at step: Step) -> RedisError {
        let message =
            switch (step, error.code) {
            case (_, "LOADING"): "the server is still loading its data"
            case (_, "NOAUTH"): "the server asks for a password and none is configured"
            case (.authenticate, _): "the login was refused"
            case (.select, _): "database \(database) was refused"
            default: "\(step.rawValue) was refused"
            }
        return RedisError(.handshakeFailed, "\(message) (\(error))", underlying: error)
    }

    private var notPrimary: RedisError {
        RedisError(.unavailable, "the server that the Sentinels name is not a primary")
    }
}

extension RedisCommand {
    /// The command whose reply has the server's `run_id`.
    static var infoServer: RedisCommand { RedisCommand("INFO", ["server"], isIdempotentRead: true) }
    /// The command whose reply has the server's `master_replid` and role.
    static var infoReplication: RedisCommand { RedisCommand("INFO", ["replication"], isIdempotentRead: true) }
}
