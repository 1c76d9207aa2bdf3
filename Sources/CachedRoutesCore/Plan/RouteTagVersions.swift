import RouteModel

/// Which tokens the answers of a route carry: its own, those of its tags, those of its tables, in this order.
struct RouteTagVersions: Sendable {
    /// The token that every answer of the route carries.
    let route: TagVersionKey
    /// The tokens of the route's tables.
    let tables: [TagVersionKey]
    private let tags: [TagRenderer]
    /// All names, where no value changes them.
    private let constant: [TagVersionKey]?

    /// The tokens of a route that reads.
    init(_ route: CachedRoute, _ cache: CachePolicy) {
        let namespace = route.signature.namespace
        self.route = .route(route.name, in: namespace)
        tables = cache.tables.map { $0.tokenNames(in: namespace) } ?? []
        tags = cache.tags.map { TagRenderer($0, of: route.signature) }
        constant =
            tags.allSatisfy(\.isConstant)
            ? ([self.route] + tags.flatMap { $0.names(for: InputValues(count: 0)) } + tables).withoutRepetitions : nil
    }

    /// The names for `values`, each once.
    func names(for values: InputValues) -> [TagVersionKey] {
        if let constant { return constant }
        var names = [route]
        names.reserveCapacity(1 + tags.count + tables.count)
        for tag in tags { names += tag.names(for: values) }
        names += tables
        return names.withoutRepetitions
    }
}

extension TablePolicy {
    /// The tokens of the tables.
    func tokenNames(in namespace: String) -> [TagVersionKey] {
        names.map { .table($0, minimumInterval: minimumInterval.milliseconds, in: namespace) }
    }
}
