import RouteModel

/// The GET route with whose representation the preconditions of a write are compared (RFC 9110, 13.1).
///
/// The comparison runs in the write's transaction, with the GET route's own statement.
public final class PreconditionPolicy: Sendable {
    /// The GET route, whose source is a statement.
    package let route: RouteDefinition
    /// Indicates that a request without preconditions is refused with 428 (RFC 6585, 3).
    package let isRequired: Bool

    /// Makes a precondition.
    ///
    /// - Parameters:
    ///   - route: a GET route whose source is a statement.
    ///   - isRequired: refuses requests without preconditions.
    public init(_ route: RouteDefinition, required isRequired: Bool = false) {
        precondition(route.mayFillOnEventLoop, "\(route.name) is no GET route with a statement")
        self.route = route
        self.isRequired = isRequired
    }
}

/// A compiled precondition: everything about it that does not depend on a request.
struct PreconditionPlan: Sendable {
    /// The statement of the representation.
    let query: SQLStatement
    let isRequired: Bool
    private let parser: RequestParser
    /// The GET route's path and context inputs, each with the write's input of that name.
    private let shared: [RequestParser.SharedInput]

    /// Compiles the precondition of a write; `nil` if it has none.
    init?(_ route: RouteDefinition) {
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

    /// The names of the query parameters that the GET route reads from the write's request.
    static func queryNames(of route: RouteDefinition) -> [String] {
        route.precondition?.route.signature.inputs.filter { $0.group == .query }.map(\.wireName) ?? []
    }

    /// The values of the GET route's inputs for the resource that a request changes: its path and context inputs are
    /// the write's, and its query and header inputs are read from the write's request.
    ///
    /// - Parameters:
    ///   - request: the write's request.
    ///   - values: the values of the write's inputs.
    /// - Returns: `nil` if the GET route refuses a value that the write accepts, and so has no representation for it.
    /// - Throws: ``RequestError`` if a query parameter is invalid.
    func values(of request: RouteRequest, _ values: InputValues) throws(RequestError) -> InputValues? {
        try parser.values(of: request, sharing: shared, of: values)
    }
}
