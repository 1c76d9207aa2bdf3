import NIOCore

/// The state of one connection and the decision about its next command: it prepares, describes, wraps, executes and
/// commits statements, repairs outdated plans, rolls back, and drains abandoned commands.
///
/// Events come from the owner of the connection: a statement to run, the results of the last command, an abandoned
/// statement, a returned cancel request. Each event returns the one action that follows. The state machine uses no
/// sockets.
struct PostgresConnectionStateMachine {
    enum Action {
        /// Do nothing until the next event.
        case wait
        /// Send this command, read all its results and report them by ``PostgresConnectionStateMachine/completed(_:)``.
        case send(PostgresCommand)
        /// Send this command, convert its rows to JSON as they arrive, and report the outcome by
        /// ``PostgresConnectionStateMachine/completed(_:)``.
        case execute(PostgresCommand, RowEncodingPlan)
        /// The rows that were read are the result of the write's condition: report its decision by
        /// ``PostgresConnectionStateMachine/decided(_:)``.
        case decide
        /// Answer that the statement is prepared, and report by ``PostgresConnectionStateMachine/answered(_:)``.
        case prepared
        /// Answer with the rows that were read, and report by ``PostgresConnectionStateMachine/answered(_:)``.
        case answer
        /// Answer with this error, and report by ``PostgresConnectionStateMachine/answered(_:)``.
        case fail(PostgresError)
        /// Send a cancel request and report its return by ``PostgresConnectionStateMachine/cancelReturned()``.
        /// Meanwhile read and report results as before.
        case cancel
        /// Read and report results as before; there is nothing to cancel.
        case drain
        /// Report the session's transaction status by ``PostgresConnectionStateMachine/answered(_:)``; there is no
        /// caller to answer.
        case settle
        /// The connection is ready for the next statement.
        case release
        /// Close the connection, because the session's state is unknown.
        case close
    }

    /// The outcome of a command, from its results.
    enum Outcome {
        case done
        case described(StatementDescription)
        /// The transaction has begun; the value is the session's default isolation level.
        case begun(defaultIsolation: String)
        case failed(PostgresError)
        /// The columns differ from the plan.
        case mismatched
        /// The rows were read but can't be an answer.
        case unusable(PostgresError)
    }

    /// The session's transaction status after a command.
    enum TransactionStatus { case idle, inTransaction, unknown }

    private enum State {
        case idle
        case running(StatementExecution)
        case answering
        case draining(PostgresCommand, isRead: Bool, cancelReturned: Bool)
        case rollingBack
        case closed
    }

    private var state = State.idle
    /// The write whose condition is being executed.
    private var conditional: StatementExecution?
    private var cache: StatementCache
    /// The names of prepared statements that are no longer used. They are deallocated before the next statement is
    /// prepared.
    private var garbage: [String] = []
    private let statements: PostgresConfiguration.Statements
    private let mayBeStandby: Bool
    private let namePrefix: String
    private var lastName = 0
    /// The `statement_timeout` that has been set for the session.
    private var timeLimit = StatementTimeout.unset
    /// The times at which statements were last prepared again because of an error that may have another cause.
    private var renewals: [UInt64: NIODeadline] = [:]
    /// The statements that failed in a pipeline in a way that an outdated plan may explain. They run outside the
    /// pipeline until that has succeeded once, because a normal execution repairs the plan.
    private var doubtful: Set<UInt64> = []
    /// The isolation level of a write under a condition in this session if it declares none.
    private var conditionIsolation = PostgresTransactionOptions.Isolation.repeatableRead
    private let now: @Sendable () -> NIODeadline
    /// The minimum time between two such renewals of a statement. Until then, the error is the answer, because the
    /// renewal has not removed it.
    private static let pause = TimeAmount.seconds(5)

    /// - Parameter namePrefix: the beginning of the names of prepared statements; part of an SQL identifier.
    init(
        maximumPreparedStatements: Int,
        namePrefix: String,
        statements: PostgresConfiguration.Statements = .named,
        mayBeStandby: Bool = false,
        now: @escaping @Sendable () -> NIODeadline
    ) {
        self.now = now
        self.mayBeStandby = mayBeStandby
        cache = StatementCache(capacity: maximumPreparedStatements)
        self.namePrefix = namePrefix
        self.statements = statements
    }

    var isIdle: Bool { if case .idle = state { true } else { false } }
    var isDraining: Bool { if case .draining = state { true } else { false } }

    /// Indicates that the statement in progress is the condition of a write.
    var isAskingCondition: Bool { conditional != nil }

    /// Indicates that COMMIT has been sent and the server's reply to it has not been read.
    var isCommitting: Bool {
        switch state {
        case .running(let run): run.command == .commit
        case .draining(.commit, isRead: false, _): true
        case .idle, .answering, .draining, .rollingBack, .closed: false
        }
    }

    // MARK: - Events

    /// Starts a statement with this number of parameters.
    ///
    /// - Parameter condition: the statement of a write's condition, which is executed first in the write's transaction.
    /// - Parameter time: the time until the query's deadline; `nil` sets no limit.
    mutating func start(
        _ statement: PostgresStatement,
        parameterCount: Int,
        access: StatementAccess,
        condition: (statement: PostgresStatement, parameterCount: Int)? = nil,
        within time: TimeAmount? = nil
    ) -> Action {
        guard case .idle = state else { return close() }
        conditional = nil
        return begin(
            statement,
            parameterCount,
            access,
            condition,
            limit: time.map { StatementTimeout(above: $0) } ?? .unset
        )
    }

    private mutating func begin(
        _ statement: PostgresStatement,
        _ parameterCount: Int,
        _ access: StatementAccess,
        _ condition: (statement: PostgresStatement, parameterCount: Int)?,
        limit: StatementTimeout
    ) -> Action {
        let run = StatementExecution(
            statement,
            parameterCount: parameterCount,
            access: access,
            statements: statements,
            mayBeStandby: mayBeStandby,
            timeLimit: limit
        )
        run.isCondition = conditional != nil
        run.assumedIsolation = conditionIsolation
        run.condition = condition
        // Without named statements, the limit is set for the transaction.
        run.isLimited = statements == .unnamed || limit <= timeLimit
        if let entry = cache.use(statement.id) {
            let expected = entry.form.valueCount(entry.plan.parameterOIDs)
            guard expected == parameterCount || access == .preparing else {
                return fail(Self.wrongCount(of: parameterCount, expected: expected))
            }
            run.form = entry.form
            run.name = entry.name
            run.phase = .planned(entry.plan, isFresh: false)
        } else if !run.chooseTypes(now: now()) {
            return fail(.typesAreSought)
        }
        return proceed(run)
    }

    /// Continues with the write if its condition allows it, and otherwise fails.
    mutating func decided(_ isAllowed: Bool) -> Action {
        guard case .running(let run) = state, run.isCondition else { return close() }
        guard isAllowed else { return fail(PostgresError(.conditionNotMet, "the condition of the write is not met")) }
        run.command = .releaseSavepoint
        state = .running(run)
        return .send(.releaseSavepoint)
    }

    /// Handles the outcome of the last command, all of whose results have been read.
    mutating func completed(_ outcome: Outcome) -> Action {
        switch state {
        case .running(let run): return advance(run, outcome)
        case .draining(let command, false, let cancelReturned):
            keepTrack(command, outcome)
            state = .draining(command, isRead: true, cancelReturned: cancelReturned)
            return cancelReturned ? settle() : .wait
        case .rollingBack:
            guard case .done = outcome else { return close() }
            state = .answering
            return .settle
        case .idle, .answering, .draining, .closed: return close()
        }
    }

    /// Handles the session's transaction status after the caller was answered or has abandoned the statement.
    mutating func answered(_ status: TransactionStatus) -> Action {
        guard case .answering = state else { return close() }
        switch status {
        case .idle:
            state = .idle
            return .release
        case .inTransaction:
            state = .rollingBack
            return .send(.rollback)
        case .unknown: return close()
        }
    }

    /// Abandons the statement, because its caller no longer needs the result.
    mutating func abandon() -> Action {
        switch state {
        case .running(let run) where run.command == .commit:
            // A cancel request may arrive after the local commit. It would then only end the wait for synchronous
            // replication.
            state = .draining(.commit, isRead: false, cancelReturned: true)
            return .drain
        case .running(let run):
            conditional = nil
            state = .draining(run.command, isRead: false, cancelReturned: false)
            return .cancel
        case .answering: return .settle
        case .idle, .draining, .rollingBack, .closed: return .wait
        }
    }

    /// Records that the cancel request was delivered or has failed for good, so that it can't reach a later statement.
    mutating func cancelReturned() -> Action {
        guard case .draining(let command, let isRead, false) = state else { return .wait }
        state = .draining(command, isRead: isRead, cancelReturned: true)
        return isRead ? settle() : .wait
    }

    // MARK: - Pipelines

    /// Returns the prepared statement and the plan of a read that needs no other command before or after it; `nil` if
    /// the statement has to be started.
    mutating func prepared(
        _ statement: PostgresStatement,
        parameterCount: Int,
        within time: TimeAmount
    ) -> (name: String, plan: RowEncodingPlan)? {
        guard case .idle = state, statements == .named, !doubtful.contains(statement.id),
            StatementTimeout(above: time) <= timeLimit, let entry = cache.use(statement.id), let name = entry.name,
            entry.form.valueCount(entry.plan.parameterOIDs) == parameterCount
        else { return nil }
        return (name, entry.plan)
    }

    /// Returns the error with which a statement in a pipeline fails; `nil` if it may come from an outdated plan, so
    /// that the statement has to be started again.
    mutating func failure(_ error: PostgresError, of statement: PostgresStatement) -> PostgresError? {
        guard error.sqlState != nil, let entry = cache.use(statement.id), !isOutdated(entry.form, error),
            !Self.mayBeOutdatedType(error), !mayBeOutdated(entry.form, error)
        else { return nil }
        var located = StatementExecution.located(error, parameterOIDs: entry.plan.parameterOIDs, entry.form)
        // The position counts from the beginning of the wrapped text, which the caller does not know.
        if entry.form.isWrapped { located.position = nil }
        return located
    }

    /// Excludes a statement from the pipeline until an execution outside it has succeeded.
    mutating func doubt(_ statement: PostgresStatement) {
        doubtful.insert(statement.id)
    }

    // MARK: - Steps

    /// Sends the next command of the run.
    private mutating func proceed(_ run: StatementExecution) -> Action {
        if case .preparing = run.access, run.plan != nil {
            state = .answering
            return .prepared
        }
        run.command = run.next(garbage: garbage.first) {
            lastName += 1
            return "\(namePrefix)\(lastName)"
        }
        if case .begin = run.command, let condition = run.condition {
            conditional = run
            return begin(condition.statement, condition.parameterCount, run.access, nil, limit: run.timeLimit)
        }
        state = .running(run)
        guard run.command.isExecution else { return .send(run.command) }
        guard let plan = run.plan else { return close() }
        return .execute(run.command, plan)
    }

    private mutating func advance(_ run: StatementExecution, _ outcome: Outcome) -> Action {
        switch (run.command, outcome) {
        case (.locate, .done):
            run.isLocated = true
            return proceed(run)
        case (.limit, .done):
            timeLimit = run.timeLimit
            run.isLimited = true
            return proceed(run)
        case (.limit, .failed):
            // The limit only matters if this process dies, so a server that refuses it can still run the statement.
            timeLimit = .unlimited
            run.isLimited = true
            return proceed(run)
        case (.begin, .done):
            run.block = .open
            return proceed(run)
        case (.begin, .begun(let name)):
            conditionIsolation = PostgresTransactionOptions.Isolation(underConditionByDefault: name)
            run.block = .open
            if run.assumedIsolation != conditionIsolation {
                run.assumedIsolation = conditionIsolation
                run.breakBlock()
            }
            return proceed(run)
        case (.rollback, .done):
            run.block = .none
            if statements == .unnamed {
                // The next transaction may run in another session and, behind a pooler, even on another server.
                run.name = nil
                run.isLocated = run.access != .read(findsPosition: true)
            }
            return proceed(run)
        case (.deallocate(let name), _):
            // A prepared statement that can't be deallocated does not exist any more.
            garbage.removeAll { $0 == name }
            return proceed(run)
        case (.prepare(let name, _, _), .done):
            run.name = name
            return proceed(run)
        case (.prepare, .failed(let error)):
            return refused(run, error)
        case (.describe(let name), .described(let description)):
            return described(run, name: name, description)
        case (.describe(let name), .failed(let error)):
            drop(name)
            return fail(error, isFromPreparing: true)
        case (.execute, .done) where run.isCondition, (.executeUnnamed, .done) where run.isCondition:
            return .decide
        case (.releaseSavepoint, .done):
            guard let write = conditional else { return close() }
            conditional = nil
            write.block = .open
            return proceed(write)
        case (.execute, .done), (.executeUnnamed, .done):
            // The plan was outdated, and may become so again.
            if run.isFresh { renewals[run.statement.id] = nil }
            if !doubtful.isEmpty { doubtful.remove(run.statement.id) }
            guard run.access.isWrite else {
                state = .answering
                return .answer
            }
            run.command = .commit
            state = .running(run)
            return .send(.commit)
        case (.execute, .failed(let error)), (.executeUnnamed, .failed(let error)):
            guard !run.isFresh, let plan = run.plan else { return fail(error, of: run) }
            if isOutdated(run.form, error) {
                if error.sqlState != "26000" { run.statement.typing.renew(now: now()) }
                return startOver(run, isMissing: error.sqlState == "26000")
            }
            let doubt = StatementExecution.Doubt(error: run.located(error), parameterOIDs: plan.parameterOIDs)
            if Self.mayBeOutdatedType(error) {
                run.doubt = doubt
            } else {
                guard mayBeOutdated(run.form, error), mayRenew(run.statement) else { return fail(error, of: run) }
                run.statement.typing.renew(now: now())
                // An internal error (class XX) may have nothing to do with types.
                if error.parameter != nil, error.sqlState?.hasPrefix("XX") == false { run.doubt = doubt }
            }
            return startOver(run, isMissing: false)
        case (.execute, .mismatched), (.executeUnnamed, .mismatched):
            guard !run.isFresh else { return close() }
            return startOver(run, isMissing: false)
        case (.execute, .unusable(let error)), (.executeUnnamed, .unusable(let error)):
            return fail(error)
        case (.commit, .done):
            state = .answering
            return .answer
        case (.begin, .failed(let error)):
            // The error comes from the beginning of the block, not from the condition.
            conditional = nil
            // A standby refuses a transaction that writes with 0A000. It is reported in the same way as a server that
            // was made read-only.
            guard run.access.isWrite, error.sqlState == "0A000" else { return fail(error) }
            return fail(PostgresError(.server(sqlState: "25006"), error.message))
        case (.locate, .failed(let error)), (.releaseSavepoint, .failed(let error)), (.commit, .failed(let error)):
            return fail(error)
        default:
            return close()
        }
    }

    /// Drops the plan and the prepared statement, and begins again with the statement as it was written.
    private mutating func startOver(_ run: StatementExecution, isMissing: Bool) -> Action {
        cache.remove(run.statement.id)
        if let name = run.name, !isMissing { drop(name) }
        run.breakBlock()
        return retype(run)
    }

    /// Determines the types of the parameters, and proceeds.
    private mutating func retype(_ run: StatementExecution) -> Action {
        return run.chooseTypes(now: now()) ? proceed(run) : fail(.typesAreSought)
    }

    /// Handles the server's refusal to prepare the statement.
    private mutating func refused(_ run: StatementExecution, _ error: PostgresError) -> Action {
        run.breakBlock()
        let typing = run.statement.typing
        switch run.phase {
        case .planned: return close()
        case .wrapping(let wrapped):
            guard let form = wrapped.otherForm(than: run.form, after: error) else {
                return fail(error, isWrapped: true, isFromPreparing: true)
            }
            run.form = form
            return proceed(run)
        case .searching(let turn): return follow(turn.refused(error, now: now()), run)
        case .probing:
            if typing.isRefused(error, now: now()) { return fail(error, isFromPreparing: true) }
            typing.forgetRefusal()
            return retype(run)
        case .typed:
            // The known types are outdated.
            guard !run.isRetyped, !typing.isRefused(error, now: now()) else {
                return fail(error, isFromPreparing: true)
            }
            run.isRetyped = true
            let refused = run.form
            typing.forget(refused.typed)
            guard run.chooseTypes(now: now()) else { return fail(.typesAreSought) }
            switch run.phase {
            case .searching(let turn) where run.form.isSame(as: refused):
                return follow(turn.refused(error, now: now()), run)
            case .typed where run.form.isSame(as: refused): return fail(error, isFromPreparing: true)
            default: return proceed(run)
            }
        }
    }

    /// Handles the description of the prepared statement.
    private mutating func described(_ run: StatementExecution, name: String, _ description: StatementDescription)
        -> Action
    {
        switch run.phase {
        case .planned: return close()
        case .typed, .wrapping: return decide(run, name: name, description)
        case .probing:
            drop(name)
            run.statement.typing.forgetRefusal()
            return retype(run)
        case .searching(let turn):
            let step = turn.described(description.parameterOIDs, now: now())
            guard case .chosen = step else {
                drop(name)
                run.name = nil
                return follow(step, run)
            }
            run.phase = .typed
            return decide(run, name: name, description)
        }
    }

    private mutating func follow(_ step: ParameterTypeSearch.Step, _ run: StatementExecution) -> Action {
        switch step {
        case .prepare(let statement):
            run.form = StatementExecution.Form(statement)
            return proceed(run)
        case .chosen: return close()
        case .failed(let error): return fail(error, isFromPreparing: true)
        }
    }

    private mutating func decide(_ run: StatementExecution, name: String, _ description: StatementDescription) -> Action
    {
        // A statement that converts its columns has other types than its lock says.
        if !run.form.isWrapped { run.statement.expectation?.compare(with: description) }
        do throws(PostgresError) {
            let expected = run.form.valueCount(description.parameterOIDs)
            guard expected == run.parameterCount || run.access == .preparing else {
                throw Self.wrongCount(of: run.parameterCount, expected: expected)
            }
            var converted: [Int?] = []
            if case .returning(let columns)? = run.form.wrapping { converted = columns }
            let decision = try RowEncodingPlan.decide(
                description,
                shape: run.statement.shape,
                isWrapped: run.form.isWrapped,
                converted: converted,
                parameterSources: run.form.sources
            )
            if case .run(let plan) = decision {
                run.phase = .planned(plan, isFresh: true)
                let isNamed = statements == .named
                let entry = StatementCache.Entry(name: isNamed ? name : nil, form: run.form, plan: plan)
                if let old = cache.insert(entry, for: run.statement.id)?.name { drop(old) }
            }
            if let doubt = run.doubt, doubt.parameterOIDs == description.parameterOIDs {
                if run.plan == nil { drop(name) }
                return fail(doubt.error)
            }
            run.doubt = nil
            if case .wrap(let marks) = decision {
                drop(name)
                let wrapped = StatementExecution.Wrapped(form: run.form, description: description, marks: marks)
                run.phase = .wrapping(wrapped)
                run.form = wrapped.outside
                run.name = nil
            }
            return proceed(run)
        } catch {
            drop(name)
            return fail(error)
        }
    }

    /// Fails with the server's error about a run.
    private mutating func fail(_ error: PostgresError, of run: StatementExecution) -> Action {
        fail(run.located(error), isWrapped: run.form.isWrapped)
    }

    private mutating func fail(
        _ error: PostgresError,
        isWrapped: Bool = false,
        isFromPreparing: Bool = false
    ) -> Action {
        state = .answering
        var error = error
        if conditional != nil { error.isFromCondition = true }
        // This also releases its right to search for types.
        conditional = nil
        if isFromPreparing {
            error.isFromPreparing = true
            // No value has been sent.
            error.isMessagePlain = true
        }
        // The position counts from the beginning of the wrapped text, which the caller does not know.
        if isWrapped { error.position = nil }
        return .fail(error)
    }

    private mutating func settle() -> Action {
        state = .answering
        return .settle
    }

    private mutating func close() -> Action {
        state = .closed
        return .close
    }

    /// Marks a prepared statement to be deallocated before the next one is prepared.
    private mutating func drop(_ name: String) {
        if !name.isEmpty { garbage.append(name) }
    }

    /// Records the effect of an abandoned command on the prepared statements of the session.
    private mutating func keepTrack(_ command: PostgresCommand, _ outcome: Outcome) {
        switch (command, outcome) {
        case (.prepare(let name, _, _), .done), (.describe(let name), _): drop(name)
        case (.deallocate(let name), .done): garbage.removeAll { $0 == name }
        default: break
        }
    }

    private static func wrongCount(of count: Int, expected: Int) -> PostgresError {
        PostgresError(.invalidParameter, "the statement has \(expected) parameters, \(count) are given")
    }

    /// Returns true if an error shows that the plan of a statement is outdated: the prepared statement is gone, its
    /// result has changed, or SQL is refused that was accepted before. Names and types are resolved when a statement is
    /// prepared. Without named statements, only forms that contain or declare types depend on an earlier resolution.
    private func isOutdated(_ form: StatementExecution.Form, _ error: PostgresError) -> Bool {
        guard let sqlState = error.sqlState else { return false }
        if ["26000", "0A000"].contains(sqlState) { return true }
        // A value may name an object that does not exist, such as a text search configuration.
        return sqlState.hasPrefix("42") && error.parameter == nil && holdsOIDs(form)
    }

    /// Returns true if any other error may be due to a type, function or operator that was recreated: the server's
    /// prepared statement and our description refer to OIDs that no longer exist, which causes many kinds of errors.
    private func mayBeOutdated(_ form: StatementExecution.Form, _ error: PostgresError) -> Bool {
        guard let sqlState = error.sqlState, holdsOIDs(form) else { return false }
        return !Self.unrelated.contains { sqlState.hasPrefix($0) }
    }

    /// The SQLSTATE classes that have another cause: connections, values, constraints, cursors, transactions, errors
    /// that functions raise, foreign data, limits, states of objects, operator intervention and the system.
    private static let unrelated = [
        "08", "21", "22", "23", "24", "25", "27", "28", "2D", "2F", "34", "38", "39", "3B", "40", "44", "53", "54",
        "55", "57", "58",
        "HV", "P0",
    ]

    private func holdsOIDs(_ form: StatementExecution.Form) -> Bool {
        statements == .named || form.isWrapped || form.declaresTypes
    }

    /// Returns true if a statement may be prepared again now, and then records the time.
    private mutating func mayRenew(_ statement: PostgresStatement) -> Bool {
        let now = now()
        if let last = renewals[statement.id], now < last + Self.pause { return false }
        renewals = renewals.filter { now < $0.value + Self.pause }
        renewals[statement.id] = now
        return true
    }

    /// Returns true if a value does not fit its parameter's type (invalid text, out of range), which may have changed
    /// since the statement was prepared: a column may be a `bigint` now.
    private static func mayBeOutdatedType(_ error: PostgresError) -> Bool {
        ["22P02", "22003", "22007", "22008"].contains(error.sqlState)
    }
}
