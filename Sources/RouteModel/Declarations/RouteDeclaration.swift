/// The settings of one route, apart from the origin of its responses.
///
/// The manifest, the generated code and the runtime share this type, so that each setting and its default are defined
/// once.
public struct RouteDeclaration: Sendable, Hashable {
    /// The effect of a route.
    public enum Kind: Sendable, Hashable {
        /// The route reads, and its responses are cached by this policy, or never with `nil`.
        case read(CachePolicy?)
        /// The route writes, and its responses are never cached.
        case write(WritePolicy)
    }

    /// The number of rows in a response and their form.
    public struct Returns: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// An array with an object for each row.
        public static let many = Returns(.many)
        /// The first row as an object; 404 without a row.
        public static let one = Returns(.one)
        /// The only column of the first row; 404 without a row.
        public static let value = Returns(.value)
        /// No body; the status is 204.
        public static let none = Returns(.none)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case many, one, value, none
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The treatment of query parameters that the route does not declare.
    public struct UnknownQuery: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// They are ignored, and are in no key.
        public static let ignore = UnknownQuery(.ignore)
        /// They are refused with 400.
        public static let reject = UnknownQuery(.reject)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case ignore, reject
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The treatment of the request's `Cache-Control` (RFC 9111, 5.2.1).
    public struct RequestDirectives: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// It is obeyed.
        public static let honor = RequestDirectives(.honor)
        /// It is ignored, so that clients can't bypass the cache and load the database.
        public static let ignore = RequestDirectives(.ignore)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case honor, ignore
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The server to which a reading statement is sent.
    public struct ReadPreference: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// The server that accepts writes.
        public static let primary = ReadPreference(.primary)
        /// A standby, or the primary if there is none.
        public static let replica = ReadPreference(.replica)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case primary, replica
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The name in the manifest, used in logs and metrics.
    public let name: String
    /// The namespace, fingerprint, method, path and inputs, which make the key.
    public package(set) var signature: RouteSignature
    /// The effect of the route.
    public package(set) var kind: Kind
    /// Indicates that the response is the same for all clients and may be sent to any client.
    public package(set) var isPublic: Bool
    /// The time limit of a whole request.
    public package(set) var timeout: Duration
    /// The treatment of undeclared query parameters.
    public package(set) var unknownQuery: UnknownQuery
    /// The treatment of the request's `Cache-Control`, which writes ignore.
    public package(set) var requestDirectives: RequestDirectives
    /// The server to which the statement is sent; always the primary for writes.
    public package(set) var read: ReadPreference
    /// The number of queries of the statement that may run at once; `nil` for a share of the connections.
    public package(set) var concurrency: Int?
    /// The number of rows in a response and their form.
    public package(set) var returns: Returns
    /// The status of a successful response, if it differs from the default of ``returns``.
    public package(set) var successStatus: Int?
    /// The responses to values that violate a constraint of the database, by the constraint's name.
    public package(set) var errors: [String: ConstraintResponse]
    /// The location of the declaration, such as `Sources/App/routes.yaml:12`, for the log and for configuration errors.
    public package(set) var location: String?

    /// The status of a successful response.
    public var status: Int { successStatus ?? (returns == .none ? 204 : 200) }
    /// The policy by which responses are cached; `nil` if they never are.
    public var cache: CachePolicy? { if case .read(let policy) = kind { policy } else { nil } }
    /// The policy of a write; `nil` if the route reads.
    public var write: WritePolicy? { if case .write(let policy) = kind { policy } else { nil } }
    /// Indicates that some of the route's inputs come from the authenticated request.
    public var hasContextInputs: Bool { signature.inputs.contains { $0.group == .context } }

    /// Makes a declaration. Arguments that are left out have the defaults of a manifest.
    ///
    /// - Parameters:
    ///   - name: the name in the manifest.
    ///   - signature: the parts of the key.
    ///   - kind: `.read` for GET, `.write` for all other methods.
    ///   - returns: the form of the response.
    ///   - status: the status of a successful response; `nil` for 204 without a body and 200 with one.
    ///   - timeout: the time limit of a request.
    ///   - isPublic: allows the response to be sent to any client. A route that is served before the router must be
    ///     public.
    ///   - unknownQuery: the treatment of undeclared query parameters.
    ///   - read: the server of a reading statement.
    ///   - concurrency: must be at least 1.
    ///   - errors: the responses to constraint violations, by the constraint's name.
    ///   - requestDirectives: the treatment of the request's `Cache-Control`.
    ///   - location: the location of the declaration, such as `Sources/App/routes.yaml:12`.
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
                isPublic || (cache?.beforeRouter ?? .off) == .off,
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

/// The response to a value that violates a constraint of the database.
public struct ConstraintResponse: Sendable, Hashable {
    /// The status, from 400 to 599.
    public let status: Int
    /// A sentence for the client, in one line.
    public let message: String

    /// Makes a response.
    ///
    /// - Parameters:
    ///   - status: from 400 to 599.
    ///   - message: a sentence for the client, in one line.
    public init(_ status: Int, _ message: String) {
        precondition((400...599).contains(status), "the status of an error is 400 to 599")
        self.status = status
        self.message = message
    }
}
