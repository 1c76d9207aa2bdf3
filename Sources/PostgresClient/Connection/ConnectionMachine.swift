/// What one connection is doing, and what it has to do next: preparing, describing, wrapping, running, healing,
/// draining.
///
/// Its events come from whoever drives the connection: a statement to run, all results of the last command read, a
/// caller who no longer waits, a cancel request that returned. Each is answered by the one action that follows. It
/// knows no sockets.
struct ConnectionMachine {
    /// Something to send to the server.
    enum Command: Equatable {
        case prepare(name: String, sql: String, types: [UInt32])
        case describe(name: String)
        case execute(name: String)
        case deallocate(String)
        case rollback
    }

    enum Action {
        /// Nothing to do until the next event.
        case wait
        /// Send this, read all its results and report them by ``ConnectionMachine/completed(_:)``.
        case send(Command)
        /// The result in hand is the answer: encode it, answer, and report by ``ConnectionMachine/answered(_:)``.
        case encode(ResultPlan)
        /// Answer with this error and report by ``ConnectionMachine/answered(_:)``.
        case fail(PostgresError)
        /// Ask the server to cancel, report the request's return by ``ConnectionMachine/cancelReturned()``, and
        /// meanwhile read what comes and report it as before.
        case cancel
        /// Report the session's transaction status by ``ConnectionMachine/answered(_:)``; nobody waits for an answer.
        case settle
        /// The connection is ready for the next statement.
        case release
        /// The session's state is not known: close it.
        case close
    }

    /// What the results of a command say.
    enum Outcome {
        case done
        case rows
        case described(StatementDescription)
        case failed(PostgresError)
    }

    /// The session's transaction status after a command.
    enum TransactionStatus { case idle, inTransaction, unknown }

    private enum Step {
        /// The statement is being looked up.
        case starting
        /// A prepared statement that is no longer wanted is being dropped.
        case discarding(name: String)
        case preparing(name: String, sql: String, types: [UInt32])
        case describing(name: String)
        case executing(name: String, plan: ResultPlan)
    }

    private struct Run {
        let statement: PostgresStatement
        let parameterCount: Int
        var step: Step
        /// Whether the statement has been prepared for this run, so that preparing it again would change nothing.
        var isFresh = false
        var usesDeclaredTypes = false
        var isWrapped = false
    }

    private enum State {
        case idle
        case running(Run)
        case answering
        case draining(Step, isRead: Bool, cancelReturned: Bool)
        case rollingBack
        case closed
    }

    private var state = State.idle
    private var cache: StatementCache
    /// Names of prepared statements on the server that nobody uses any more; dropped before the next one is prepared.
    private var garbage: [String] = []
    private let namePrefix: String
    private var lastName = 0

    /// - Parameter namePrefix: what the names of prepared statements begin with; part of an SQL identifier.
    init(maximumPreparedStatements: Int, namePrefix: String) {
        cache = StatementCache(capacity: maximumPreparedStatements)
        self.namePrefix = namePrefix
    }

    var isIdle: Bool { if case .idle = state { true } else { false } }
    var isDraining: Bool { if case .draining = state { true } else { false } }

    // MARK: - Events

    /// A statement is to be run with this many parameters.
    mutating func start(_ statement: PostgresStatement, parameterCount: Int) -> Action {
        guard case .idle = state else { return close() }
        var run = Run(statement: statement, parameterCount: parameterCount, step: .starting)
        guard let entry = cache.use(statement.id) else { return prepare(run) }
        guard entry.plan.parameterCount == parameterCount else {
            return fail(Self.wrongCount(of: parameterCount, expected: entry.plan.parameterCount))
        }
        run.step = .executing(name: entry.name, plan: entry.plan)
        state = .running(run)
        return .send(.execute(name: entry.name))
    }

    /// All results of the command that was sent last have been read.
    mutating func completed(_ outcome: Outcome) -> Action {
        switch state {
        case .running(let run): return advance(run, outcome)
        case .draining(let step, false, let cancelReturned):
            keepTrack(step, outcome)
            state = .draining(step, isRead: true, cancelReturned: cancelReturned)
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
        case .running(let run):
            state = .draining(run.step, isRead: false, cancelReturned: false)
            return .cancel
        case .answering: return .settle
        case .idle, .draining, .rollingBack, .closed: return .wait
        }
    }

    /// The cancel request has been delivered, or has failed for good: it cannot reach a later statement.
    mutating func cancelReturned() -> Action {
        guard case .draining(let step, let isRead, false) = state else { return .wait }
        state = .draining(step, isRead: isRead, cancelReturned: true)
        return isRead ? settle() : .wait
    }

    // MARK: - Steps

    private mutating func advance(_ run: Run, _ outcome: Outcome) -> Action {
        var run = run
        switch (run.step, outcome) {
        case (.discarding(let name), _):
            // One that cannot be dropped is missing already.
            garbage.removeAll { $0 == name }
            return prepare(run)
        case (.preparing(let name, _, _), .done):
            run.step = .describing(name: name)
            state = .running(run)
            return .send(.describe(name: name))
        case (.preparing(let name, let sql, _), .failed(let error)):
            guard Self.needsTypes(error), !run.usesDeclaredTypes,
                run.statement.parameterTypes.contains(where: { $0 != nil })
            else { return fail(error, isWrapped: run.isWrapped) }
            run.usesDeclaredTypes = true
            return prepare(run, name: name, sql: sql, types: run.statement.parameterTypes.map { $0?.oid ?? 0 })
        case (.describing(let name), .described(let description)):
            return decide(run, name: name, description)
        case (.describing(let name), .failed(let error)):
            garbage.append(name)
            return fail(error)
        case (.executing(_, let plan), .rows), (.executing(_, let plan), .done):
            state = .answering
            return .encode(plan)
        case (.executing(let name, let plan), .failed(let error)):
            guard !run.isFresh, Self.isOutdated(plan, error) else { return fail(error, isWrapped: plan.isWrapped) }
            cache.remove(run.statement.id)
            if error.sqlState != "26000" { garbage.append(name) }
            return prepare(run)
        default:
            return close()
        }
    }

    /// Prepares the statement as it is written, after what is no longer wanted has been dropped.
    private mutating func prepare(_ run: Run) -> Action {
        var run = run
        if let name = garbage.first {
            run.step = .discarding(name: name)
            state = .running(run)
            return .send(.deallocate(name))
        }
        return prepare(run, name: nextName(), sql: run.statement.sql, types: [])
    }

    private mutating func prepare(_ run: Run, name: String, sql: String, types: [UInt32]) -> Action {
        var run = run
        run.isFresh = true
        run.step = .preparing(name: name, sql: sql, types: types)
        state = .running(run)
        return .send(.prepare(name: name, sql: sql, types: types))
    }

    private mutating func decide(_ run: Run, name: String, _ description: StatementDescription) -> Action {
        var run = run
        do throws(PostgresError) {
            guard description.parameterOIDs.count == run.parameterCount else {
                throw Self.wrongCount(of: run.parameterCount, expected: description.parameterOIDs.count)
            }
            switch try ResultPlan.decide(description, shape: run.statement.shape, isWrapped: run.isWrapped) {
            case .run(let plan):
                if let old = cache.insert(.init(name: name, plan: plan), for: run.statement.id) {
                    garbage.append(old.name)
                }
                run.step = .executing(name: name, plan: plan)
                state = .running(run)
                return .send(.execute(name: name))
            case .wrap(let marks):
                garbage.append(name)
                run.isWrapped = true
                run.usesDeclaredTypes = true
                let columns = zip(description.columns, marks).map { (name: $0.name, isConverted: $1) }
                let sql = SQLWrapper.wrap(run.statement.sql, columns: columns)
                return prepare(run, name: nextName(), sql: sql, types: description.parameterOIDs)
            }
        } catch {
            garbage.append(name)
            return fail(error)
        }
    }

    private mutating func fail(_ error: PostgresError, isWrapped: Bool = false) -> Action {
        state = .answering
        var error = error
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

    private mutating func nextName() -> String {
        lastName += 1
        return "\(namePrefix)\(lastName)"
    }

    /// Notes what an abandoned step has left on the server.
    private mutating func keepTrack(_ step: Step, _ outcome: Outcome) {
        switch (step, outcome) {
        case (.preparing(let name, _, _), .done), (.describing(let name), _): garbage.append(name)
        case (.discarding(let name), .done): garbage.removeAll { $0 == name }
        default: break
        }
    }

    private static func wrongCount(of count: Int, expected: Int) -> PostgresError {
        PostgresError(.invalidParameter, "the statement has \(expected) parameters, \(count) are given")
    }

    /// Whether the server could not infer a parameter's type: indeterminate, ambiguous, or an ambiguous operator over
    /// it.
    private static func needsTypes(_ error: PostgresError) -> Bool {
        ["42P18", "42P08", "42725"].contains(error.sqlState)
    }

    /// Whether an error says that the prepared statement no longer fits the database: gone, its result changed, or,
    /// where it names the columns of a wrapped statement, any complaint about the SQL.
    private static func isOutdated(_ plan: ResultPlan, _ error: PostgresError) -> Bool {
        guard let sqlState = error.sqlState else { return false }
        return ["26000", "0A000"].contains(sqlState) || plan.isWrapped && sqlState.hasPrefix("42")
    }
}
