/// Something to send to the server. Its results are read to their end before the next one is sent.
enum PostgresCommand: Equatable {
    /// Asks how far a standby has replayed the log.
    case locate
    /// Has the server itself end statements of the session that take longer, in milliseconds; `nil`: no longer, unless somebody
    /// else has said so.
    case limit(milliseconds: Int64?)
    /// Begins a transaction block, by this SQL.
    case begin(String)
    case prepare(name: String, sql: String, types: [UInt32])
    case describe(name: String)
    case execute(name: String)
    /// Parses, binds and executes in one go, under no name.
    case executeUnnamed(sql: String, types: [UInt32])
    /// Ends the part of a block in which nothing may be written.
    case releaseSavepoint
    case commit
    case rollback
    case deallocate(String)

    /// Whether it runs the statement itself.
    var isExecution: Bool {
        switch self {
        case .execute, .executeUnnamed: true
        case .locate, .limit, .begin, .prepare, .describe, .releaseSavepoint, .commit, .rollback, .deallocate: false
        }
    }
}

/// What a statement may do, and what is to be known beside its rows.
enum StatementAccess: Sendable, Hashable {
    /// It reads.
    ///
    /// - Parameter findsPosition: has the standby's position found before the statement sees anything.
    case read(findsPosition: Bool)
    /// It writes, in a transaction of this isolation.
    case write(PostgresTransactionOptions.Isolation?)

    var isWrite: Bool { if case .write = self { true } else { false } }
}
