/// A command for the server. Its results are read to their end before the next command is sent.
enum PostgresCommand: Equatable {
    /// Queries the position up to which a standby has replayed the WAL.
    case locate
    /// Sets the session's `statement_timeout`, in milliseconds; `nil` resets it to the configured one.
    case limit(milliseconds: Int64?)
    /// Begins a transaction block with this SQL.
    case begin(String)
    case prepare(name: String, sql: String, types: [UInt32])
    case describe(name: String)
    case execute(name: String)
    /// Parses, binds and executes the unnamed statement in one round trip.
    case executeUnnamed(sql: String, types: [UInt32])
    /// Ends the read-only part of a block.
    case releaseSavepoint
    case commit
    case rollback
    case deallocate(String)

    /// Indicates that the command executes the statement itself.
    var isExecution: Bool {
        switch self {
        case .execute, .executeUnnamed: true
        case .locate, .limit, .begin, .prepare, .describe, .releaseSavepoint, .commit, .rollback, .deallocate: false
        }
    }
}

/// The access of a statement.
enum StatementAccess: Sendable, Hashable {
    /// The statement reads.
    ///
    /// - Parameter findsPosition: true to find the standby's position before the statement takes its snapshot.
    case read(findsPosition: Bool)
    /// The statement writes, in a transaction of this isolation level; `nil` for the server's default.
    case write(PostgresTransactionOptions.Isolation?)
    /// The statement is prepared and not executed. It may be one that writes.
    case preparing

    var isWrite: Bool { if case .write = self { true } else { false } }
}
