import CachedRoutes
package import HTTPTypes

extension ReplaceableRoutes {
    /// The destination of a request that is not sent.
    package enum Match: Sendable {
        /// A route, with the path and query of the request.
        case route(CompiledRoute, target: String)
        /// An endpoint of the server's own, such as `/health`.
        case own
        /// The path has routes for these methods only, such as `GET, HEAD, OPTIONS`.
        case otherMethods(String)
        /// The path has no route.
        case nowhere
    }

    /// Finds the route of a request as the server finds it.
    ///
    /// - Parameters:
    ///   - target: path and query, or a URL whose scheme and authority are ignored.
    ///   - method: the method.
    package func match(_ target: String, method: HTTPRequest.Method) -> Match {
        let target = RequestTarget(target)
        return switch destination(of: target, method: method) {
        case .route(let endpoint): .route(endpoint.route, target: target.originForm)
        case .health: .own
        case .otherMethods(let methods), .options(let methods): .otherMethods(methods)
        case .nowhere, .refused: .nowhere
        }
    }
}
