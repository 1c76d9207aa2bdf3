public import RouteModel

/// A validated manifest: what `routes.yaml` means, with every default filled in.
public struct Manifest: Sendable, Hashable {
    /// The access level of what is generated.
    public enum Access: String, Sendable, Hashable, CaseIterable {
        /// Seen inside the user's module.
        case `internal`
        /// Seen inside the user's package.
        case package
        /// Seen everywhere.
        case `public`
    }

    /// The name of the generated type: `Routes`, or `AdminRoutes` for `admin.routes.yaml`.
    public var typeName: String
    /// The first part of every key.
    public var namespace: String
    /// The access level of the generated type.
    public var access: Access
    /// Modules the generated file imports besides its own.
    public var imports: [String]
    /// The routes in the manifest's order.
    public var routes: [ManifestRoute]

    /// A manifest from its parts.
    public init(typeName: String, namespace: String, access: Access, imports: [String], routes: [ManifestRoute]) {
        self.typeName = typeName
        self.namespace = namespace
        self.access = access
        self.imports = imports
        self.routes = routes
    }

    /// The context inputs of all routes, by name, each once.
    public var contextInputs: [Input] {
        var seen: Set<String> = []
        return routes.flatMap(\.signature.inputs)
            .filter { $0.group == .context && seen.insert($0.name).inserted }
            .sorted { $0.name < $1.name }
    }
}

/// A validated route.
public struct ManifestRoute: Sendable, Hashable {
    /// Where a route's answers come from.
    public enum Source: Sendable, Hashable {
        /// A statement of the manifest or of a `.sql` file.
        case sql(BoundStatement)
        /// A method of the generated handlers protocol.
        case handler
    }

    /// How many rows an answer has, and how they become a body.
    public enum Returns: String, Sendable, Hashable, CaseIterable {
        /// An array with an object for each row.
        case many
        /// The first row's object; 404 without a row.
        case one
        /// The first row's only column; 404 without a row.
        case value
        /// No body: 204.
        case none
    }

    /// What a route does with its answers.
    public enum Kind: Sendable, Hashable {
        /// It reads, and its answers are cached; `nil`: they never are.
        case read(ManifestCachePolicy?)
        /// It writes; nothing is cached.
        case write(ManifestWritePolicy)
    }

    /// The server that a reading statement is sent to.
    public enum ReadPreference: String, Sendable, Hashable, CaseIterable {
        /// The one that takes writes.
        case primary
        /// A standby, or the primary where none can be had.
        case replica
    }

    /// What a route does about query names it does not declare.
    public enum UnknownQuery: String, Sendable, Hashable, CaseIterable {
        /// They are in no key and reach nobody.
        case ignore
        /// They are a 400.
        case reject
    }

    /// What a route does about `Cache-Control` of requests.
    public enum RequestDirectives: String, Sendable, Hashable, CaseIterable {
        /// It obeys.
        case honor
        /// Nothing: anyone could make the database work.
        case ignore
    }

    /// The name: a Swift identifier, unique in its manifest.
    public var name: String
    /// Where it is declared, for messages at run time.
    public var location: Location?
    /// One line for people.
    public var summary: String?
    /// Namespace, fingerprint, method, path and inputs.
    public var signature: RouteSignature
    /// Where answers come from.
    public var source: Source
    /// The shape of an answer.
    public var returns: Returns
    /// The status of an answer that has a body or, with `returns: none`, has none.
    public var status: Int
    /// The time a whole request may take.
    public var timeout: Duration
    /// Whether anyone may have the answer.
    public var isPublic: Bool
    /// What happens to undeclared query names.
    public var unknownQuery: UnknownQuery
    /// What the route does about `Cache-Control` of requests; a write does nothing.
    public var requestDirectives: RequestDirectives
    /// What the route does with its answers.
    public var kind: Kind
    /// The server that the statement is sent to; a write's is the primary.
    public var read: ReadPreference
    /// The number of the route's queries that may be under way at once; `nil`: a share of the connections.
    public var concurrency: Int?
    /// What clients are told when a constraint refuses their values, by the constraint's name.
    public var errors: [String: ManifestConstraintAnswer]

    /// How answers are cached; `nil`: never.
    public var cache: ManifestCachePolicy? { if case .read(let policy) = kind { policy } else { nil } }
    /// How the route writes; `nil`: it reads.
    public var write: ManifestWritePolicy? { if case .write(let policy) = kind { policy } else { nil } }

    /// A route from its parts.
    public init(
        name: String,
        location: Location? = nil,
        summary: String?,
        signature: RouteSignature,
        source: Source,
        returns: Returns,
        status: Int,
        timeout: Duration,
        isPublic: Bool,
        unknownQuery: UnknownQuery,
        requestDirectives: RequestDirectives,
        kind: Kind,
        read: ReadPreference,
        concurrency: Int? = nil,
        errors: [String: ManifestConstraintAnswer]
    ) {
        self.name = name
        self.location = location
        self.summary = summary
        self.signature = signature
        self.source = source
        self.returns = returns
        self.status = status
        self.timeout = timeout
        self.isPublic = isPublic
        self.unknownQuery = unknownQuery
        self.requestDirectives = requestDirectives
        self.kind = kind
        self.read = read
        self.concurrency = concurrency
        self.errors = errors
    }
}

/// How a route writes.
public struct ManifestWritePolicy: Sendable, Hashable {
    /// What a transaction sees of others (PostgreSQL manual, 13.2).
    public enum Isolation: String, Sendable, Hashable, CaseIterable {
        /// Each statement sees what was committed before it.
        case readCommitted = "read-committed"
        /// The transaction sees what was committed before its first statement.
        case repeatableRead = "repeatable-read"
        /// As if transactions ran one after the other.
        case serializable
    }

    /// The isolation of the transaction, where the manifest says so.
    public var isolation: Isolation?
    /// How often the transaction is run again after a serialization failure or a deadlock.
    public var retries: Int
    /// The largest request body that is read, in bytes.
    public var maxRequestBody: Int
    /// The tags that are purged once the write is committed, in the manifest's order.
    public var invalidates: [TagTemplate]
    /// The answers that are purged because they are those of the write's own path.
    public var targets: [WriteTarget]
    /// The route whose answers the conditions of requests speak of; `nil`: requests with conditions are refused.
    public var precondition: ManifestPrecondition?

    /// A policy from its parts.
    public init(
        isolation: Isolation?,
        retries: Int,
        maxRequestBody: Int,
        invalidates: [TagTemplate] = [],
        targets: [WriteTarget] = [],
        precondition: ManifestPrecondition? = nil
    ) {
        self.isolation = isolation
        self.retries = retries
        self.maxRequestBody = maxRequestBody
        self.invalidates = invalidates
        self.targets = targets
        self.precondition = precondition
    }
}

/// The GET route whose answer the conditions of a write's requests speak of.
public struct ManifestPrecondition: Sendable, Hashable {
    /// The name of the route, which is one of the same manifest that is answered by a statement.
    public var route: String
    /// True where requests without conditions are refused.
    public var isRequired: Bool

    /// A precondition from its parts.
    public init(route: String, isRequired: Bool = false) {
        self.route = route
        self.isRequired = isRequired
    }
}

/// What a client is told when a constraint of the database refuses its values.
public struct ManifestConstraintAnswer: Sendable, Hashable {
    /// The status, 400 to 599.
    public var status: Int
    /// A sentence for the client, on one line.
    public var message: String

    /// An answer from its parts.
    public init(status: Int, message: String) {
        self.status = status
        self.message = message
    }
}

/// A statement with `$1`, `$2`, … in place of `:name`.
public struct BoundStatement: Sendable, Hashable {
    /// The statement as PostgreSQL gets it.
    public var sql: String
    /// For each parameter, what is bound to it, by the order of the route's inputs.
    public var parameters: [BoundParameter]

    /// A statement from its parts.
    public init(sql: String, parameters: [BoundParameter]) {
        self.sql = sql
        self.parameters = parameters
    }
}
