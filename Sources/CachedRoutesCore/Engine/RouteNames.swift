import RouteModel
import Synchronization

/// The routes of a service by their names, and what of them can't be answered.
final class RouteNames: Sendable {
    private struct Name: Hashable {
        let namespace: String
        let name: String

        init(_ route: CachedRoute) {
            namespace = route.signature.namespace
            name = route.name
        }
    }

    /// What the keys of a route begin with.
    private struct Keys: Hashable {
        let namespace: String
        let fingerprint: String
        let path: PathTemplate

        /// `nil`: nothing of the route is cached.
        init?(_ route: CachedRoute) {
            guard route.cache != nil else { return nil }
            namespace = route.signature.namespace
            fingerprint = route.signature.fingerprint
            path = route.signature.path
        }
    }

    private struct State {
        var byName: [Name: [CachedRoute]] = [:]
        var byKeys: [Keys: CachedRoute] = [:]
        var problems: [String] = []

        mutating func add(_ route: CachedRoute) {
            byName[Name(route), default: []].append(route)
            guard let keys = Keys(route), byKeys[keys] == nil else { return }
            byKeys[keys] = route
        }

        func has(_ route: CachedRoute) -> Bool { byName[Name(route)]?.contains(where: route.isDeclared) ?? false }

        /// Why a route can't be beside those that are there; `nil`: it can.
        func problem(with route: CachedRoute) -> String? {
            let namespace = route.signature.namespace
            if let first = byName[Name(route)]?.first {
                guard !has(route) else { return nil }
                return
                    "the namespace '\(namespace)' has two routes called '\(route.name)': \(first.label) and \(route.label); "
                    + "rename one of them, or give one of the manifests another namespace"
            }
            guard let first = Keys(route).flatMap({ byKeys[$0] }) else { return nil }
            return
                "\(first.label) and \(route.label) have the same keys in the namespace '\(namespace)'; give one of the "
                + "manifests another namespace"
        }
    }

    private let state = Mutex(State())
    private let hasDatabase: Bool

    /// - Parameter hasDatabase: statements can be run.
    init(hasDatabase: Bool) {
        self.hasDatabase = hasDatabase
    }

    /// Takes the routes of one table, whose names are its own affair. A route that is added at several places is one route.
    ///
    /// - Returns: the routes without those that have the namespace and name, or the keys, of another one from before: purges,
    ///   logs and metrics could not tell the two apart, or one would get the answers of the other.
    func take(_ routes: [CompiledRoute]) -> [CompiledRoute] {
        state.withLock { state in
            let taken = routes.filter { planned in
                let route = planned.route
                guard let problem = databaseProblem(with: route) ?? state.problem(with: route) else { return true }
                state.problems.append(problem)
                return false
            }
            for planned in taken where !state.has(planned.route) { state.add(planned.route) }
            return taken
        }
    }

    private func databaseProblem(with route: CachedRoute) -> String? {
        guard !hasDatabase, case .sql = route.source else { return nil }
        return "\(route.label) has SQL, and this program was built without PostgreSQL; enable the trait 'Postgres'"
    }

    /// Notes why a route can't be answered.
    func refuse(_ problem: String) {
        state.withLock { $0.problems.append(problem) }
    }

    /// Why routes can't be answered, each once.
    var problems: [String] { state.withLock { $0.problems.withoutRepetitions } }
}

extension CachedRoute {
    /// Whether two routes come from one declaration.
    fileprivate func isDeclared(as other: CachedRoute) -> Bool {
        signature == other.signature && location == other.location
    }

    /// The route in messages: `route 'getUser' (GET /users/{id}, Sources/App/routes.yaml:8)`.
    package var label: String { label(signature.path.description) }

    /// The route in messages, with the path that it is answered under.
    package func label(_ path: String) -> String {
        let place = location.map { ", \($0)" } ?? ""
        return "route '\(name)' (\(signature.method.rawValue.uppercased()) \(path)\(place))"
    }
}
