public import CachedRoutes
public import NIOCore
import Synchronization

/// A database that answers from a closure and counts what it was asked.
public final class CannedDatabase: RouteDatabase {
    /// Gives the JSON of an answer; `nil`: no row. It runs on event loops and must not block.
    public typealias Answer = @Sendable (SQLStatement, InputValues) async throws(RouteDatabaseError) -> String?

    private let state: Mutex<(answer: Answer, count: Int)>

    /// A database that answers every statement by `answer`.
    public init(_ answer: @escaping Answer) {
        state = Mutex((answer, 0))
    }

    /// A database that answers every statement with the same JSON.
    public convenience init(json: String) {
        self.init { _, _ in json }
    }

    /// How many statements were asked.
    public var queryCount: Int { state.withLock { $0.count } }

    /// Changes what is answered from now on.
    public func answer(_ answer: @escaping Answer) {
        state.withLock { $0.answer = answer }
    }

    /// Answers from the closure, and counts.
    public func answer(
        to query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        let answer = state.withLock { state in
            state.count += 1
            return state.answer
        }
        return DatabaseAnswer(body: try await answer(query, values).map { ByteBuffer(string: $0) })
    }

    /// Answers the condition's statement, then, if that allows it, the write, each from the closure.
    public func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        let current = try await answer(to: condition.query, condition.values, deadline: deadline)
        guard condition.allows(current) else {
            throw RouteDatabaseError(.preconditionFailed, "the condition is not met")
        }
        return try await answer(to: query, values, deadline: deadline)
    }

    /// Always succeeds.
    public func ping(deadline: NIODeadline) async throws(RouteDatabaseError) {}
}
