package import HTTPTypes
public import RouteModel

/// A route: its declaration and the source of its responses, as generated code and tests build it.
public struct RouteDefinition: Sendable {
    /// Computes a response from a route's values, which are all that it gets.
    public typealias Handler = @Sendable (InputValues) async throws -> HandlerResponse

    /// The source of a route's responses.
    public struct Source: Sendable {
        enum Kind: Sendable {
            case sql(String, binding: [String], locked: LockedColumns?)
            case handler(Handler)
        }

        let kind: Kind

        /// A statement. A write runs in a transaction of its own.
        ///
        /// - Parameters:
        ///   - sql: the text with the parameters `$1`, `$2`, ….
        ///   - binding: for each of them, the name of the input whose canonical text is bound; `bio_given` binds a
        ///     Boolean value that tells if the nullable input `bio` is given.
        ///   - locked: the types of parameters and columns in the manifest's lock; `nil` without a lock. They are compared
        ///     with what the database says, and change nothing.
        public static func sql(_ sql: String, binding: [String] = [], locked: LockedColumns? = nil) -> Source {
            Source(kind: .sql(sql, binding: binding, locked: locked))
        }

        /// A handler of the app.
        ///
        /// - Parameter handler: computes a response from a route's values.
        public static func handler(_ handler: @escaping Handler) -> Source { Source(kind: .handler(handler)) }
    }

    enum BoundSource: Sendable {
        case sql(SQLStatement)
        case handler(Handler)
    }

    /// The settings of the route.
    public let declaration: RouteDeclaration
    /// The status of a successful response.
    package let status: HTTPResponse.Status
    /// The GET route with whose representation preconditions are compared; `nil` if requests with preconditions are
    /// refused.
    package let precondition: PreconditionPolicy?
    /// Indicates that some of the route's inputs come from the authenticated request.
    package let hasContextInputs: Bool
    /// The responses that are sent before the app's router receives the request.
    package var beforeRouter: CachePolicy.BeforeRouter
    let source: BoundSource
    private let place: RouteLocation

    /// Makes a route.
    ///
    /// - Parameters:
    ///   - declaration: the route as its manifest declares it.
    ///   - source: the source of responses.
    ///   - precondition: the GET route with whose representation the preconditions of a write with SQL are compared;
    ///     `nil` refuses requests with preconditions with 412.
    public init(_ declaration: RouteDeclaration, _ source: Source, precondition: PreconditionPolicy? = nil) {
        switch source.kind {
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
        let place = RouteLocation(declaration.location)
        self.place = place
        self.source =
            switch source.kind {
            case .sql(let sql, let binding, let locked):
                .sql(SQLStatement(sql: sql, binding: binding, locked: locked, of: declaration, at: place))
            case .handler(let handler): .handler(handler)
            }
        self.precondition = precondition
        status = HTTPResponse.Status(code: declaration.status)
        hasContextInputs = declaration.hasContextInputs
        beforeRouter = declaration.cache?.beforeRouter ?? .off
    }

    /// The location of the declaration, such as `Sources/App/routes.yaml:12`, for the log and for configuration errors.
    ///
    /// It is that of ``declaration`` unless the route has moved.
    package var location: String? { place.current }

    /// Changes the location of this route and of all copies of it.
    ///
    /// - Parameter location: the location that the declaration has now.
    package func move(to location: String?) { place.change(to: location) }

    /// Indicates that responses are made without code of the app.
    var mayFillOnEventLoop: Bool {
        if case (.read, .sql) = (declaration.kind, source) { true } else { false }
    }
}

extension RouteDefinition {
    /// The name in the manifest, for logs and metrics.
    public var name: String { declaration.name }
    /// The namespace, fingerprint, method, path and inputs, which make the key.
    public var signature: RouteSignature { declaration.signature }
    /// The policy by which responses are cached; `nil` if they never are.
    package var cache: CachePolicy? { declaration.cache }
    /// The policy of a write; `nil` if the route reads.
    package var write: WritePolicy? { declaration.write }
    /// The number of rows in a response and their form.
    package var returns: RouteDeclaration.Returns { declaration.returns }
    /// The time limit of a whole request.
    public var timeout: Duration { declaration.timeout }
    /// Indicates that the response may be sent to any client.
    package var isPublic: Bool { declaration.isPublic }
    /// The treatment of undeclared query parameters.
    package var unknownQuery: RouteDeclaration.UnknownQuery { declaration.unknownQuery }
    /// The number of queries of the statement that may run at once; `nil` for a share of the connections.
    package var concurrency: Int? { declaration.concurrency }
    /// The responses to values that violate a constraint of the database, by the constraint's name.
    package var errors: [String: ConstraintResponse] { declaration.errors }
    /// The treatment of the request's `Cache-Control`.
    package var requestDirectives: RouteDeclaration.RequestDirectives { declaration.requestDirectives }
}
