public import NIOCore
public import RouteModel

/// A statement that reads, and a test of its result that decides whether a write is made.
public struct WriteCondition: Sendable {
    /// The statement that reads.
    public let query: SQLStatement
    /// The values of its inputs.
    public let values: InputValues
    /// Decides by the statement's result whether the write may be made. It must not block.
    public let allows: @Sendable (DatabaseAnswer) -> Bool

    /// Creates a condition.
    ///
    /// - Parameters:
    ///   - query: the statement that reads.
    ///   - values: the values of its inputs.
    ///   - allows: decides by the statement's result whether the write may be made; it must not block.
    package init(_ query: SQLStatement, _ values: InputValues, allows: @escaping @Sendable (DatabaseAnswer) -> Bool) {
        self.query = query
        self.values = values
        self.allows = allows
    }
}

/// The result of a statement.
public struct DatabaseAnswer: Sendable {
    /// The result as JSON; `nil` if the route returns one row and there is none, or if it returns no body.
    public let body: ByteBuffer?
    /// True if the result includes every commit that this process knows of. A replica's result may not; it is served
    /// and not stored.
    public let isCurrent: Bool

    /// Creates a result.
    ///
    /// - Parameters:
    ///   - body: the result as JSON; `nil` if there is none.
    ///   - isCurrent: false if the result may lack a commit that this process knows of.
    public init(body: ByteBuffer?, isCurrent: Bool = true) {
        self.body = body
        self.isCurrent = isCurrent
    }
}

/// A database with servers that lag behind its primary.
package protocol ReplicatedDatabase: RouteDatabase {
    /// Runs a statement that reads, as ``RouteDatabase/answer(to:_:deadline:)`` does. The result is current only if its
    /// server had replayed everything that was committed before the tag versions were created.
    ///
    /// - Parameters:
    ///   - query: the statement.
    ///   - values: the values of its inputs.
    ///   - tokens: the tag versions under which the result would be stored.
    ///   - deadline: the time by which the result has to be there.
    /// - Throws: ``RouteDatabaseError``, by `deadline` at the latest.
    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under tokens: [TagVersion],
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer
}

/// Work in progress that can be given up.
package struct CancellableWork: Sendable {
    /// Gives the work up. It may be called on any thread, and has no effect on work that is done.
    package let cancel: @Sendable () -> Void

    /// Creates work.
    ///
    /// - Parameter cancel: gives the work up.
    package init(cancel: @escaping @Sendable () -> Void) { self.cancel = cancel }

    /// The work of a task.
    init(_ task: Task<Void, Never>) { cancel = { task.cancel() } }
}

/// A database that runs statements without tasks.
package protocol CallbackDatabase: RouteDatabase {
    /// Runs a statement that reads, as ``RouteDatabase/answer(to:_:deadline:)`` does.
    ///
    /// - Parameters:
    ///   - query: the statement.
    ///   - values: the values of its inputs.
    ///   - deadline: the time by which the result has to be there.
    ///   - eventLoop: the event loop on which `completion` is called.
    ///   - completion: takes the result, once, by `deadline` at the latest.
    /// - Returns: the work, for its cancellation.
    func read(
        _ query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (Result<DatabaseAnswer, RouteDatabaseError>) -> Void
    ) -> CancellableWork
}

/// A database that can prepare statements without executing them.
package protocol PreparingDatabase: RouteDatabase {
    /// Prepares a statement as it is prepared before its first execution, and executes nothing.
    ///
    /// - Parameters:
    ///   - query: the statement. It may write.
    ///   - deadline: the time by which the database has to respond.
    /// - Throws: ``RouteDatabaseError`` if the statement can't be prepared, by `deadline` at the latest.
    func prepare(_ query: SQLStatement, deadline: NIODeadline) async throws(RouteDatabaseError)
}

/// A database that keeps something for each statement that it has run.
package protocol StatementKeepingDatabase: RouteDatabase {
    /// Drops what is kept for statements that no route has any more. One that runs again is kept again.
    func forget(_ statements: [SQLStatement])
}

/// A database that runs the statements of routes. Its methods are called on event loops and must not block.
public protocol RouteDatabase: Sendable {
    /// Runs a statement with the canonical texts of its inputs, in the way that its ``SQLStatement/access`` says. A
    /// write is committed when the method returns.
    ///
    /// - Parameters:
    ///   - query: the statement.
    ///   - values: the values of its inputs.
    ///   - deadline: the time by which the result has to be there.
    /// - Returns: the result as JSON.
    /// - Throws: ``RouteDatabaseError``, by `deadline` at the latest.
    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer

    /// Runs a statement that writes under a condition, which is evaluated before it in the same transaction.
    ///
    /// The statement never changes a row that others have changed since the condition was evaluated: that fails with
    /// ``RouteDatabaseError/Code/contended``, unless the condition, evaluated again, is no longer met.
    ///
    /// - Parameters:
    ///   - query: the statement that writes.
    ///   - values: the values of its inputs.
    ///   - condition: the condition.
    ///   - deadline: the time by which the result has to be there.
    /// - Returns: the result as JSON.
    /// - Throws: ``RouteDatabaseError``, by `deadline` at the latest; ``RouteDatabaseError/Code/preconditionFailed`` if
    ///   the condition is not met, and nothing was written.
    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer

    /// Checks that statements can be run now.
    ///
    /// - Parameter deadline: the time by which the database has to respond.
    /// - Throws: ``RouteDatabaseError`` if it does not, by `deadline` at the latest.
    func ping(deadline: NIODeadline) async throws(RouteDatabaseError)
}
