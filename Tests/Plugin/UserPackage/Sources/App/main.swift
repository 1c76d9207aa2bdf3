import CachedRoutes

let tables: [any RouteSet] = [Routes(handlers: Handlers()), TeamRoutes()]
for route in tables.flatMap(\.routes) {
    print(route.name, route.signature.path, route.timeout)
}
