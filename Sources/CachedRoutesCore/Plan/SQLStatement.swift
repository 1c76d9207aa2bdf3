public import RouteModel

/// A route's statement and how its parameters are bound.
public final class SQLStatement: Sendable {
    /// The statement with `$1`, `$2`, … as parameters.
    public let sql: String
    /// For each parameter, what is bound to it.
    public let parameters: [BoundParameter]
    /// For each parameter, the declared type; whether an input is given is a `bool`.
    public let types: [InputType]
    /// The shape of the answer.
    public let returns: RouteDeclaration.Returns
    /// What the statement may do.
    public let access: Access
    /// The number of its queries that may be under way at once; `nil`: a share that leaves something to others.
    public let concurrency: Int?

    /// What a statement may do.
    public enum Access: Sendable, Hashable {
        /// It reads, in a read-only transaction.
        case read(RouteDeclaration.ReadPreference)
        /// It writes, in a transaction of its own.
        case write(WritePolicy)
    }

    /// The statement of a route.
    init(sql: String, binding: [String], of route: RouteDeclaration) {
        access =
            switch route.kind {
            case .read: .read(route.read)
            case .write(let policy): .write(policy)
            }
        concurrency = route.concurrency
        self.sql = sql
        returns = route.returns
        let inputs = route.signature.inputs
        parameters = binding.map { name in
            guard let parameter = BoundParameter(named: name, in: inputs) else {
                preconditionFailure("the statement binds '\(name)', which is no input")
            }
            return parameter
        }
        types = parameters.map { $0.type(in: inputs) }
    }
}

extension SQLStatement.Access {
    /// The statement may write.
    package var isWrite: Bool { if case .write = self { true } else { false } }
}
