/// A kind of route, by what its answers are purged by.
public enum RouteKind: String, Sendable, Hashable, CaseIterable {
    /// Tags.
    case tagged
    /// Tags; its query takes a while after it has read.
    case slow
    /// Tags; a ttl of a moment, and stale answers while they are renewed.
    case windows
    /// Tags; one query for all processes.
    case fleet
    /// Tags; also kept in the process's memory.
    case near
    /// The table.
    case tables
    /// The table; also kept in the process's memory.
    case nearTables = "near-tables"

    /// Whether changes of the table purge its answers.
    public var hasTables: Bool { self == .tables || self == .nearTables }
    /// Whether its answers are purged by other processes only when a message of theirs has come.
    public var isNear: Bool { self == .near || self == .nearTables }
}

/// One life of a process of the service: a restart begins another one.
public struct Incarnation: Sendable, Hashable {
    /// Which of the processes.
    public let process: Int
    /// Its how manieth life.
    public let life: Int

    /// A life of a process.
    public init(process: Int, life: Int) {
        self.process = process
        self.life = life
    }
}

/// For how long an older answer may be given after a write was acknowledged, in nanoseconds.
public struct Bounds: Sendable {
    /// By the near cache of a process that did not write: for so long it believes Redis without a sign of life.
    public var near: UInt64 = 1_000_000_000
    /// By a route with tables: for so long the LISTEN session is believed without a sign of life.
    public var tables: UInt64 = 5_000_000_000

    /// The bounds that the documentation states.
    public init() {}
}
