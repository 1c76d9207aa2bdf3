import RouteModel
import Synchronization

/// The tag versions of a service's routes, for purges.
final class TagVersionKeyRegistry: Sendable {
    /// The tag version of a table.
    struct TableTagVersion: Sendable, Hashable {
        let name: TagVersionKey
        /// The shortest time between two purges of it, in milliseconds; 0 if there is no such bound.
        let minimumInterval: Int64

        /// The name of the lock in the store that tells other processes of a purge in this interval.
        var markerName: [UInt8] { name.bytes + Array(";changed".utf8) }
    }

    private struct State {
        var namespaces: [String] = []
        var routes: [String: [TagVersionKey]] = [:]
        /// The tag versions of routes that were exchanged for others.
        var formerRoutes: Set<TagVersionKey> = []
        var tables: [String: [TableTagVersion]] = [:]
        var tags = TagTemplateIndex()

        mutating func add(_ plan: RoutePlan) {
            let namespace = plan.route.signature.namespace
            if !namespaces.contains(namespace) { namespaces.append(namespace) }
            guard let cache = plan.cache else { return }
            routes[plan.route.name, default: []].append(cache.tagVersions.route)
            tags.add(cache.policy.tags, of: plan.route.signature)
            guard let policy = cache.policy.tables else { return }
            for (table, name) in zip(policy.names, cache.tagVersions.tables) {
                let token = TableTagVersion(name: name, minimumInterval: policy.minimumInterval.milliseconds)
                if !(tables[table]?.contains(token) ?? false) { tables[table, default: []].append(token) }
            }
        }
    }

    private let state = Mutex(State())
    private let tagVersionLifetime: TagVersionLifetime

    init(tagVersionLifetime: TagVersionLifetime) {
        self.tagVersionLifetime = tagVersionLifetime
    }

    /// Adds a route. A route that writes has no responses to purge, but a namespace.
    func add(_ plan: RoutePlan) {
        cover(plan)
        state.withLock { $0.add(plan) }
    }

    /// Exchanges all routes for others.
    ///
    /// The tag versions of a tag, a route and a table are the same in both as far as both have them, so a purge meanwhile
    /// finds the responses of either. Purges of all routes go on to purge those of former ones, which may come back.
    func replace(_ plans: [RoutePlan]) {
        var new = State()
        for plan in plans {
            // Versions of earlier routes keep their lifetime.
            cover(plan)
            new.add(plan)
        }
        state.withLock { state in
            new.formerRoutes = state.formerRoutes.union(state.routes.values.joined())
            state = new
        }
    }

    private func cover(_ plan: RoutePlan) {
        guard let cache = plan.cache else { return }
        tagVersionLifetime.cover(entriesOf: EntryRetention.longest(under: cache.policy))
    }

    /// The namespaces of all manifests.
    var namespaces: [String] { state.withLock { $0.namespaces } }

    /// The tags of all routes.
    var tags: TagTemplateIndex { state.withLock { $0.tags } }

    /// The tag versions of all routes, former ones included, one of which every stored response carries.
    var routes: [TagVersionKey] {
        state.withLock { state in
            state.formerRoutes.isEmpty
                ? Array(state.routes.values.joined()) : Array(state.formerRoutes.union(state.routes.values.joined()))
        }
    }

    /// The tag versions of all routes, by the routes' names.
    var routesByName: [String: [TagVersionKey]] { state.withLock { $0.routes } }

    /// Returns the tag versions of the routes of a name, one for each manifest that has it; `nil` if none does.
    func routes(named name: String) -> [TagVersionKey]? { state.withLock { $0.routes[name] } }

    /// Returns the tag versions of a table.
    func tokens(ofTable name: String) -> [TableTagVersion] { state.withLock { $0.tables[name] ?? [] } }

    /// The names of all tables, sorted.
    var tableNames: [String] { state.withLock { $0.tables.keys.sorted() } }

    /// The tag versions of all tables.
    var tables: [TagVersionKey] { state.withLock { $0.tables.values.joined().map(\.name) } }
}
