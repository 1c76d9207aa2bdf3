/// A part of the protocol that a run leaves out, to show that the simulator notices.
public enum Omission: String, Sendable, CaseIterable {
    /// Entries are reused without a comparison of tag versions.
    case versionCheck = "version-check"
    /// A write purges before it commits.
    case purgeOrder = "purge-first"
    /// A write is answered when its purge is sent.
    case purgeReply = "purge-reply"
    /// An error counts as the end of a purge.
    case purgeConfirmation = "purge-confirmation"
    /// A purge is acknowledged when one of several servers has it.
    case allServers = "all-servers"
    /// A purge counts as done when a server says that another one has the key by now (ASK), and ``asked``, without which nothing
    /// is stored under such a key.
    case ask = "ask"
    /// Tag versions are bound to a server that has them and does not have their slot yet (ASK).
    case asked
    /// A process reuses entries although a purge of theirs waits in its own queue.
    case ownQueue = "own-queue"
    /// A flight is identified by its key alone, so that a request joins one from before a purge.
    case flightVersions = "flight-versions"
    /// Requests without tag versions share a query that has begun before they arrived.
    case epoch
    /// An entry that is found while a response is to be made is not compared with the tag versions.
    case fillCheck = "fill-check"
    /// Tag versions are read and created after the query.
    case versionsFirst = "versions-first"
    /// Tag versions are not bound to a server.
    case binding
    /// Tag versions are bound to the `run_id` alone.
    case replicationID = "replication-id"
    /// Tag versions are not bound to the Sentinels' `config-epoch`.
    case configEpoch = "config-epoch"
    /// A connection learns the server's identity when it is opened, and never again.
    case relearning
    /// A lock is released whoever owns it.
    case lockOwner = "lock-owner"
    /// A lock does not expire.
    case lockLife = "lock-life"
    /// A flight has no deadline.
    case flightDeadline = "flight-deadline"
    /// A near cache is believed although its server has given no sign of life.
    case nearLease = "near-lease"
    /// What a near cache has read is kept although it has changed meanwhile.
    case nearPending = "near-pending"
    /// A process's own purges leave its near cache alone.
    case nearOwn = "near-own"

    /// The number of steps within which the simulator finds it, with any seed.
    public var bound: Int {
        switch self {
        case .versionCheck, .purgeReply, .flightVersions, .fillCheck, .versionsFirst, .lockLife, .flightDeadline:
            100_000
        case .purgeOrder, .purgeConfirmation, .allServers, .ask, .ownQueue, .epoch, .binding, .lockOwner, .configEpoch:
            1_000_000
        case .asked: 20_000_000
        case .replicationID, .relearning, .nearLease, .nearPending, .nearOwn: 5_000_000
        }
    }

    /// The settings of runs in which it is looked for.
    public var settings: Settings {
        var settings = Settings()
        settings.isAboutMigration = self == .asked
        // A cluster has no near caches.
        if self == .nearLease { settings.deployment = .single }
        if self == .configEpoch { (settings.deployment, settings.isAboutReturn) = (.sentinel, true) }
        return settings
    }

    var bit: UInt32 { 1 << UInt32(Self.allCases.firstIndex(of: self) ?? 0) }
}

/// The bits of omissions, which are asked for in nearly every step.
enum Omissions {
    static let versionCheck = Omission.versionCheck.bit
    static let purgeOrder = Omission.purgeOrder.bit
    static let purgeReply = Omission.purgeReply.bit
    static let purgeConfirmation = Omission.purgeConfirmation.bit
    static let allServers = Omission.allServers.bit
    static let ask = Omission.ask.bit
    static let asked = Omission.asked.bit
    static let ownQueue = Omission.ownQueue.bit
    static let flightVersions = Omission.flightVersions.bit
    static let epoch = Omission.epoch.bit
    static let fillCheck = Omission.fillCheck.bit
    static let versionsFirst = Omission.versionsFirst.bit
    static let binding = Omission.binding.bit
    static let replicationID = Omission.replicationID.bit
    static let configEpoch = Omission.configEpoch.bit
    static let relearning = Omission.relearning.bit
    static let lockOwner = Omission.lockOwner.bit
    static let lockLife = Omission.lockLife.bit
    static let flightDeadline = Omission.flightDeadline.bit
    static let nearLease = Omission.nearLease.bit
    static let nearPending = Omission.nearPending.bit
    static let nearOwn = Omission.nearOwn.bit
}
