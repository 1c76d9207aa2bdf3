/// The GET route whose response the conditional requests to a write are compared with.
public struct ManifestPreconditionPolicy: Sendable, Hashable {
    /// The name of the route, which is in the same manifest and has a statement.
    public var route: String
    /// Indicates that unconditional requests are refused.
    public var isRequired: Bool

    /// Creates a precondition.
    public init(route: String, isRequired: Bool = false) {
        self.route = route
        self.isRequired = isRequired
    }
}
