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

    /// Computes an answer from a route's values; they are all it gets.
    public typealias Handler = @Sendable (InputValues) async throws -> HandlerAnswer

    enum Source: Sendable {
        case sql(SQLQuery)
        case handler(Handler)
    }

    /// The name in its manifest, for logs and metrics.
    public let name: String
    /// Namespace, fingerprint, method, path and inputs: what makes the key.
    public let signature: RouteSignature
    /// How answers are cached.
    public let cache: CachePolicy
    /// Whether anyone may have the answer.
    public let isPublic: Bool
    /// The time a whole request may take.
    public let timeout: Duration
    /// What happens to undeclared query names.
    public let unknownQuery: UnknownQuery
    /// The shape of an answer.
    public let returns: Returns
    /// The status of a successful answer.
    public let status: HTTPResponse.Status
    let source: Source

    /// A route answered by a statement.
    ///
    /// - Parameters:
    ///   - sql: the statement with `$1`, `$2`, … as parameters.
    ///   - binding: for each parameter, the name of the input whose canonical text is bound.
    public init(
        _ name: String,
        _ signature: RouteSignature,
        cache: CachePolicy,
        isPublic: Bool = false,
        timeout: Duration = .seconds(5),
        unknownQuery: UnknownQuery = .ignore,
        returns: Returns,
        status: Int? = nil,
        sql: String,
        binding: [String] = []
    ) {
        self.init(
            name,
            signature,
            cache,
            isPublic,
            timeout,
            unknownQuery,
            returns,
            status,
            .sql(SQLQuery(sql: sql, binding: binding, signature: signature, returns: returns))
        )
    }

    /// A route answered by a handler.
    public init(
        _ name: String,
        _ signature: RouteSignature,
        cache: CachePolicy,
        isPublic: Bool = false,
        timeout: Duration = .seconds(5),
        unknownQuery: UnknownQuery = .ignore,
        status: Int? = nil,
        handler: @escaping Handler
    ) {
        self.init(name, signature, cache, isPublic, timeout, unknownQuery, .many, status, .handler(handler))
    }

    private init(
        _ name: String,
        _ signature: RouteSignature,
        _ cache: CachePolicy,
        _ isPublic: Bool,
        _ timeout: Duration,
        _ unknownQuery: UnknownQuery,
        _ returns: Returns,
        _ status: Int?,
        _ source: Source
    ) {
        precondition(signature.method == .get, "only GET routes are built; \(name) is \(signature.method.rawValue)")
        hasContextInputs = signature.inputs.contains { $0.group == .context }
        self.name = name
        self.signature = signature
        self.cache = cache
        self.isPublic = isPublic
        self.timeout = timeout
        self.unknownQuery = unknownQuery
        self.returns = returns
        self.status = HTTPResponse.Status(code: status ?? (returns == .none ? 204 : 200))
        self.source = source
    }

    /// Whether some of the route's inputs come from the authenticated request.
    public let hasContextInputs: Bool
}

/// How a route's answers are cached.
public struct CachePolicy: Sendable, Hashable {
    /// Which concurrent misses of one key share a query.
    public enum Coalesce: Sendable, Hashable {
        /// Those of one process.
        case process
        /// None.
        case off
    }

    /// How long an answer is fresh.
    public let ttl: Duration
    /// What clients may keep without asking; `nil`: the default of the route's kind.
    public let clientTTL: Duration?
    /// The largest body that is stored, in bytes. Larger answers are served and not stored.
    public let maxBody: Int
    /// Which misses share a query.
    public let coalesce: Coalesce

    /// A policy from its parts.
    public init(
        ttl: Duration = .seconds(60),
        clientTTL: Duration? = nil,
        maxBody: Int = 16 << 20,
        coalesce: Coalesce = .process
    ) {
        precondition(ttl > .zero, "a ttl is positive")
        self.ttl = ttl
        self.clientTTL = clientTTL
        self.maxBody = maxBody
        self.coalesce = coalesce
    }
}
