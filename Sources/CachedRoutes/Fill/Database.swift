public import NIOCore
public import RouteModel

/// A route's statement and how its parameters are bound.
public final class SQLQuery: Sendable {
    /// The statement with `$1`, `$2`, … as parameters.
    public let sql: String
    /// For each parameter, the index of its input.
    public let parameters: [Int]
    /// For each parameter, the declared type.
    public let types: [InputType]
    /// The shape of the answer.
    public let returns: Route.Returns
    /// What the statement may do.
    public let access: Access

    /// What a statement may do.
    public enum Access: Sendable, Hashable {
        /// It reads, in a read-only transaction.
        case read(ReadPreference)
        /// It writes, in a transaction of its own.
        case write(WritePolicy)
    }

    init(sql: String, binding: [String], signature: RouteSignature, returns: Route.Returns, access: Access) {
        self.sql = sql
        self.returns = returns
        self.access = access
        parameters = binding.map { name in
            guard let index = signature.inputs.firstIndex(where: { $0.name == name }) else {
                preconditionFailure("the statement binds '\(name)', which is no input")
            }
            return index
        }
        types = parameters.map { signature.inputs[$0].type }
    }
}

/// Where statements are answered.
public protocol Database: Sendable {
    /// Runs the statement with the canonical text of its inputs and gives the JSON of its answer.
    ///
    /// - Returns: `nil` when the shape is a single row and there is none, or when the shape has no body.
    /// - Throws: ``DatabaseFailure``, by `deadline` at the latest.
    func json(
        for query: SQLQuery,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(DatabaseFailure) -> ByteBuffer?

    /// Asks whether statements can be answered now.
    ///
    /// - Throws: ``DatabaseFailure``, by `deadline` at the latest.
    func ping(deadline: NIODeadline) async throws(DatabaseFailure)
}

/// Why a statement was not answered.
public struct DatabaseFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is, which decides the status of the answer.
    public enum Kind: Sendable, Hashable {
        /// The database can't be reached.
        case away
        /// Every connection is in use and no one came back in time.
        case overloaded
        /// The deadline passed.
        case deadlineExceeded
        /// The caller left.
        case cancelled
        /// The database refused a value.
        case badValue
        /// Anything else: a statement the server refuses, for instance.
        case failed
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// What happened, for the log only.
    public let description: String

    /// A failure from its parts.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
