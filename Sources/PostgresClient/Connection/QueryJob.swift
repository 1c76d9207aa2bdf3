import NIOCore
import Synchronization

/// One query on its way: what to run, and who waits for it. It is answered once; whoever comes second is told so.
final class QueryJob: Identifiable, Sendable {
    typealias Answer = Result<JSONAnswer, PostgresError>

    private enum State {
        case created
        case waiting(CheckedContinuation<Answer, Never>)
        /// Answered before anyone waited.
        case answered(Answer)
        case finished
    }

    let id: UInt64
    let statement: PostgresStatement
    let parameters: PostgresParameters
    let access: StatementAccess
    let condition: PostgresCondition?
    let deadline: NIODeadline
    private let state = Mutex(State.created)
    private let hasRetried = Atomic(false)
    private static let lastID = Atomic<UInt64>(0)

    init(
        statement: PostgresStatement,
        parameters: PostgresParameters,
        access: StatementAccess,
        condition: PostgresCondition? = nil,
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
    var concurrency: StatementConcurrency { statement.concurrency }

    /// Sets who waits. False when the answer is there already and has been delivered.
    func attach(_ continuation: CheckedContinuation<Answer, Never>) -> Bool {
        let early: Answer? = state.withLock { state in
            if case .answered(let answer) = state {
                state = .finished
                return answer
            }
            state = .waiting(continuation)
            return nil
        }
        if let early { continuation.resume(returning: early) }
        return early == nil
    }

    /// Answers. False when it had been answered before.
    @discardableResult
    func finish(_ answer: Answer) -> Bool {
        let (isFirst, continuation): (Bool, CheckedContinuation<Answer, Never>?) = state.withLock { state in
            switch state {
            case .created:
                state = .answered(answer)
                return (true, nil)
            case .waiting(let continuation):
                state = .finished
                return (true, continuation)
            case .answered, .finished:
                return (false, nil)
            }
        }
        continuation?.resume(returning: answer)
        return isFirst
    }

    /// Whether it may be run once more after its connection broke; true once.
    func mayRetry() -> Bool {
        !hasRetried.exchange(true, ordering: .relaxed)
    }

    /// Whether it has been answered.
    var isFinished: Bool {
        state.withLock { state in
            switch state {
            case .created, .waiting: false
            case .answered, .finished: true
            }
        }
    }
}
