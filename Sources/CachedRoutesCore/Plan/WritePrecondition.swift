import RouteModel

/// The GET route whose representation the conditions of a write speak of (RFC 9110, 13.1).
///
/// The comparison is made in the write's transaction, by the GET route's own statement.
public final class WritePrecondition: Sendable {
    /// The GET route, which is answered by a statement.
    public let route: CachedRoute
    /// True where a request without conditions is refused with 428 (RFC 6585, 3).
    public let isRequired: Bool

    /// A precondition on what `route` answers.
    ///
    /// - Parameters:
    ///   - route: a GET route that is answered by a statement.
    ///   - isRequired: `true` refuses requests without conditions.
    public init(_ route: CachedRoute, required isRequired: Bool = false) {
        precondition(route.mayFillOnEventLoop, "\(route.name) is no GET route with a statement")
        self.route = route
        self.isRequired = isRequired
    }
}

/// A precondition with everything about it that does not depend on a request worked out once.
struct PreconditionPlan: Sendable {
    /// The statement that makes the representation.
    let query: SQLStatement
    let isRequired: Bool
    private let parser: RequestParser
    /// The path and context inputs of the GET route, each with the write's input of that name.
    private let shared: [RequestParser.SharedInput]

    /// - Parameter route: a write; `nil` where it has no precondition.
    init?(_ route: CachedRoute) {
        guard let precondition = route.precondition, case .sql(let query) = precondition.route.source else {
            return nil
        }
        self.query = query
        isRequired = precondition.isRequired
        let signature = precondition.route.signature
        parser = RequestParser(signature, rejectsUnknownQuery: false)
        shared = signature.inputs.indices.filter { [.path, .context].contains(signature.inputs[$0].group) }.map {
            index in
            let name = signature.inputs[index].name
            guard let source = route.signature.inputs.firstIndex(where: { $0.name == name }) else {
                preconditionFailure("\(route.name) has no input '\(name)', as \(precondition.route.name) has")
            }
            return RequestParser.SharedInput(index: index, source: source)
        }
    }

    /// The names of query parameters that the GET route reads from the write's request.
    static func queryNames(of route: CachedRoute) -> [String] {
        route.precondition?.route.signature.inputs.filter { $0.group == .query }.map(\.wireName) ?? []
    }

    /// The values with which the GET route would be asked for what a request changes: its path and context inputs are the
    /// write's, its query and header inputs are read from the write's request.
    ///
    /// - Returns: `nil` where the GET route refuses a value that the write takes, and has no representation for it.
    func values(of request: RouteRequest, _ values: InputValues) throws(RequestError) -> InputValues? {
        try parser.values(of: request, sharing: shared, of: values)
    }
}
