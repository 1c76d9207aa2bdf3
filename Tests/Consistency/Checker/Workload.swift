/// A kind of route, by its settings of purges and storage.
public enum RouteKind: String, Sendable, Hashable, CaseIterable {
    /// Tags.
    case tagged
    /// Tags; its query takes a while after the row is read.
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

    /// Indicates that changes of the table purge its answers.
    public var hasTables: Bool { self == .tables || self == .nearTables }
    /// Indicates that purges by other processes take effect when their messages have arrived.
    public var isNear: Bool { self == .near || self == .nearTables }
}

/// One life of a process of the service; a restart begins another one.
public struct Incarnation: Sendable, Hashable {
    /// The number of the process.
    public let process: Int
    /// The number of the life.
    public let life: Int

    /// A life of a process.
    public init(process: Int, life: Int) {
        self.process = process
        self.life = life
    }
}

/// The times in nanoseconds for which an older answer may be given after the acknowledgement of a write.
public struct Bounds: Sendable {
    /// The time of the near cache of a process that did not write: that for which it relies on Redis without a sign of life.
    public var near: UInt64 = 1_000_000_000
    /// The time of a route with tables: that for which the LISTEN session counts as alive without a sign of life.
    public var tables: UInt64 = 5_000_000_000

    /// The bounds that the documentation states.
    public init() {}
}
