/// The reason why a server that is there does not carry out a command: its state, the user's rights, or that it does not have the command.
package struct RedisRefusal: Sendable, Hashable {
    /// The kinds of refusal, by what has to be done about them.
    package enum Kind: Sendable, Hashable, CaseIterable {
        case busy
        case cluster
        case clusterDown
        /// There is no database of that number.
        case database
        case loading
        case noPermission
        case notAuthenticated
        case outOfMemory
        /// A password was sent to a server that has none.
        case passwordUnknown
        case primaryDown
        case protectedMode
        case replica
        case snapshotFailing
        case tooFewReplicas
        case tooManyClients
        case unknownCommand
        /// Something else that is no fault of the value under a key.
        case other
    }

    /// The kind.
    package let kind: Kind
    /// The first word of the reply.
    package let code: String

    /// The refusal that an error reply means; `nil` for a reply about the value under a key or the command's own text.
    package init?(_ error: RedisServerError) {
        guard let kind = Self.kind(of: error) else { return nil }
        self.kind = kind
        code = String(error.code)
    }

    /// A sentence that says what to do.
    package var cure: String { Self.cures[kind] ?? "see what the reply says" }

    /// True where the server can't be used at the moment, while the name it was found under may lead to another one.
    var leavesServer: Bool { kind == .loading || kind == .primaryDown || kind == .replica }

    // MARK: - The table

    /// The first words of replies that name their kind.
    private static let codes: [String: Kind] = [
        "ASK": .cluster, "BUSY": .busy, "CLUSTERDOWN": .clusterDown, "CROSSSLOT": .cluster, "DENIED": .protectedMode,
        "LOADING": .loading, "MASTERDOWN": .primaryDown, "MISCONF": .snapshotFailing, "MOVED": .cluster,
        "NOAUTH": .notAuthenticated, "NOPERM": .noPermission, "NOREPLICAS": .tooFewReplicas, "OOM": .outOfMemory,
        "READONLY": .replica, "TRYAGAIN": .cluster, "UNKILLABLE": .busy, "WRONGPASS": .notAuthenticated,
    ]

    /// The first words of replies that are no refusals.
    private static let answers: Set<String> = [
        "BUSYGROUP", "BUSYKEY", "EXECABORT", "NOGROUP", "NOSCRIPT", "NOTBUSY", "WRONGTYPE",
    ]

    /// The phrases in replies of servers, proxies and older versions whose first word says no more than `ERR`.
    private static let phrases: [(text: String, kind: Kind)] = [
        ("without any password", .passwordUnknown), ("db index", .database), ("unknown command", .unknownCommand),
        ("unknown subcommand", .unknownCommand),
        ("unsupported", .unknownCommand), ("not supported", .unknownCommand), ("not allowed", .unknownCommand),
        ("disabled", .unknownCommand), ("max number of clients", .tooManyClients),
        ("operation not permitted", .notAuthenticated), ("invalid password", .notAuthenticated),
        ("permission", .noPermission),
    ]

    private static func kind(of error: RedisServerError) -> Kind? {
        let code = String(error.code)
        if let kind = codes[code] { return kind }
        // A script repeats what a command in it was answered.
        if answers.contains(code) || error.message.contains("WRONGTYPE") { return nil }
        let message = error.message.lowercased()
        return phrases.first { message.contains($0.text) }?.kind ?? .other
    }

    private static let cures: [Kind: String] = [
        .busy: "wait for the script that it runs, or end it (SCRIPT KILL)",
        .cluster: "use a server that is no node of a cluster: what belongs to one answer lies on several nodes there",
        .database: "name a database in the URL that the server has (its setting databases)",
        .clusterDown: "bring the missing nodes of the cluster back",
        .loading: "wait until it has loaded its data",
        .noPermission: "allow the user the command and the keys (ACL SETUSER)",
        .notAuthenticated: "put the right user and password into the URL",
        .outOfMemory: "give it more memory, or an eviction policy (maxmemory-policy allkeys-lru)",
        .passwordUnknown: "take the password out of the URL, or give the server one",
        .primaryDown: "use the primary's address, or bring the primary back",
        .protectedMode: "give it a password, or let it listen where only its clients are",
        .replica: "use the primary's address",
        .snapshotFailing: "let it write its snapshots, or set stop-writes-on-bgsave-error no",
        .tooFewReplicas: "bring its replicas back, or lower min-replicas-to-write",
        .tooManyClients: "raise maxclients, or end other clients",
        .unknownCommand: "let it have the command under its own name (rename-command)",
    ]
}
