import NIOCore

/// What one connection is doing, and what it has to do next: preparing, describing, wrapping, running, committing,
/// healing, draining.
///
/// Its events come from whoever drives the connection: a statement to run, all results of the last command read, a
/// caller who no longer waits, a cancel request that returned. Each is answered by the one action that follows. It
/// knows no sockets.
struct PostgresConnectionStateMachine {
    enum Action {
        /// Nothing to do until the next event.
        case wait
        /// Send this, read all its results and report them by ``PostgresConnectionStateMachine/completed(_:)``.
        case send(PostgresCommand)
        /// Send this, turn its rows into JSON as they come, and report by ``PostgresConnectionStateMachine/completed(_:)``.
        case execute(PostgresCommand, RowEncodingPlan)
        /// The rows that were read are those of the write's condition: report its decision by
        /// ``PostgresConnectionStateMachine/decided(_:)``.
        case decide
        /// The rows that were read are the answer: give it, and report by ``PostgresConnectionStateMachine/answered(_:)``.
        case answer
        /// Answer with this error and report by ``PostgresConnectionStateMachine/answered(_:)``.
        case fail(PostgresError)
        /// Ask the server to cancel, report the request's return by ``PostgresConnectionStateMachine/cancelReturned()``, and
        /// meanwhile read what comes and report it as before.
        case cancel
        /// Read what comes and report it as before; there is nothing to cancel.
        case drain
        /// Report the session's transaction status by ``PostgresConnectionStateMachine/answered(_:)``; nobody waits for an answer.
        case settle
        /// The connection is ready for the next statement.
        case release
        /// The session's state is not known: close it.
        case close
    }

    /// What the results of a command say.
    enum Outcome {
        case done
        case described(StatementDescription)
        /// The transaction has begun, and this is the isolation that it would have had by default.
        case begun(defaultIsolation: String)
        case failed(PostgresError)
        /// The rows are other than planned.
        case mismatched
        /// The rows could be read, but can't be an answer.
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
    /// The write whose condition is being asked.
    private var conditional: StatementExecution?
    private var cache: StatementCache
    /// Names of prepared statements on the server that nobody uses any more; dropped before the next one is prepared.
    private var garbage: [String] = []
    private let statements: PostgresConfiguration.Statements
    private let mayBeStandby: Bool
    private let namePrefix: String
    private var lastName = 0
    /// The limit that the session has for the time of its statements.
    private var timeLimit = StatementTimeout.unset
    /// The times at which statements were prepared anew after an error that may have other causes.
    private var renewals: [UInt64: NIODeadline] = [:]
    /// Statements that failed in a pipeline in a way that may come from an outdated plan: each is started the next time, which
    /// heals it.
    private var doubtful: Set<UInt64> = []
    /// The isolation that a write under a condition has in this session where none is declared.
    private var conditionIsolation = PostgresTransactionOptions.Isolation.repeatableRead
    private let now: @Sendable () -> NIODeadline
    /// The time for which such an error is the answer after that: it would not go away.
    private static let pause = TimeAmount.seconds(5)

    /// - Parameter namePrefix: what the names of prepared statements begin with; part of an SQL identifier.
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

    /// True while the statement that runs is the condition of a write.
    var isAskingCondition: Bool { conditional != nil }

    /// Whether COMMIT has been sent and the server's answer to it has not been read.
    var isCommitting: Bool {
        switch state {
        case .running(let run): run.command == .commit
        case .draining(.commit, isRead: false, _): true
        case .idle, .answering, .draining, .rollingBack, .closed: false
        }
    }

    // MARK: - Events

    /// A statement is to be run with this many parameters.
    ///
    /// - Parameter condition: the statement of a write's condition, which is asked first in the write's transaction.
    /// - Parameter time: the time for which its answer is waited for; `nil`: nobody says.
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
        var run = StatementExecution(
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
        // Without named statements the transaction has the limit.
        run.isLimited = statements == .unnamed || limit <= timeLimit
        if let entry = cache.use(statement.id) {
            let expected = entry.form.valueCount(entry.plan.parameterOIDs)
            guard expected == parameterCount else {
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

    /// The condition of the write has been asked, and allows it or not.
    mutating func decided(_ isAllowed: Bool) -> Action {
        guard case .running(var run) = state, run.isCondition else { return close() }
        guard isAllowed else { return fail(PostgresError(.conditionNotMet, "the condition of the write is not met")) }
        run.command = .releaseSavepoint
        state = .running(run)
        return .send(.releaseSavepoint)
    }

    /// All results of the command that was sent last have been read.
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

    /// The caller has an answer, or wants none any more, and the session is in this transaction status.
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

    /// The caller does not wait any more.
    mutating func abandon() -> Action {
        switch state {
        case .running(let run) where run.command == .commit:
            // Cancelled, it would be committed all the same, only without waiting for what makes it safe.
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

    /// The cancel request has been delivered, or has failed for good: it cannot reach a later statement.
    mutating func cancelReturned() -> Action {
        guard case .draining(let command, let isRead, false) = state else { return .wait }
        state = .draining(command, isRead: isRead, cancelReturned: true)
        return isRead ? settle() : .wait
    }

    // MARK: - Pipelines

    /// The prepared statement that a read executes with no other command before or behind it, in the form that was found out
    /// for it; `nil`: the statement has to be started.
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

    /// The error with which a statement of a pipeline fails; `nil`: it may come from an outdated plan, and the statement has to
    /// be started to find that out.
    mutating func failure(_ error: PostgresError, of statement: PostgresStatement) -> PostgresError? {
        guard error.sqlState != nil, let entry = cache.use(statement.id), !isOutdated(entry.form, error),
            !Self.mayBeOutdatedType(error), !mayBeOutdated(entry.form, error)
        else { return nil }
        var located = StatementExecution.located(error, parameterOIDs: entry.plan.parameterOIDs, entry.form)
        // It would count from the beginning of a text that nobody else knows.
        if entry.form.isWrapped { located.position = nil }
        return located
    }

    /// Has a statement started the next time.
    mutating func doubt(_ statement: PostgresStatement) {
        doubtful.insert(statement.id)
    }

    // MARK: - Steps

    /// Sends what brings the run further.
    private mutating func proceed(_ run: StatementExecution) -> Action {
        var run = run
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
        var run = run
        switch (run.command, outcome) {
        case (.locate, .done):
            run.isLocated = true
            return proceed(run)
        case (.limit, .done):
            timeLimit = run.timeLimit
            run.isLimited = true
            return proceed(run)
        case (.limit, .failed):
            // It is for the case that this process dies; that a server has no such thing is no reason to do nothing.
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
                // The next transaction may be in another session, behind a pooler even with another server.
                run.name = nil
                run.isLocated = run.access != .read(findsPosition: true)
            }
            return proceed(run)
        case (.deallocate(let name), _):
            // One that cannot be dropped is missing already.
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
            guard var write = conditional else { return close() }
            conditional = nil
            write.block = .open
            return proceed(write)
        case (.execute, .done), (.executeUnnamed, .done):
            // It was that, and may be so again.
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
                // Of an internal error nobody knows whether types have anything to do with it.
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
            // The error is not about the condition that the block begins with.
            conditional = nil
            // A standby knows no transaction that writes: the same as a server that was made read-only.
            guard run.access.isWrite, error.sqlState == "0A000" else { return fail(error) }
            return fail(PostgresError(.server(sqlState: "25006"), error.message))
        case (.locate, .failed(let error)), (.releaseSavepoint, .failed(let error)), (.commit, .failed(let error)):
            return fail(error)
        default:
            return close()
        }
    }

    /// Forgets everything that was found out, to begin anew with the statement as it was written.
    private mutating func startOver(_ run: StatementExecution, isMissing: Bool) -> Action {
        var run = run
        cache.remove(run.statement.id)
        if let name = run.name, !isMissing { drop(name) }
        run.breakBlock()
        return retype(run)
    }

    /// Begins with the types of the parameters.
    private mutating func retype(_ run: StatementExecution) -> Action {
        var run = run
        return run.chooseTypes(now: now()) ? proceed(run) : fail(.typesAreSought)
    }

    /// The server has refused to prepare the statement.
    private mutating func refused(_ run: StatementExecution, _ error: PostgresError) -> Action {
        var run = run
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
            // The types that were known are so no longer.
            guard !run.isRetyped, !typing.isRefused(error, now: now()) else {
                return fail(error, isFromPreparing: true)
            }
            run.isRetyped = true
            let refused = run.form
            typing.forget(refused.typed)
            guard run.chooseTypes(now: now()) else { return fail(.typesAreSought) }
            switch run.phase {
            case .searching(let turn) where run.form == refused: return follow(turn.refused(error, now: now()), run)
            case .typed where run.form == refused: return fail(error, isFromPreparing: true)
            default: return proceed(run)
            }
        }
    }

    /// The statement is prepared, and this is what the server says of it.
    private mutating func described(_ run: StatementExecution, name: String, _ description: StatementDescription)
        -> Action
    {
        var run = run
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
        var run = run
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
        var run = run
        do throws(PostgresError) {
            let expected = run.form.valueCount(description.parameterOIDs)
            guard expected == run.parameterCount else {
                throw Self.wrongCount(of: run.parameterCount, expected: expected)
            }
            var converted: [Int?] = []
            if case .returning(let columns)? = run.form.wrapping { converted = columns }
            let decision = try RowEncodingPlan.decide(
                description,
                shape: run.statement.shape,
                isWrapped: run.form.isWrapped,
                converted: converted
            )
            if case .run(var plan) = decision {
                plan.parameterSources = run.form.sources
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

    /// Fails with what the server said of a run.
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
        // With it goes the turn to search for its types.
        conditional = nil
        if isFromPreparing {
            error.isFromPreparing = true
            // No value has been sent.
            error.isMessagePlain = true
        }
        // It would count from the beginning of a text that nobody else knows.
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

    /// Has a prepared statement dropped before the next one is prepared.
    private mutating func drop(_ name: String) {
        if !name.isEmpty { garbage.append(name) }
    }

    /// Notes what an abandoned command has left on the server.
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

    /// Whether an error says that what is known of a statement no longer fits the database: it is gone, its result
    /// changed, or there is a complaint about SQL that was accepted before. Names and types were looked up when it was
    /// prepared; without names, they are ours only where we have written them.
    private func isOutdated(_ form: StatementExecution.Form, _ error: PostgresError) -> Bool {
        guard let sqlState = error.sqlState else { return false }
        if ["26000", "0A000"].contains(sqlState) { return true }
        // A value may name what isn't there, such as a text search configuration.
        return sqlState.hasPrefix("42") && error.parameter == nil && holdsOIDs(form)
    }

    /// Whether any other error may come from a type, function or operator that was made again: the server knows what it prepared,
    /// and we what it described, by numbers that nothing has any more, and says so in many ways.
    private func mayBeOutdated(_ form: StatementExecution.Form, _ error: PostgresError) -> Bool {
        guard let sqlState = error.sqlState, holdsOIDs(form) else { return false }
        return !Self.unrelated.contains { sqlState.hasPrefix($0) }
    }

    /// The classes of errors that say enough: of connections, values, constraints, transactions, functions that raise them, limits,
    /// states of objects, operators and the system.
    private static let unrelated = [
        "08", "21", "22", "23", "24", "25", "27", "28", "2D", "2F", "34", "38", "39", "3B", "40", "44", "53", "54",
        "55", "57", "58",
        "HV", "P0",
    ]

    private func holdsOIDs(_ form: StatementExecution.Form) -> Bool {
        statements == .named || form.isWrapped || form.declaresTypes
    }

    /// Whether it is time to look at a statement anew; if so, it is not for a while.
    private mutating func mayRenew(_ statement: PostgresStatement) -> Bool {
        let now = now()
        if let last = renewals[statement.id], now < last + Self.pause { return false }
        renewals = renewals.filter { now < $0.value + Self.pause }
        renewals[statement.id] = now
        return true
    }

    /// Whether a value does not fit its parameter's type (invalid text, out of range), which may have been another one
    /// when the statement was prepared: a column that has become a `bigint` since.
    private static func mayBeOutdatedType(_ error: PostgresError) -> Bool {
        ["22P02", "22003", "22007", "22008"].contains(error.sqlState)
    }
}
