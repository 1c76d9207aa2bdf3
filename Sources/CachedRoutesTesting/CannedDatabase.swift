public import CachedRoutes
public import NIOCore
import Synchronization

/// A database that responds from a closure and counts its statements.
public final class CannedDatabase: RouteDatabase {
    /// Returns the JSON of a response, or `nil` for no row. It runs on event loops and must not block.
    public typealias Answer = @Sendable (SQLStatement, InputValues) async throws(RouteDatabaseError) -> String?

    private let state: Mutex<(answer: Answer, count: Int)>

    /// Makes a database that calls `answer` for every statement.
    public init(_ answer: @escaping Answer) {
        state = Mutex((answer, 0))
    }

    /// Makes a database with the same JSON for every statement.
    public convenience init(json: String) {
        self.init { _, _ in json }
    }

    /// The number of statements that have been run.
    public var queryCount: Int { state.withLock { $0.count } }

    /// Replaces the closure.
    public func answer(_ answer: @escaping Answer) {
        state.withLock { $0.answer = answer }
    }

    /// Counts the statement and returns the closure's JSON.
    ///
    /// - Parameters:
    ///   - query: the statement.
    ///   - values: the values of the route's inputs.
    ///   - deadline: ignored.
    /// - Throws: the closure's `RouteDatabaseError`.
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

    /// Runs the condition's statement and, if the condition holds, the write, each by the closure.
    ///
    /// - Parameters:
    ///   - query: the statement that writes.
    ///   - values: the values of the route's inputs.
    ///   - condition: the condition of the write.
    ///   - deadline: ignored.
    /// - Throws: the closure's `RouteDatabaseError`, or one with the code `preconditionFailed` if the condition does not
    ///   hold.
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

    /// Does nothing.
    ///
    /// - Parameter deadline: ignored.
    /// - Throws: never.
    public func ping(deadline: NIODeadline) async throws(RouteDatabaseError) {}
}
