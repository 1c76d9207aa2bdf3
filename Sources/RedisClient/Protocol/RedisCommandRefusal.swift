/// The reason for which a reachable server refuses to execute a command: its state, the user's permissions, or that it
/// does not have the command.
package struct RedisCommandRefusal: Sendable, Hashable {
    /// The kinds of refusal, by their remedies.
    package enum Kind: Sendable, Hashable, CaseIterable {
        case busy
        case cluster
        case clusterDown
        /// The database does not exist.
        case database
        case loading
        case noPermission
        /// The server is no node of a cluster.
        case noCluster
        case notAuthenticated
        case outOfMemory
        /// A password was sent to a server without one.
        case passwordUnknown
        case primaryDown
        case protectedMode
        case replica
        case snapshotFailing
        case tooFewReplicas
        case tooManyClients
        case unknownCommand
        /// Any other refusal that is not caused by the value of a key.
        case other
    }

    /// The kind.
    package let kind: Kind
    /// The first word of the reply.
    package let code: String
    /// The permission that the user lacks.
    private let missing: Missing

    /// A permission that a user may lack.
    private enum Missing: Hashable {
        /// A command, with its name if the reply names it.
        case command(String?)
        case keys
        case channels
    }

    /// Makes a refusal from an error reply; `nil` for a reply about the value of a key or about the command's
    /// arguments.
    package init?(_ error: RedisServerError) {
        guard let kind = Self.kind(of: error) else { return nil }
        self.kind = kind
        code = error.code.description
        missing = Self.missing(in: error.message)
    }

    /// A sentence about the remedy.
    package var cure: String { cure(of: nil) }

    /// A sentence about the remedy.
    ///
    /// - Parameter command: the refused command, which is named if the reply does not name one.
    package func cure(of command: RedisCommand.Kind?) -> String {
        switch kind {
        case .noPermission: permission(command)
        case .unknownCommand:
            if let names = command?.names {
                "let it have \(names.all) under \(names.isOne ? "its own name" : "their own names") (rename-command)"
            } else {
                Self.cures[kind] ?? ""
            }
        default: Self.cures[kind] ?? "see the server's reply"
        }
    }

    private func permission(_ command: RedisCommand.Kind?) -> String {
        switch missing {
        case .keys:
            return "allow the user all keys of the manifest's namespace (ACL SETUSER … ~namespace:* ~namespace;*)"
        case .channels: return "allow the user the channel __redis__:invalidate (ACL SETUSER … &__redis__:invalidate)"
        case .command(let name?) where command != .del:
            return "allow the user \(name.uppercased()) (ACL SETUSER … +\(name.lowercased()))"
        case .command:
            guard let names = command?.names else { return "allow the user the command (ACL SETUSER … +command)" }
            return "allow the user \(names.all) (ACL SETUSER … \(names.rights))"
        }
    }

    /// Reads the missing permission from a reply.
    private static func missing(in message: String) -> Missing {
        let text = message.lowercased()
        // `no permissions to run the 'client|tracking' command`
        if let start = text.firstRange(of: "run the '") {
            let name = text[start.upperBound...].prefix { $0 != "'" }
            let isName = !name.isEmpty && name.utf8.count <= 64 && name.utf8.allSatisfy(isNameByte)
            return .command(isName ? String(name) : nil)
        }
        if text.contains("channel") { return .channels }
        return text.contains("access") && text.contains("key") ? .keys : .command(nil)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: [UInt8(ascii: "|"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
        }
    }

    /// Indicates that the server can't be used at the moment, while its host name may lead to another one.
    var leavesServer: Bool { kind == .loading || kind == .primaryDown || kind == .replica }

    /// Indicates that the server does not have the command, or not for this user, and others may do instead.
    var isOfCommandItself: Bool { kind == .noPermission || kind == .unknownCommand }

    // MARK: - The table

    /// The first words of replies that determine the kind.
    private static let codes: [String: Kind] = [
        "ASK": .cluster, "BUSY": .busy, "CLUSTERDOWN": .clusterDown, "CROSSSLOT": .cluster, "DENIED": .protectedMode,
        "LOADING": .loading, "MASTERDOWN": .primaryDown, "MISCONF": .snapshotFailing, "MOVED": .cluster,
        "NOAUTH": .notAuthenticated, "NOPERM": .noPermission, "NOREPLICAS": .tooFewReplicas, "OOM": .outOfMemory,
        "READONLY": .replica, "TRYAGAIN": .cluster, "UNKILLABLE": .busy, "WRONGPASS": .notAuthenticated,
    ]

    /// The first words of error replies that are not refusals.
    private static let answers: Set<String> = [
        "BUSYGROUP", "BUSYKEY", "EXECABORT", "NOGROUP", "NOSCRIPT", "NOTBUSY", "WRONGTYPE",
    ]

    /// Phrases in the replies of servers, proxies and older versions whose first word is only `ERR`.
    private static let phrases: [(text: String, kind: Kind)] = [
        ("without any password", .passwordUnknown), ("db index", .database), ("cluster support disabled", .noCluster),
        ("unknown command", .unknownCommand),
        ("unknown redis command", .unknownCommand),
        ("unknown subcommand", .unknownCommand),
        ("unsupported", .unknownCommand), ("not supported", .unknownCommand), ("not allowed", .unknownCommand),
        ("disabled", .unknownCommand), ("max number of clients", .tooManyClients),
        ("operation not permitted", .notAuthenticated), ("invalid password", .notAuthenticated),
        ("permission", .noPermission), ("can't run this command", .noPermission), ("can't access", .noPermission),
    ]

    private static func kind(of error: RedisServerError) -> Kind? {
        let code = error.code.description
        if let kind = codes[code] { return kind }
        // A script's error repeats the reply to a command in it.
        if answers.contains(code) || error.message.contains("WRONGTYPE") { return nil }
        if let inner = innerReply(of: error.message) { return kind(of: inner) }
        let message = error.message.lowercased()
        return phrases.first { message.contains($0.text) }?.kind ?? .other
    }

    /// The reply to a command in a script, as older servers repeat it:
    /// `ERR Error running script (call to f_…): @user_script:1: -OOM command not allowed`.
    private static func innerReply(of message: String) -> RedisServerError? {
        guard message.hasPrefix("ERR Error running script"),
            let place = message.ranges(of: "@user_script").last
        else { return nil }
        return RedisServerError(message: String(message[place.upperBound...].drop { " :-0123456789".contains($0) }))
    }

    private static let cures: [Kind: String] = [
        .busy: "wait for the script that it runs, or end it (SCRIPT KILL)",
        .cluster: "begin the URL with redis+cluster:// (with TLS rediss+cluster://): the server is a node of a cluster",
        .database: "name a database in the URL that the server has (its setting databases)",
        .clusterDown: "bring the missing nodes of the cluster back",
        .loading: "wait until it has loaded its data",
        .noCluster: "begin the URL with redis:// (with TLS rediss://): the server is not a node of a cluster",
        .notAuthenticated: "put the right user and password into the URL",
        .outOfMemory: "give it more memory, or an eviction policy (maxmemory-policy allkeys-lru)",
        .passwordUnknown: "take the password out of the URL, or give the server one",
        .primaryDown: "bring the primary back, or use the address of another one",
        .protectedMode: "give it a password, or let it listen where only its clients are",
        .replica: "use the primary's address, or redis+sentinel://; after a failover, wait for the new primary",
        .snapshotFailing: "let it write its snapshots, or set stop-writes-on-bgsave-error no",
        .tooFewReplicas: "bring its replicas back, or lower min-replicas-to-write",
        .tooManyClients: "raise maxclients, or end other clients",
        .unknownCommand: "let it have the command under its own name (rename-command)",
    ]
}

extension RedisCommand.Kind {
    /// The commands to be allowed, in words and as ACL rules; `nil` if they are not known.
    fileprivate var names: (all: String, rights: String, isOne: Bool)? {
        switch self {
        case .eval: ("EVAL, and what its script calls: MGET and UNLINK", "+eval +mget +unlink", false)
        // `UNLINK` is preferred to `DEL`.
        case .del: ("UNLINK, or at least DEL", "+unlink", false)
        case .other: nil
        case .mget, .set, .unlink, .pttl, .pexpire, .type: (rawValue, "+\(rawValue.lowercased())", true)
        }
    }
}
