/// The settings of one route, but for the source of its answers.
///
/// The manifest, the generated code and the runtime share this type, so that each setting and its default stand once.
public struct RouteDeclaration: Sendable, Hashable {
    /// The use that a route makes of its answers.
    public enum Kind: Sendable, Hashable {
        /// The route reads, and its answers are cached; with `nil` they never are.
        case read(CachePolicy?)
        /// The route writes, and nothing is cached.
        case write(WritePolicy)
    }

    /// The number of rows in an answer, and the way they become a body.
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

    /// The treatment of query names that the route does not declare.
    public enum UnknownQuery: String, Sendable, Hashable, CaseIterable {
        /// They are in no key and reach nobody.
        case ignore
        /// They are a 400.
        case reject
    }

    /// The treatment of `Cache-Control` in requests (RFC 9111, 5.2.1).
    public enum RequestDirectives: String, Sendable, Hashable, CaseIterable {
        /// It is obeyed.
        case honor
        /// It is ignored: otherwise anyone could make the database work.
        case ignore
    }

    /// The server that a reading statement is sent to.
    public enum ReadPreference: String, Sendable, Hashable, CaseIterable {
        /// The one that takes writes.
        case primary
        /// A standby, or the primary where none can be had.
        case replica
    }

    /// The name in its manifest, for logs and metrics.
    public let name: String
    /// Namespace, fingerprint, method, path and inputs, which make the key.
    public package(set) var signature: RouteSignature
    /// The use that the route makes of its answers.
    public package(set) var kind: Kind
    /// True where anyone may have the answer.
    public package(set) var isPublic: Bool
    /// The time that a whole request may take.
    public package(set) var timeout: Duration
    /// The treatment of undeclared query names.
    public package(set) var unknownQuery: UnknownQuery
    /// The treatment of `Cache-Control` in requests; a write ignores it.
    public package(set) var requestDirectives: RequestDirectives
    /// The server that the statement is sent to; a write's is the primary.
    public package(set) var read: ReadPreference
    /// The number of the statement's queries that may be under way at once; `nil`: a share of the connections.
    public package(set) var concurrency: Int?
    /// The shape of an answer.
    public package(set) var returns: Returns
    /// The status of a successful answer, where it is not that of the shape.
    public package(set) var successStatus: Int?
    /// The responses to values that a constraint of the database refuses, by the constraint's name.
    public package(set) var errors: [String: ConstraintResponse]
    /// The place of the declaration, such as `Sources/App/routes.yaml:12`, for the log and for configuration errors.
    public package(set) var location: String?

    /// The status of a successful answer.
    public var status: Int { successStatus ?? (returns == .none ? 204 : 200) }
    /// The way in which answers are cached; `nil`: never.
    public var cache: CachePolicy? { if case .read(let policy) = kind { policy } else { nil } }
    /// The way in which the route writes; `nil`: it reads.
    public var write: WritePolicy? { if case .write(let policy) = kind { policy } else { nil } }
    /// True where some of the route's inputs come from the authenticated request.
    public var hasContextInputs: Bool { signature.inputs.contains { $0.group == .context } }

    /// A declaration from its parts. An argument that is left out has the value of a manifest that doesn't name its setting.
    ///
    /// - Parameters:
    ///   - kind: `.read` for GET, `.write` for any other method.
    ///   - status: the status of a successful answer; `nil`: 204 without a body, else 200.
    ///   - isPublic: `true` lets anyone have the answer. A route that is answered before the router has to be public.
    ///   - concurrency: at least 1.
    ///   - location: such as `Sources/App/routes.yaml:12`.
    public init(
        _ name: String,
        _ signature: RouteSignature,
        _ kind: Kind,
        returns: Returns = .many,
        status: Int? = nil,
        timeout: Duration = .seconds(5),
        isPublic: Bool = false,
        unknownQuery: UnknownQuery = .ignore,
        read: ReadPreference = .primary,
        concurrency: Int? = nil,
        errors: [String: ConstraintResponse] = [:],
        requestDirectives: RequestDirectives = .ignore,
        location: String? = nil
    ) {
        switch kind {
        case .read(let cache):
            precondition(signature.method == .get, "\(name) is no GET route and can't only read")
            precondition(
                isPublic || !(cache?.beforeRouter ?? false),
                "\(name) is answered before the router and has to be public"
            )
        case .write:
            precondition(signature.method != .get, "\(name) is a GET route and can't write")
            precondition(
                !isPublic && read == .primary,
                "\(name) writes, on the primary, and its answers are nobody else's"
            )
        }
        precondition(concurrency ?? 1 >= 1, "a route may have one query at least")
        self.name = name
        self.signature = signature
        self.kind = kind
        self.isPublic = isPublic
        self.timeout = timeout
        self.unknownQuery = unknownQuery
        self.requestDirectives = requestDirectives
        self.read = read
        self.concurrency = concurrency
        self.returns = returns
        self.successStatus = status
        self.errors = errors
        self.location = location
    }
}

/// The response to a value that a constraint of the database refuses.
public struct ConstraintResponse: Sendable, Hashable {
    /// The status, 400 to 599.
    public let status: Int
    /// A sentence for the client, on one line.
    public let message: String

    /// A response from its parts.
    public init(_ status: Int, _ message: String) {
        precondition((400...599).contains(status), "the status of an error is 400 to 599")
        self.status = status
        self.message = message
    }
}
