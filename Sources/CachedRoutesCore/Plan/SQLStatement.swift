public import RouteModel

/// A route's statement and the binding of its parameters.
public final class SQLStatement: Sendable {
    /// The SQL text with the parameters `$1`, `$2`, ….
    public let sql: String
    /// The value that is bound to each parameter.
    public let parameters: [ParameterBinding]
    /// The type of each parameter; the presence of an input is a `bool`.
    public let types: [InputType]
    /// The number of rows in a response and their form.
    public let returns: RouteDeclaration.Returns
    /// The statement's access to the database.
    public let access: Access
    /// The number of queries of the statement that may run at once; `nil` for a share of the connections.
    public let concurrency: Int?
    /// The namespace of the route's manifest.
    package let namespace: String
    /// The name of the route, for the log.
    package let route: String
    /// The location of the route's declaration, for the log.
    package var location: String? { place.current }
    private let place: RouteLocation
    /// The types of parameters and columns in the manifest's lock; `nil` without a lock.
    public let locked: LockedColumns?

    /// The access of a statement to the database.
    public enum Access: Sendable, Hashable {
        /// The statement reads, in a read-only transaction.
        case read(RouteDeclaration.ReadPreference)
        /// The statement writes, in a transaction of its own.
        case write(WritePolicy)
    }

    /// Makes the statement of a route.
    init(
        sql: String,
        binding: [String],
        locked: LockedColumns? = nil,
        of route: RouteDeclaration,
        at place: RouteLocation? = nil
    ) {
        access =
            switch route.kind {
            case .read: .read(route.read)
            case .write(let policy): .write(policy)
            }
        concurrency = route.concurrency
        namespace = route.signature.namespace
        self.route = route.name
        self.place = place ?? RouteLocation(route.location)
        self.sql = sql
        self.locked = locked
        returns = route.returns
        let inputs = route.signature.inputs
        parameters = binding.map { name in
            guard let parameter = ParameterBinding(named: name, in: inputs) else {
                preconditionFailure("the statement binds '\(name)', which is no input")
            }
            return parameter
        }
        types = parameters.map { $0.type(in: inputs) }
    }
}

extension SQLStatement.Access {
    /// Indicates that the statement may write.
    package var isWrite: Bool { if case .write = self { true } else { false } }
}
