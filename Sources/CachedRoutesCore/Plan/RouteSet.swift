/// The routes of a manifest, and the type of the values that the app takes from an authenticated request; made by
/// generated code.
public protocol RouteSet: Sendable {
    /// The values of the manifest's context inputs; ``NoContext`` if it has none.
    associatedtype Context: RouteContext = NoContext
    /// The routes in the manifest's order.
    var routes: [RouteDefinition] { get }
}

/// The values of a manifest's context inputs for one request.
public protocol RouteContext: Sendable {
    /// Returns the text of a context input.
    ///
    /// - Parameter name: the name of the input.
    /// - Returns: `nil` if the request has no value, which is a 401 unless the input is optional.
    func text(of name: String) -> String?
}

/// The context of a manifest without context inputs.
public struct NoContext: RouteContext {
    /// Makes the only value.
    public init() {}
    /// Returns `nil`.
    public func text(of name: String) -> String? { nil }
}
