public import CachedRoutes

/// Tables that another module may serve.
public func tables(handlers: some Routes.Handlers) -> [any RouteSet] {
    [Routes(handlers: handlers), AdminRoutes()]
}
