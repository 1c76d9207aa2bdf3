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
        case info = "INFO server"
        case ping = "PING"
    }

    /// The commands, in the order in which their replies are expected.
    let commands: [RedisCommand]
    private let steps: [Step]
    private var answered = 0
    private let database: Int

    /// The server's `run_id`, once it is known; it stays `nil` if the user may not call `INFO`.
    private(set) var serverRunID: String?
    /// The refused commands that are not required.
    private(set) var tolerated: [String] = []

    init(_ configuration: RedisConfiguration) {
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
        ask(.info, RedisCommand("INFO", ["server"]))
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
        } else if step == .info {
            serverRunID = reply.string.flatMap(Self.runID)
        } else if !(step == .ping ? reply.kind == .status && reply.string == "PONG" : reply.isOK) {
            // A socket connected to itself, for example, returns the commands.
            return .failed(RedisError(.handshakeFailed, "the reply to \(step.rawValue) is not that of a Redis server"))
        }
        return answered == steps.count ? .ready : .unfinished
    }

    /// Indicates that the connection can be used without the command: the server does not have it, at least under this
    /// name, or the user may not call it.
    private func isTolerable(_ error: RedisServerError, at step: Step) -> Bool {
        switch step {
        case .authenticate, .select: false
        case .setName, .info, .ping:
            switch RedisCommandRefusal(error)?.kind {
            case .noPermission, .unknownCommand: true
            // The client's name does not matter to the server.
            case .other, nil: step == .setName
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

    static func runID(in info: String) -> String? {
        for line in info.split(whereSeparator: \.isNewline) where line.hasPrefix("run_id:") {
            let runID = line.dropFirst("run_id:".count)
            return runID.isEmpty ? nil : String(runID)
        }
        return nil
    }
}
