public import CachedRoutes
package import CachedRoutesCore
public import NIOCore
import Synchronization

/// A database that responds from closures and counts its statements.
///
/// ```swift
/// let database = CannedDatabase()
/// database.answer(Routes.GetUser.self) { input in
///     input.id == 7 ? Routes.GetUser.Row(id: 7, name: "Ada") : nil
/// }
/// ```
public final class CannedDatabase: RouteDatabase {
    /// Returns the JSON of a response, or `nil` for no row. It runs on event loops and must not block.
    public typealias Answer = @Sendable (SQLStatement, InputValues) async throws(RouteDatabaseError) -> String?

    /// The name of a route among those of all manifests.
    private struct Name: Hashable {
        let namespace: String
        let name: String

        init<Route: RouteNamespace>(_ route: Route.Type) {
            namespace = Route.declaration.signature.namespace
            name = Route.declaration.name
        }

        init(_ statement: SQLStatement) {
            namespace = statement.namespace
            name = statement.route
        }
    }

    private struct State {
        var answer: Answer
        /// The closures of routes that have their own.
        var answers: [Name: Answer] = [:]
        var counts: [Name: Int] = [:]
    }

    private let state: Mutex<State>

    /// Makes a database that calls `answer` for every statement of a route without a closure of its own.
    public init(_ answer: @escaping Answer) {
        state = Mutex(State(answer: answer))
    }

    /// Makes a database with the same JSON for every statement of a route without a closure of its own.
    public convenience init(json: String) {
        self.init { _, _ in json }
    }

    /// Makes a database whose statements fail, except those of routes with a closure of their own.
    public convenience init() {
        self.init { statement, _ throws(RouteDatabaseError) in
            throw RouteDatabaseError(
                .failed,
                "the CannedDatabase has no answer for the route '\(statement.route)' of '\(statement.namespace)'"
            )
        }
    }

    /// The number of statements that have been run.
    public var queryCount: Int { state.withLock { $0.counts.values.reduce(0, +) } }

    /// Returns the number of times that a route's statement has been run.
    public func queryCount<Route: RouteNamespace>(of route: Route.Type) -> Int {
        state.withLock { $0.counts[Name(route)] ?? 0 }
    }

    /// Replaces the closure for all routes without one of their own.
    public func answer(_ answer: @escaping Answer) {
        state.withLock { $0.answer = answer }
    }

    /// Sets the closure for a route, or replaces it.
    ///
    /// - Parameters:
    ///   - route: the route, such as `Routes.GetUser.self`.
    ///   - answer: returns the rows for given inputs, or `nil` for no row, as a route with `returns: none` has. It runs on event
    ///     loops and must not block.
    public func answer<Route: RouteNamespace>(
        _ route: Route.Type,
        _ answer: @escaping @Sendable (Route.Input) async throws(RouteDatabaseError) -> Route.Response?
    ) where Route.Response: Encodable {
        let name = Name(route)
        let encoded: Answer = { statement, values throws(RouteDatabaseError) in
            guard let response = try await answer(Route.input(of: values)), statement.returns != .none else {
                return nil
            }
            do {
                return String(decoding: try RowEncoder().encode(response), as: UTF8.self)
            } catch {
                throw RouteDatabaseError(.failed, "the answer for the route '\(name.name)' is not JSON: \(error)")
            }
        }
        state.withLock { $0.answers[name] = encoded }
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
        let name = Name(query)
        let answer = state.withLock { state in
            state.counts[name, default: 0] += 1
            return state.answers[name] ?? state.answer
        }
        return DatabaseAnswer(body: try await answer(query, values).map { ByteBuffer(string: $0) })
    }

    /// Runs the condition's statement and, if the condition holds, the write, each by its closure.
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
