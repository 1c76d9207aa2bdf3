package import CachedRoutes

/// The server behind an ``EarlyResponseHandler``, which gets all requests of a connection that are not answered early.
package protocol DownstreamRequestHandler: AnyObject {
    /// The connection of the client, which tells when the client disconnects.
    var presence: ClientConnection { get }
    /// Takes the result of examining the request that arrives next; `nil` if it was not examined.
    func arrives(_ request: PreRoutingRequest?)
}

/// A request as it was before routing.
package struct PreRoutingRequest: Sendable {
    /// The path as the client sent it.
    package let path: [UInt8]
    package let isHead: Bool
    /// The result of a lookup before routing; `nil` if there was none.
    package let lookup: EarlyLookupResult?
}

/// Finds the routes of requests that may be answered early.
package protocol EarlyRouteLookup: Sendable {
    /// Indicates that a path whose route was found may be answered by this route for as long as its connection lasts.
    var isStable: Bool { get }
    /// Returns the route of a path, which has no context inputs; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - path: the path of a request, as it was received.
    ///   - isHead: true for HEAD, false for GET.
    func route(of path: UnsafeRawBufferPointer, isHead: Bool) -> CompiledRoute?
}
