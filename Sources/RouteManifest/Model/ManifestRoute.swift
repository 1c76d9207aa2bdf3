public import RouteModel

/// A validated route: its declaration, whose properties it has too, and the source of its responses.
@dynamicMemberLookup
public struct ManifestRoute: Sendable, Hashable {
    /// The source of a route's responses.
    public enum Source: Sendable, Hashable {
        /// A statement of the manifest or of a `.sql` file.
        case sql(PositionalStatement)
        /// A method of the generated handlers protocol.
        case handler

        /// The description of the statement in the lock; `nil` without a lock, or for a handler.
        package var locked: LockedStatement? { if case .sql(let statement) = self { statement.locked } else { nil } }
    }

    /// The declaration. The name is a Swift identifier, unique in its manifest.
    public var declaration: RouteDeclaration
    /// The source of the route's responses.
    public var source: Source
    /// The route that conditional requests are compared with; `nil` if they are refused.
    public var precondition: ManifestPreconditionPolicy?
    /// A description on one line.
    public var summary: String?
    /// The place of the route in the manifest, for messages at run time.
    public var manifestLocation: Location?

    /// Creates a route.
    public init(
        _ declaration: RouteDeclaration,
        source: Source,
        precondition: ManifestPreconditionPolicy? = nil,
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
