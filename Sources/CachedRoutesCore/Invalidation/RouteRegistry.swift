import RouteModel
import Synchronization

/// The routes of a service, as far as purges are about them.
final class RouteRegistry: Sendable {
    /// A token of a table.
    struct TableToken: Sendable, Hashable {
        let name: TagVersionKey
        /// How long it is kept at least, in milliseconds; 0: not at all.
        let minimumInterval: Int64

        /// The name of what processes leave in the store for each other when they renew it.
        var markerName: [UInt8] { name.bytes + Array(";changed".utf8) }
    }

    private struct State {
        var namespaces: [String] = []
        var routes: [String: [TagVersionKey]] = [:]
        var tables: [String: [TableToken]] = [:]
        var tags = TagPatterns()
    }

    private let state = Mutex(State())
    private let tagVersionLifetime: TagVersionLifetime

    init(tagVersionLifetime: TagVersionLifetime) {
        self.tagVersionLifetime = tagVersionLifetime
    }

    /// Takes a route that reads; one that writes has no answers to purge, but a namespace.
    func add(_ plan: RoutePlan) {
        if let cache = plan.cache { tagVersionLifetime.cover(entriesOf: EntryLifetime.longest(under: cache.policy)) }
        let namespace = plan.route.signature.namespace
        state.withLock { state in
            if !state.namespaces.contains(namespace) { state.namespaces.append(namespace) }
            guard let cache = plan.cache else { return }
            state.routes[plan.route.name, default: []].append(cache.tagVersions.route)
            state.tags.add(cache.policy.tags, of: plan.route.signature)
            guard let policy = cache.policy.tables else { return }
            for (table, name) in zip(policy.names, cache.tagVersions.tables) {
                let token = TableToken(name: name, minimumInterval: policy.minimumInterval.milliseconds)
                if !(state.tables[table]?.contains(token) ?? false) { state.tables[table, default: []].append(token) }
            }
        }
    }

    /// The namespaces of all manifests.
    var namespaces: [String] { state.withLock { $0.namespaces } }

    /// The tags of all routes.
    var tags: TagPatterns { state.withLock { $0.tags } }

    /// The tokens that each answer carries one of.
    var routes: [TagVersionKey] { state.withLock { Array($0.routes.values.joined()) } }

    /// The tokens of all routes by the routes' names.
    var routesByName: [String: [TagVersionKey]] { state.withLock { $0.routes } }

    /// The tokens of the routes of this name, one for each manifest that has one; `nil`: there is none.
    func routes(named name: String) -> [TagVersionKey]? { state.withLock { $0.routes[name] } }

    /// The tokens of a table.
    func tokens(ofTable name: String) -> [TableToken] { state.withLock { $0.tables[name] ?? [] } }

    /// The names of all tables, sorted.
    var tableNames: [String] { state.withLock { $0.tables.keys.sorted() } }

    /// The tokens of all tables.
    var tables: [TagVersionKey] { state.withLock { $0.tables.values.joined().map(\.name) } }
}
