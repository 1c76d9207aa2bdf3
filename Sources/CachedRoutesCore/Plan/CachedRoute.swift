public import HTTPTypes
public import RouteModel

/// A route with the source of its answers, as generated code and tests build it.
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
    ///   - declaration: the route as its manifest declares it.
    ///   - source: the source of answers.
    ///   - precondition: for a write with SQL, the GET route whose representation the conditions of requests speak of; `nil`:
    ///     requests with conditions are a 412.
    public init(_ declaration: RouteDeclaration, _ source: Source, precondition: WritePrecondition? = nil) {
        switch source {
        case .handler:
            Swift.precondition(
                declaration.returns == .many,
                "\(declaration.name) has a handler, which makes its own body"
            )
            Swift.precondition(precondition == nil, "\(declaration.name) has a handler, which compares for itself")
        case .sql:
            Swift.precondition(
                precondition == nil || declaration.write != nil,
                "\(declaration.name) reads, and has no precondition"
            )
        }
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

    /// True where answers are made without code of the app's.
    var mayFillOnEventLoop: Bool {
        if case (.read, .sql) = (declaration.kind, source) { true } else { false }
    }
}

extension CachedRoute {
    /// The name in its manifest, for logs and metrics.
    public var name: String { declaration.name }
    /// Namespace, fingerprint, method, path and inputs, which make the key.
    public var signature: RouteSignature { declaration.signature }
    /// The way in which answers are cached; `nil`: never.
    public var cache: CachePolicy? { declaration.cache }
    /// The way in which the route writes; `nil`: it reads.
    public var write: WritePolicy? { declaration.write }
    /// The shape of an answer.
    public var returns: RouteDeclaration.Returns { declaration.returns }
    /// The time that a whole request may take.
    public var timeout: Duration { declaration.timeout }
    /// True where anyone may have the answer.
    public var isPublic: Bool { declaration.isPublic }
    /// The treatment of undeclared query names.
    public var unknownQuery: RouteDeclaration.UnknownQuery { declaration.unknownQuery }
    /// The number of the statement's queries that may be under way at once; `nil`: a share of the connections.
    public var concurrency: Int? { declaration.concurrency }
    /// The responses to values that a constraint of the database refuses, by the constraint's name.
    public var errors: [String: ConstraintResponse] { declaration.errors }
    /// The treatment of `Cache-Control` in requests.
    public var requestDirectives: RouteDeclaration.RequestDirectives { declaration.requestDirectives }
    /// The place of the declaration, such as `Sources/App/routes.yaml:12`, for the log and for configuration errors.
    public var location: String? { declaration.location }
}
