public import HTTPTypes
public import RouteModel

/// A declared route, as generated code and tests build it.
public struct Route: Sendable {
    /// How many rows an answer has, and how they become a body.
    public enum Returns: Sendable, Hashable {
        /// An array with an object for each row.
        case many
        /// The first row's object; 404 without a row.
        case one
        /// The first row's only column; 404 without a row.
        case value
        /// No body: 204.
        case none
    }

    /// What happens to query names the route does not declare.
    public enum UnknownQuery: Sendable, Hashable {
        /// They are in no key and reach nobody.
        case ignore
        /// They are a 400.
        case reject
    }

    /// What the route does about `Cache-Control` of requests (RFC 9111, 5.2.1).
    public enum RequestDirectives: Sendable, Hashable {
        /// Nothing: anyone could make the database work.
        case ignore
        /// It obeys.
        case honor
    }

    /// Computes an answer from a route's values; they are all it gets.
    public typealias Handler = @Sendable (InputValues) async throws -> HandlerAnswer

    enum Source: Sendable {
        case sql(SQLQuery)
        case handler(Handler)
    }

    /// What a route does with its answers.
    enum Kind: Sendable {
        /// It reads, and its answers are cached; `nil`: they never are.
        case read(CachePolicy?)
        /// It writes; nothing is cached.
        case write(WritePolicy)
    }

    /// How answers are cached; `nil`: never.
    public var cache: CachePolicy? { if case .read(let policy) = kind { policy } else { nil } }
    /// How the route writes; `nil`: it reads.
    public var write: WritePolicy? { if case .write(let policy) = kind { policy } else { nil } }

    /// The name in its manifest, for logs and metrics.
    public let name: String
    /// Namespace, fingerprint, method, path and inputs: what makes the key.
    public let signature: RouteSignature
    /// Whether anyone may have the answer.
    public let isPublic: Bool
    /// The time a whole request may take.
    public let timeout: Duration
    /// What happens to undeclared query names.
    public let unknownQuery: UnknownQuery
    /// What the route does about `Cache-Control` of requests.
    public let requestDirectives: RequestDirectives
    /// The number of its statement's queries that may be under way at once; `nil`: a share of the connections.
    public var concurrency: Int? { if case .sql(let query) = source { query.concurrency } else { nil } }
    /// The shape of an answer.
    public let returns: Returns
    /// The status of a successful answer.
    public let status: HTTPResponse.Status
    /// What clients are told when a constraint of the database refuses their values, by the constraint's name.
    public let errors: [String: ConstraintAnswer]
    /// The GET route whose representation the conditions of requests speak of; `nil`: requests with conditions are refused.
    public let precondition: WritePrecondition?
    /// Whether some of the route's inputs come from the authenticated request.
    public let hasContextInputs: Bool
    /// Whether hits are answered before the app's router sees the request.
    package var isBeforeRouter: Bool
    /// Where the route is declared, such as `Sources/App/routes.yaml:12`, for the log and for configuration errors.
    public let location: String?
    let kind: Kind
    let source: Source
    /// Whether its answers are made without code of the app's.
    var mayFillOnEventLoop: Bool {
        if case (.read, .sql) = (kind, source) { true } else { false }
    }

    /// A GET route answered by a statement.
    ///
    /// - Parameters:
    ///   - cache: how answers are cached; `.off`: never.
    ///   - read: the server that is asked.
    ///   - concurrency: the number of its queries that may be under way at once; `nil`: a share of the connections.
    ///   - errors: what clients are told when a constraint refuses their values, by the constraint's name.
    ///   - location: where the route is declared, such as `Sources/App/routes.yaml:12`.
    ///   - sql: the statement with `$1`, `$2`, … as parameters.
    ///   - binding: for each parameter, the name of the input whose canonical text is bound; `bio_given` binds whether the
    ///     nullable input `bio` is given.
    public init(
        _ name: String,
        _ signature: RouteSignature,
        cache: CachePolicy?,
        isPublic: Bool = false,
        timeout: Duration = .seconds(5),
        unknownQuery: UnknownQuery = .ignore,
        requestDirectives: RequestDirectives = .ignore,
        read: ReadPreference = .primary,
        concurrency: Int? = nil,
        returns: Returns,
        status: Int? = nil,
        errors: [String: ConstraintAnswer] = [:],
        location: String? = nil,
        sql: String,
        binding: [String] = []
    ) {
        let query = SQLQuery(
            sql: sql,
            binding: binding,
            signature: signature,
            returns: returns,
            access: .read(read),
            concurrency: concurrency
        )
        self.init(
            name,
            signature,
            .read(cache),
            isPublic,
            timeout,
            unknownQuery,
            requestDirectives,
            returns,
            status,
            errors,
            location,
            .sql(query)
        )
    }

    /// A GET route answered by a handler.
    ///
    /// - Parameter cache: how answers are cached; `.off`: never.
    public init(
        _ name: String,
        _ signature: RouteSignature,
        cache: CachePolicy?,
        isPublic: Bool = false,
        timeout: Duration = .seconds(5),
        unknownQuery: UnknownQuery = .ignore,
        requestDirectives: RequestDirectives = .ignore,
        status: Int? = nil,
        location: String? = nil,
        handler: @escaping Handler
    ) {
        self.init(
            name,
            signature,
            .read(cache),
            isPublic,
            timeout,
            unknownQuery,
            requestDirectives,
            .many,
            status,
            [:],
            location,
            .handler(handler)
        )
    }

    /// A POST, PUT, PATCH or DELETE route answered by a statement, in a transaction of its own.
    ///
    /// - Parameters:
    ///   - precondition: the GET route whose representation the conditions of requests speak of; `nil`: requests with conditions
    ///     are a 412.
    ///   - concurrency: the number of its queries that may be under way at once; `nil`: a share of the connections.
    ///   - errors: what clients are told when a constraint refuses their values, by the constraint's name.
    ///   - location: where the route is declared, such as `Sources/App/routes.yaml:12`.
    ///   - sql: the statement with `$1`, `$2`, … as parameters.
    ///   - binding: for each parameter, the name of the input whose canonical text is bound; `bio_given` binds whether the
    ///     nullable input `bio` is given.
    public init(
        _ name: String,
        _ signature: RouteSignature,
        write: WritePolicy,
        precondition: WritePrecondition? = nil,
        timeout: Duration = .seconds(5),
        unknownQuery: UnknownQuery = .ignore,
        concurrency: Int? = nil,
        returns: Returns,
        status: Int? = nil,
        errors: [String: ConstraintAnswer] = [:],
        location: String? = nil,
        sql: String,
        binding: [String] = []
    ) {
        let query = SQLQuery(
            sql: sql,
            binding: binding,
            signature: signature,
            returns: returns,
            access: .write(write),
            concurrency: concurrency
        )
        self.init(
            name,
            signature,
            .write(write),
            false,
            timeout,
            unknownQuery,
            .ignore,
            returns,
            status,
            errors,
            location,
            .sql(query),
            precondition
        )
    }

    /// A POST, PUT, PATCH or DELETE route answered by a handler. Requests with conditions are a 412.
    public init(
        _ name: String,
        _ signature: RouteSignature,
        write: WritePolicy,
        timeout: Duration = .seconds(5),
        unknownQuery: UnknownQuery = .ignore,
        status: Int? = nil,
        location: String? = nil,
        handler: @escaping Handler
    ) {
        self.init(
            name,
            signature,
            .write(write),
            false,
            timeout,
            unknownQuery,
            .ignore,
            .many,
            status,
            [:],
            location,
            .handler(handler)
        )
    }

    private init(
        _ name: String,
        _ signature: RouteSignature,
        _ kind: Kind,
        _ isPublic: Bool,
        _ timeout: Duration,
        _ unknownQuery: UnknownQuery,
        _ requestDirectives: RequestDirectives,
        _ returns: Returns,
        _ status: Int?,
        _ errors: [String: ConstraintAnswer],
        _ location: String?,
        _ source: Source,
        _ writePrecondition: WritePrecondition? = nil
    ) {
        switch kind {
        case .read: Swift.precondition(signature.method == .get, "\(name) is no GET route and can't only read")
        case .write: Swift.precondition(signature.method != .get, "\(name) is a GET route and can't write")
        }
        isBeforeRouter = if case .read(let cache?) = kind { cache.beforeRouter } else { false }
        Swift.precondition(isPublic || !isBeforeRouter, "\(name) is answered before the router and has to be public")
        hasContextInputs = signature.inputs.contains { $0.group == .context }
        self.name = name
        self.signature = signature
        self.kind = kind
        self.isPublic = isPublic
        self.timeout = timeout
        self.unknownQuery = unknownQuery
        self.requestDirectives = requestDirectives
        self.returns = returns
        self.status = HTTPResponse.Status(code: status ?? (returns == .none ? 204 : 200))
        self.errors = errors
        self.location = location
        self.source = source
        self.precondition = writePrecondition
    }
}
