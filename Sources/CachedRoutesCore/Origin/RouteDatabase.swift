public import NIOCore
public import RouteModel

/// A statement that reads, and what its answer has to be for a write to be done.
public struct WriteCondition: Sendable {
    /// The statement that reads.
    public let query: SQLStatement
    /// The values of its inputs.
    public let values: InputValues
    /// Decides by the statement's answer whether the write may be done. It must not block.
    public let allows: @Sendable (DatabaseAnswer) -> Bool

    /// A condition from its parts.
    public init(_ query: SQLStatement, _ values: InputValues, allows: @escaping @Sendable (DatabaseAnswer) -> Bool) {
        self.query = query
        self.values = values
        self.allows = allows
    }
}

/// What a database answers.
public struct DatabaseAnswer: Sendable {
    /// The JSON of the answer; `nil` when the shape is a single row and there is none, or when the shape has no body.
    public let body: ByteBuffer?
    /// Whether the answer is as new as what this process knows to be committed. A replica's answer may not be; it is served
    /// and not stored.
    public let isCurrent: Bool

    /// An answer from its parts.
    public init(body: ByteBuffer?, isCurrent: Bool = true) {
        self.body = body
        self.isCurrent = isCurrent
    }
}

/// A database some of whose servers lag behind others.
package protocol LaggingDatabase: RouteDatabase {
    /// Answers a statement that reads as ``RouteDatabase/answer(to:_:deadline:)`` does. The answer is current only if the server that
    /// gave it had seen everything that was committed before the tokens were there.
    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under tokens: [TagVersion],
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer
}

/// Where statements are answered. It is asked on event loops and must not block.
public protocol RouteDatabase: Sendable {
    /// Runs the statement with the canonical text of its inputs, as its ``SQLStatement/access`` says, and gives the JSON of its
    /// answer. A write is committed when the answer is there.
    ///
    /// - Throws: ``RouteDatabaseError``, by `deadline` at the latest.
    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer

    /// Runs a statement that writes under a condition, which is asked in the same transaction before it.
    ///
    /// The statement never changes a row that others have changed since the condition was asked: the failure is then
    /// ``RouteDatabaseError/Kind/contended``, unless the condition, asked again, says what happened.
    ///
    /// - Throws: ``RouteDatabaseError``, by `deadline` at the latest; with ``RouteDatabaseError/Kind/preconditionFailed`` where the
    ///   condition is not met, and nothing was done.
    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer

    /// Asks whether statements can be answered now.
    ///
    /// - Throws: ``RouteDatabaseError``, by `deadline` at the latest.
    func ping(deadline: NIODeadline) async throws(RouteDatabaseError)
}
