public import RouteModel

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
    public var manifestLocation: Location?

    /// A route from its parts.
    public init(
        _ declaration: RouteDeclaration,
        source: Source,
        precondition: ManifestPrecondition? = nil,
        summary: String? = nil,
        manifestLocation: Location? = nil
    ) {
        self.declaration = declaration
        self.source = source
        self.precondition = precondition
        self.summary = summary
        self.manifestLocation = manifestLocation
    }

    /// A property of the declaration.
    public subscript<Value>(dynamicMember property: KeyPath<RouteDeclaration, Value>) -> Value {
        declaration[keyPath: property]
    }
}
