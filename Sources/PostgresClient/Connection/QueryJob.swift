import NIOCore
import Synchronization

/// A query: the statement to run, and the completion that receives its answer. It is answered once.
final class QueryJob: Identifiable, Sendable {
    typealias Answer = Result<JSONAnswer, PostgresError>

    private enum State {
        case created
        /// The completion is called with the answer, on the thread that provides it.
        case waiting(@Sendable (Answer) -> Void)
        /// Answered before there was a completion.
        case answered(Answer)
        case finished
    }

    let id: UInt64
    let statement: PostgresStatement
    let parameters: PostgresParameters
    let access: StatementAccess
    let condition: PostgresWriteCondition?
    let deadline: NIODeadline
    private let state = Mutex(State.created)
    private let hasRetried = Atomic(false)
    private let isLoner = Atomic(false)
    private static let lastID = Atomic<UInt64>(0)

    init(
        statement: PostgresStatement,
        parameters: PostgresParameters,
        access: StatementAccess,
        condition: PostgresWriteCondition? = nil,
        deadline: NIODeadline
    ) {
        self.statement = statement
        self.parameters = parameters
        self.access = access
        self.condition = condition
        self.deadline = deadline
        id = Self.lastID.add(1, ordering: .relaxed).newValue
    }

    var group: UInt64 { statement.id }
    var concurrency: StatementConcurrencyLimit { statement.concurrency }

    /// Indicates that other queries may be in flight on the same connection: this one is a read with small parameters,
    /// its statement has lately been fast and small, and it has not been moved to a connection of its own.
    var mayShareConnection: Bool {
        guard access == .read(findsPosition: false), condition == nil, !isLoner.load(ordering: .relaxed) else {
            return false
        }
        // A statement without columns may be one that controls a transaction.
        return statement.shape != .none && statement.cost.isLight && parameters.size <= Self.smallParameters
    }

    private static let smallParameters = 16 * 1024

    /// Makes the query run on a connection of its own from now on.
    func takeOwnConnection() {
        isLoner.store(true, ordering: .relaxed)
    }

    /// Sets the completion.
    ///
    /// - Returns: false if there was an answer already, which has been delivered.
    func attach(_ completion: @escaping @Sendable (Answer) -> Void) -> Bool {
        let early: Answer? = state.withLock { state in
            if case .answered(let answer) = state {
                state = .finished
                return answer
            }
            state = .waiting(completion)
            return nil
        }
        if let early { completion(early) }
        return early == nil
    }

    /// Answers the query.
    ///
    /// - Returns: false if it had been answered before.
    @discardableResult
    func finish(_ answer: Answer) -> Bool {
        let (isFirst, completion): (Bool, (@Sendable (Answer) -> Void)?) = state.withLock { state in
            switch state {
            case .created:
                state = .answered(answer)
                return (true, nil)
            case .waiting(let completion):
                state = .finished
                return (true, completion)
            case .answered, .finished:
                return (false, nil)
            }
        }
        completion?(answer)
        return isFirst
    }

    /// Returns true once: a query may be repeated once after its connection broke.
    func mayRetry() -> Bool {
        !hasRetried.exchange(true, ordering: .relaxed)
    }

    /// Indicates that the query has been answered.
    var isFinished: Bool {
        state.withLock { state in
            switch state {
            case .created, .waiting: false
            case .answered, .finished: true
            }
        }
    }
}
