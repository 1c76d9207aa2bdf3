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
