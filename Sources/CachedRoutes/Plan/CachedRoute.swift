public import HTTPTypes
public import RouteModel

/// A route with the source of its answers, as generated code and tests build it. The properties of its declaration are its own.
@dynamicMemberLookup
public struct CachedRoute: Sendable {
    /// Computes an answer from a route's values; they are all it gets.
    public typealias Handler = @Sendable (InputValues) async throws -> HandlerResponse

    /// The source of a route's answers.
    public enum Source: Sendable {
        /// A statement with `$1`, `$2`, … as parameters. For each of them, `binding` has the name of the input whose canonical text
        /// is bound; `bio_given` binds whether the nullable input `bio` is given. A write runs in a transaction of its own.
        case sql(String, binding: [String] = [])
        /// Code of the app.
        case handler(Handler)
    }

    enum BoundSource: Sendable {
        case sql(SQLStatement)
        case handler(Handler)
    }

    /// Everything about the route but the source of its answers.
    public let declaration: RouteDeclaration
    /// The status of a successful answer.
    public let status: HTTPResponse.Status
    /// The GET route whose representation the conditions of requests speak of; `nil`: requests with conditions are refused.
    public let precondition: WritePrecondition?
    /// True where some of the route's inputs come from the authenticated request.
    public let hasContextInputs: Bool
    /// True where hits are answered before the app's router sees the request.
    package var isBeforeRouter: Bool
    let source: BoundSource

    /// A route from its parts.
    ///
    /// - Parameters:
    ///   - source: the source of answers.
    ///   - precondition: for a write with SQL, the GET route whose representation the conditions of requests speak of; `nil`:
    ///     requests with conditions are a 412.
    public init(_ declaration: RouteDeclaration, _ source: Source, precondition: WritePrecondition? = nil) {
        self.declaration = declaration
        self.source =
            switch source {
            case .sql(let sql, let binding): .sql(SQLStatement(sql: sql, binding: binding, of: declaration))
            case .handler(let handler): .handler(handler)
            }
        self.precondition = precondition
        status = HTTPResponse.Status(code: declaration.status)
        hasContextInputs = declaration.hasContextInputs
        isBeforeRouter = declaration.cache?.beforeRouter ?? false
    }

    /// A property of the declaration.
    public subscript<Value>(dynamicMember property: KeyPath<RouteDeclaration, Value>) -> Value {
        declaration[keyPath: property]
    }

    /// True where answers are made without code of the app's.
    var mayFillOnEventLoop: Bool {
        if case (.read, .sql) = (declaration.kind, source) { true } else { false }
    }
}
