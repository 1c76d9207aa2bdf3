import NIOCore

/// The execution of one statement in a session: the facts known about the statement, and the command that they require
/// next.
///
/// It is an object because each event of the connection takes it out of the state and puts it back.
final class StatementExecution {
    /// The statement as it is sent: as it was written, with separate parameters for some occurrences, or wrapped.
    final class Form: Sendable {
        /// The way in which the server converts columns to JSON.
        enum Wrapping: Equatable, Sendable {
            /// The statement is a part of another one.
            case outside
            /// The statement returns additional columns. For each column of the answer, the index of the additional one
            /// with its JSON; `nil` for a column that is not converted.
            case returning([Int?])
        }

        let sql: String
        let types: [UInt32]
        /// The index of the value behind each parameter; `nil` for the values in order.
        let sources: [Int]?
        let wrapping: Wrapping?

        init(_ statement: TypedStatement) {
            sql = statement.sql
            types = statement.types
            sources = statement.sources
            wrapping = nil
        }

        init(sql: String, types: [UInt32], sources: [Int]?, wrapping: Wrapping) {
            self.sql = sql
            self.types = types
            self.sources = sources
            self.wrapping = wrapping
        }

        /// The statement and its types, for a form that is not wrapped.
        var typed: TypedStatement { TypedStatement(sql: sql, types: types, sources: sources) }
        var isWrapped: Bool { wrapping != nil }

        /// The number of values that the statement takes if it has as many parameters as `parameterOIDs`.
        func valueCount(_ parameterOIDs: [UInt32]) -> Int {
            guard let sources else { return parameterOIDs.count }
            return (sources.max() ?? -1) + 1
        }

        /// Indicates that the form sends the same statement with the same types and values as another one.
        func isSame(as other: Form) -> Bool {
            sql == other.sql && types == other.types && sources == other.sources && wrapping == other.wrapping
        }

        /// Indicates that the statement is sent with types of parameters, rather than leaving all of them to the
        /// server.
        var declaresTypes: Bool { isWrapped || types.contains { $0 != 0 } }
    }

    /// A statement that was wrapped, kept to be wrapped in another way if the server refuses the first one.
    struct Wrapped {
        let form: Form
        let description: StatementDescription
        let marks: [Bool]
    }

    /// An error that an outdated type of a parameter would explain, and the types at that time.
    struct Doubt {
        let error: PostgresError
        let parameterOIDs: [UInt32]
    }

    /// The steps that determine how the statement is executed, in order.
    enum Phase {
        /// A recent search found no types. The statement as it was written is prepared to see if the server still
        /// refuses it.
        case probing
        /// Candidates are prepared one after another until types are found.
        case searching(StatementTyping.Turn)
        /// The types of the parameters are known, and the statement is prepared.
        case typed
        /// The columns are known, and a statement that converts some of them is prepared.
        case wrapping(Wrapped)
        /// The plan for the encoding of rows is known.
        ///
        /// - Parameter isFresh: true if the plan was made in this run, so that making it again would change nothing.
        case planned(RowEncodingPlan, isFresh: Bool)
    }

    /// The transaction block around the statement.
    enum Block {
        case none
        case open
        /// The block has to be rolled back before anything else is sent.
        case broken
    }

    let statement: PostgresStatement
    let parameterCount: Int
    let access: StatementAccess
    let statements: PostgresConfiguration.Statements
    let mayBeStandby: Bool

    var form: Form
    var phase = Phase.typed
    /// The name under which this form is prepared, in this session or, without named statements, in this transaction.
    var name: String?
    var block = Block.none
    /// Indicates that the standby's position was found or is not needed.
    var isLocated: Bool
    /// Indicates that the statement is the condition of a write, whose transaction it begins.
    var isCondition = false
    /// The isolation level with which a condition's transaction begins if none is declared: that for the session's
    /// default, as far as it is known.
    var assumedIsolation = PostgresTransactionOptions.Isolation.repeatableRead
    /// The statement of a write's condition, which is executed in each block before this one; `nil` if there is none.
    var condition: (statement: PostgresStatement, parameterCount: Int)?
    /// The time after which the server itself ends the statement.
    let timeLimit: StatementTimeout
    /// Indicates that the session has no shorter limit.
    var isLimited = true
    /// Indicates that known types have been refused in this run.
    var isRetyped = false
    /// The error because of which the statement is described again; it is the answer if the types have not changed.
    var doubt: Doubt?
    /// The command whose results are awaited.
    var command = PostgresCommand.rollback

    /// The plan for the encoding of rows, once it is known.
    var plan: RowEncodingPlan? { if case .planned(let plan, _) = phase { plan } else { nil } }
    /// Indicates that the plan was made in this run.
    var isFresh: Bool { if case .planned(_, let isFresh) = phase { isFresh } else { false } }

    init(
        _ statement: PostgresStatement,
        parameterCount: Int,
        access: StatementAccess,
        statements: PostgresConfiguration.Statements,
        mayBeStandby: Bool,
        timeLimit: StatementTimeout
    ) {
        self.timeLimit = timeLimit
        self.mayBeStandby = mayBeStandby
        self.statement = statement
        self.parameterCount = parameterCount
        self.access = access
        self.statements = statements
        form = Form(TypedStatement(sql: statement.sql, types: [], sources: nil))
        isLocated = access != .read(findsPosition: true)
    }

    /// Indicates that the statement runs inside BEGIN and COMMIT or ROLLBACK.
    ///
    /// A write does, so that a lost connection's transaction is known to be lost unless its COMMIT was sent. Without
    /// named statements, every statement does, because only a transaction is sure to stay in one session.
    var needsBlock: Bool { access.isWrite || statements == .unnamed }

    /// Marks an open transaction block to be rolled back before the next command, because the server has refused
    /// something in it.
    func breakBlock() {
        if case .open = block { block = .broken }
    }

    /// Uses the known types of the parameters, or takes the right to search for them.
    ///
    /// - Returns: `false` if another execution is searching.
    func chooseTypes(now: NIODeadline) -> Bool {
        switch statement.typing.begin(now: now) {
        case .known(let known):
            form = Form(known)
            phase = .typed
        case .refused(let first):
            form = Form(first)
            phase = .probing
        case .search(let turn):
            form = Form(turn.statement)
            phase = .searching(turn)
        case .taken: return false
        }
        name = nil
        return true
    }

    /// Returns the command to send next.
    ///
    /// - Parameters:
    ///   - garbage: a prepared statement that is no longer used.
    ///   - newName: makes a name for a prepared statement.
    func next(garbage: String?, newName: () -> String) -> PostgresCommand {
        if case .broken = block { return .rollback }
        let isNamed = statements == .named
        if !isNamed, case .none = block { return .begin(beginning) }
        if !isLimited, case .none = block { return .limit(milliseconds: timeLimit.milliseconds) }
        // A separate command, because a statement's snapshot is older than a position that a function in the same
        // statement returns.
        if !isLocated { return .locate }
        guard plan != nil else {
            if let name { return .describe(name: name) }
            if isNamed, !form.isWrapped, let garbage { return .deallocate(garbage) }
            return .prepare(name: isNamed ? newName() : "", sql: form.sql, types: form.types)
        }
        // After preparation, because a statement that can't be prepared needs no transaction.
        if needsBlock, case .none = block { return .begin(beginning) }
        return name.map { .execute(name: $0) } ?? .executeUnnamed(sql: form.sql, types: form.types)
    }

    /// The SQL that begins the block. Without named statements, it also applies ``SessionSettings`` to the transaction.
    private var beginning: String {
        var sql = "BEGIN"
        switch access {
        case .read(let findsPosition):
            // READ COMMITTED takes the statement's snapshot after the position was found. A standby does not support
            // SERIALIZABLE, which may be the default.
            if findsPosition || mayBeStandby { sql += " ISOLATION LEVEL READ COMMITTED" }
            sql += " READ ONLY"
        // The server checks the access when a statement is executed.
        case .preparing: sql += " READ ONLY"
        case .write(let declared):
            if let isolation = declared ?? (isCondition ? assumedIsolation : nil) {
                sql += " ISOLATION LEVEL \(isolation.rawValue)"
            }
            sql += " READ WRITE"
        }
        if statements == .unnamed {
            sql += "; \(SessionSettings.localSQL)"
            if let milliseconds = timeLimit.milliseconds {
                sql += "; \(SessionSettings.localTimeLimitSQL(milliseconds: milliseconds))"
            }
        }
        // SHOW runs in the same transaction, so that no change of the default is missed. It takes no round trip of its
        // own and no snapshot.
        if isCondition, access == .write(nil) { sql += "; SHOW \(SessionSettings.defaultIsolation)" }
        // A transaction can't be made READ WRITE after its first query, but the end of a savepoint restores the
        // previous access mode. SELECT 1 takes the snapshot before: a serializable transaction that takes it while it
        // is read-only counts as one that never writes, and conflicting writes of other transactions are not detected.
        if isCondition { sql += "; SELECT 1; SAVEPOINT condition; SET TRANSACTION READ ONLY" }
        return sql
    }
}
