import RouteModel

/// The tag versions of a route's responses: the route's own, those of its tags, and those of its tables, in this order.
struct RouteTagVersionKeys: Sendable {
    /// The tag version that all responses of the route carry.
    let route: TagVersionKey
    /// The tag versions of the route's tables.
    let tables: [TagVersionKey]
    private let tags: [TagRenderer]
    /// All keys, if they do not depend on values.
    private let constant: [TagVersionKey]?

    /// Makes the tag versions of a route that reads.
    init(_ route: RouteDefinition, _ cache: CachePolicy) {
        let namespace = route.signature.namespace
        self.route = .route(route.name, in: namespace)
        tables = cache.tables.map { $0.tokenNames(in: namespace) } ?? []
        tags = cache.tags.map { TagRenderer($0, of: route.signature) }
        constant =
            tags.allSatisfy(\.isConstant)
            ? ([self.route] + tags.flatMap { $0.names(for: InputValues(count: 0)) } + tables).withoutRepetitions : nil
    }

    /// The keys for `values` without repetitions.
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
    /// The keys of the tables' tag versions.
    func tokenNames(in namespace: String) -> [TagVersionKey] {
        names.map { .table($0, minimumInterval: minimumInterval.milliseconds, in: namespace) }
    }
}
