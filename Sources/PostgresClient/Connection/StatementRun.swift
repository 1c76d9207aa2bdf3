/// One statement on its way through a session: what is known of it, and so which command brings it further.
struct StatementRun {
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

    let statement: PostgresStatement
    let parameterCount: Int
    let access: StatementAccess
    let statements: PostgresConfiguration.Statements
    let mayBeStandby: Bool

    var form: Form
    /// The search for the types of the parameters, while there is one.
    var search: ParameterTypeSearch?
    /// The first statement of the search has not been refused yet.
    var isFirstOfSearch = true
    /// What the server said of it.
    var firstRefusal: PostgresError?
    /// What was wrapped.
    var wrapped: Wrapped?
    /// The name under which this form is prepared, in this session or, without names, in this transaction.
    var name: String?
    /// How its rows become JSON.
    var plan: ResultPlan?
    /// Whether a transaction block is open.
    var hasBegun = false
    /// Whether the block has to be left before anything else is done.
    var mustRollBack = false
    /// Whether the standby's position is found.
    var isLocated: Bool
    /// Whether the plan was made for this run, so that making it again would change nothing.
    var isFresh = false
    /// Why the statement is described once more; the error is the answer if nothing has changed.
    var doubt: Doubt?
    /// The command whose results are awaited.
    var command = SessionCommand.rollback

    init(
        _ statement: PostgresStatement,
        parameterCount: Int,
        access: StatementAccess,
        statements: PostgresConfiguration.Statements,
        mayBeStandby: Bool
    ) {
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

    /// Forgets everything that was found out, to begin anew with the statement as it was written.
    mutating func startOver() {
        chooseTypes()
        wrapped = nil
        name = nil
        plan = nil
        isFresh = true
        mustRollBack = hasBegun
    }

    /// Takes the types of the parameters that are known, or begins to search for them.
    mutating func chooseTypes() {
        search = nil
        if let known = statement.typing.chosen {
            form = Form(known)
        } else {
            search = statement.typeSearch
            form = Form(search?.begin() ?? TypedStatement(sql: statement.sql, types: [], sources: nil))
        }
    }

    /// What has to be sent next.
    ///
    /// - Parameters:
    ///   - garbage: a prepared statement that is no longer wanted.
    ///   - newName: makes a name for a prepared statement.
    func next(garbage: String?, newName: () -> String) -> SessionCommand {
        if mustRollBack { return .rollback }
        let isNamed = statements == .named
        if !isNamed && !hasBegun { return .begin(beginning) }
        // In a command of its own: a statement's snapshot is older than what a function in it finds.
        if !isLocated { return .locate }
        guard plan != nil else {
            if let name { return .describe(name: name) }
            if isNamed, !form.isWrapped, let garbage { return .deallocate(garbage) }
            return .prepare(name: isNamed ? newName() : "", sql: form.sql, types: form.types)
        }
        // After preparing: a statement that can't be prepared needs no transaction.
        if needsBlock && !hasBegun { return .begin(beginning) }
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
        case .write(let isolation):
            if let isolation { sql += " ISOLATION LEVEL \(isolation.rawValue)" }
            sql += " READ WRITE"
        }
        return statements == .unnamed ? "\(sql); \(ServerSettings.localSQL)" : sql
    }
}
