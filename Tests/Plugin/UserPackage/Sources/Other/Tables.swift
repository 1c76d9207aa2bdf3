public import CachedRoutes

/// Tables that another module may serve.
public func tables(handlers: some Routes.Handlers) -> [any RouteTable] {
    [Routes(handlers: handlers), AdminRoutes()]
}
