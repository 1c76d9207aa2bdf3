/// What a manifest generates: its routes, and the type of the values that the app takes from an authenticated request.
public protocol RouteTable: Sendable {
    /// The values of the manifest's context inputs; ``NoContext`` where it has none.
    associatedtype Context: RouteContext = NoContext
    /// The routes in the manifest's order.
    var routes: [CachedRoute] { get }
}

/// The values of a manifest's context inputs for one request.
public protocol RouteContext: Sendable {
    /// The text of the context input `name`; `nil` when the request has none, which is a 401 unless the input is optional.
    func text(of name: String) -> String?
}

/// The context of a manifest without context inputs.
public struct NoContext: RouteContext {
    /// The only value there is.
    public init() {}
    /// Always `nil`.
    public func text(of name: String) -> String? { nil }
}
