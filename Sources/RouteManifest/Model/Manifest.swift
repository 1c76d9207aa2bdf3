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
    public var contextInputs: [RouteInput] {
        var seen: Set<String> = []
        return routes.flatMap(\.signature.inputs)
            .filter { $0.group == .context && seen.insert($0.name).inserted }
            .sorted { $0.name < $1.name }
    }
}

/// A validated route: its declaration, whose properties are the route's own, and the source of its answers.
@dynamicMemberLookup
public struct ManifestRoute: Sendable, Hashable {
    /// The source of a route's answers.
    public enum Source: Sendable, Hashable {
        /// A statement of the manifest or of a `.sql` file.
        case sql(BoundStatement)
        /// A method of the generated handlers protocol.
        case handler
    }

    /// The declaration. The name is a Swift identifier, unique in its manifest.
    public var declaration: RouteDeclaration
    /// The source of answers.
    public var source: Source
    /// The route that the conditions of requests speak of; `nil`: requests with conditions are refused.
    public var precondition: ManifestPrecondition?
    /// One line for people.
    public var summary: String?
    /// The place of the declaration, for messages at run time.
    public var location: Location?

    /// A route from its parts.
    public init(
        _ declaration: RouteDeclaration,
        source: Source,
        precondition: ManifestPrecondition? = nil,
        summary: String? = nil,
        location: Location? = nil
    ) {
        self.declaration = declaration
        self.source = source
        self.precondition = precondition
        self.summary = summary
        self.location = location
    }

    /// A property of the declaration.
    public subscript<Value>(dynamicMember property: KeyPath<RouteDeclaration, Value>) -> Value {
        declaration[keyPath: property]
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
