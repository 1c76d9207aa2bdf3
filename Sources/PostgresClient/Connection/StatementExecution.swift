import NIOCore

/// One statement on its way through a session: what is known of it, and so which command brings it further.
struct StatementExecution {
    /// The statement as it is sent: as it was written, or with an own parameter for some occurrences, or wrapped.
    struct Form: Equatable {
        /// A way of having the server convert columns to JSON.
        enum Wrapping: Equatable {
            /// The statement is a part of another one.
            case outside
            /// The statement returns more columns: for each column of the answer, the one that has its value.
            case returning([Int?])
        }

        var sql: String
        var types: [UInt32] = []
        /// The index of the value behind each parameter; `nil`: the values in their order.
        var sources: [Int]?
        var wrapping: Wrapping?

        init(_ statement: TypedStatement) {
            sql = statement.sql
            types = statement.types
            sources = statement.sources
        }

        init(sql: String, types: [UInt32], sources: [Int]?, wrapping: Wrapping) {
            self.sql = sql
            self.types = types
            self.sources = sources
            self.wrapping = wrapping
        }

        /// The statement before it was wrapped in any way.
        var typed: TypedStatement { TypedStatement(sql: sql, types: types, sources: sources) }
        var isWrapped: Bool { wrapping != nil }
        /// Some parameters have types that nobody but us has chosen.
        var declaresTypes: Bool { isWrapped || types.contains { $0 != 0 } }
    }

    /// A statement that was wrapped, to be wrapped in another way where the server refuses that.
    struct Wrapped {
        let form: Form
        let description: StatementDescription
        let marks: [Bool]
    }

    /// An error that another type of a parameter would explain, and the types as they were.
    struct Doubt {
        let error: PostgresError
        let parameterOIDs: [UInt32]
    }

    /// The things that are known of the statement, each of which comes after the one before.
    enum Phase {
        /// A search has lately found no types. Its first statement is prepared to see whether the server still refuses that.
        case probing
        /// One statement after the other is prepared until types are found.
        case searching(StatementTyping.Turn)
        /// The types of the parameters are known, and the statement is prepared.
        case typed
        /// The columns are known, and a statement is prepared that converts some of them.
        case wrapping(Wrapped)
        /// The way is known in which rows become JSON.
        ///
        /// - Parameter isFresh: it was found out in this run, so that finding it out again would change nothing.
        case planned(RowEncodingPlan, isFresh: Bool)
    }

    /// The transaction block around the statement.
    enum Block {
        case none
        case open
        /// It has to be left before anything else is done.
        case broken
    }

    let statement: PostgresStatement
    let parameterCount: Int
    let access: StatementAccess
    let statements: PostgresConfiguration.Statements
    let mayBeStandby: Bool

    var form: Form
    var phase = Phase.typed
    /// The name under which this form is prepared, in this session or, without names, in this transaction.
    var name: String?
    var block = Block.none
    /// The standby's position is found.
    var isLocated: Bool
    /// The statement is the condition of a write, whose transaction it begins.
    var isCondition = false
    /// The isolation with which a condition's transaction begins where none is declared: what the session's default comes to, as far
    /// as is known.
    var assumedIsolation = PostgresTransactionOptions.Isolation.repeatableRead
    /// The statement of a write's condition, which is asked in each block before this one is run; `nil`: the write has none.
    var condition: (statement: PostgresStatement, parameterCount: Int)?
    /// The time after which the server ends the statement by itself.
    let timeLimit: StatementTimeout
    /// The session has no shorter limit.
    var isLimited = true
    /// Types that were known have been refused in this run.
    var isRetyped = false
    /// The error for which the statement is described once more; it is the answer if nothing has changed.
    var doubt: Doubt?
    /// The command whose results are awaited.
    var command = PostgresCommand.rollback

    /// The way in which rows become JSON, once it is known.
    var plan: RowEncodingPlan? { if case .planned(let plan, _) = phase { plan } else { nil } }
    /// The plan was made in this run.
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

    /// Whether the statement runs inside BEGIN and COMMIT or ROLLBACK.
    ///
    /// A write does, so that a lost connection's transaction is known to be lost unless its COMMIT was sent. Without
    /// named statements everything does, because a session lasts no longer than its transaction then.
    var needsBlock: Bool { access.isWrite || statements == .unnamed }

    /// Leaves the transaction block, if there is one, before the next command: the server has refused something in it.
    mutating func breakBlock() {
        if case .open = block { block = .broken }
    }

    /// Takes the types of the parameters that are known, or the turn to search for them.
    ///
    /// - Returns: `false` where another run has it.
    mutating func chooseTypes(now: NIODeadline) -> Bool {
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

    /// The command to send next.
    ///
    /// - Parameters:
    ///   - garbage: a prepared statement that is no longer wanted.
    ///   - newName: makes a name for a prepared statement.
    func next(garbage: String?, newName: () -> String) -> PostgresCommand {
        if case .broken = block { return .rollback }
        let isNamed = statements == .named
        if !isNamed, case .none = block { return .begin(beginning) }
        if !isLimited, case .none = block { return .limit(milliseconds: timeLimit.milliseconds) }
        // In a command of its own: a statement's snapshot is older than what a function in it finds.
        if !isLocated { return .locate }
        guard plan != nil else {
            if let name { return .describe(name: name) }
            if isNamed, !form.isWrapped, let garbage { return .deallocate(garbage) }
            return .prepare(name: isNamed ? newName() : "", sql: form.sql, types: form.types)
        }
        // After preparing: a statement that can't be prepared needs no transaction.
        if needsBlock, case .none = block { return .begin(beginning) }
        return name.map { .execute(name: $0) } ?? .executeUnnamed(sql: form.sql, types: form.types)
    }

    /// The SQL that begins the block, and sets in it what a session of our own has.
    private var beginning: String {
        var sql = "BEGIN"
        switch access {
        case .read(let findsPosition):
            // Only so the statement's snapshot is taken after the position was found; and a standby has nothing above.
            if findsPosition || mayBeStandby { sql += " ISOLATION LEVEL READ COMMITTED" }
            sql += " READ ONLY"
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
        // In the same transaction, so that no change of it stays unseen; it takes no round trip and no snapshot.
        if isCondition, access == .write(nil) { sql += "; SHOW \(SessionSettings.defaultIsolation)" }
        // A transaction that has read can't be allowed to write; the end of a savepoint gives back what was allowed before it.
        // The snapshot is taken first: a serializable transaction that takes it while it is read-only counts as one that never
        // writes, and what others write behind its back is not noticed.
        if isCondition { sql += "; SELECT 1; SAVEPOINT condition; SET TRANSACTION READ ONLY" }
        return sql
    }
}
