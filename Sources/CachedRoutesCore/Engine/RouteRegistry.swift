import RouteModel
import Synchronization

/// The routes of a service by their names, and the reasons why some can't be served.
final class RouteRegistry: Sendable {
    private struct Name: Hashable {
        let namespace: String
        let name: String

        init(_ route: RouteDefinition) {
            namespace = route.signature.namespace
            name = route.name
        }
    }

    /// The start of a route's keys.
    private struct KeyPrefix: Hashable {
        let namespace: String
        let fingerprint: String
        let path: PathTemplate

        /// Is `nil` for a route whose responses are not stored.
        init?(_ route: RouteDefinition) {
            guard route.cache != nil else { return nil }
            namespace = route.signature.namespace
            fingerprint = route.signature.fingerprint
            path = route.signature.path
        }
    }

    private struct State {
        var byName: [Name: [RouteDefinition]] = [:]
        var byPrefix: [KeyPrefix: RouteDefinition] = [:]
        var problems: [String] = []

        mutating func add(_ route: RouteDefinition) {
            byName[Name(route), default: []].append(route)
            guard let prefix = KeyPrefix(route), byPrefix[prefix] == nil else { return }
            byPrefix[prefix] = route
        }

        func has(_ route: RouteDefinition) -> Bool { byName[Name(route)]?.contains(where: route.isDeclared) ?? false }

        /// Returns the reason why a route conflicts with those that are there; `nil` if it does not.
        func problem(with route: RouteDefinition) -> String? {
            let namespace = route.signature.namespace
            if let first = byName[Name(route)]?.first {
                guard !has(route) else { return nil }
                return
                    "the namespace '\(namespace)' has two routes called '\(route.name)': \(first.label) and \(route.label); "
                    + "rename one of them, or give one of the manifests another namespace"
            }
            guard let first = KeyPrefix(route).flatMap({ byPrefix[$0] }) else { return nil }
            return
                "\(first.label) and \(route.label) have the same keys in the namespace '\(namespace)'; give one of the "
                + "manifests another namespace"
        }
    }

    private let state = Mutex(State())
    private let hasDatabase: Bool

    /// - Parameter hasDatabase: true if statements can be run.
    init(hasDatabase: Bool) {
        self.hasDatabase = hasDatabase
    }

    /// Adds the routes of one table, whose names the build has checked. A route that is added at several places is one
    /// route.
    ///
    /// - Returns: the routes without those that have the namespace and name, or the keys, of an earlier one: purges,
    ///   logs and metrics could not tell the two apart, or one would be given the responses of the other.
    func take(_ routes: [CompiledRoute]) -> [CompiledRoute] {
        state.withLock { state in
            let taken = routes.filter { compiled in
                let route = compiled.route
                guard let problem = databaseProblem(with: route) ?? state.problem(with: route) else { return true }
                state.problems.append(problem)
                return false
            }
            for compiled in taken where !state.has(compiled.route) { state.add(compiled.route) }
            return taken
        }
    }

    private func databaseProblem(with route: RouteDefinition) -> String? {
        guard !hasDatabase, case .sql = route.source else { return nil }
        return "\(route.label) has SQL, but this program was built without PostgreSQL: enable the trait 'Postgres'"
    }

    /// Notes the reason why a route can't be served.
    func refuse(_ problem: String) {
        state.withLock { $0.problems.append(problem) }
    }

    /// The reasons why routes can't be served, without repetitions.
    var problems: [String] { state.withLock { $0.problems.withoutRepetitions } }
}

extension RouteDefinition {
    /// Indicates that two routes come from one declaration.
    fileprivate func isDeclared(as other: RouteDefinition) -> Bool {
        signature == other.signature && location == other.location
    }

    /// The route in messages: `route 'getUser' (GET /users/{id}, Sources/App/routes.yaml:8)`.
    package var label: String { label(signature.path.description) }

    /// Returns the route's name in messages, with the path that it is served under.
    package func label(_ path: String) -> String {
        let place = location.map { ", \($0)" } ?? ""
        return "route '\(name)' (\(signature.method.rawValue.uppercased()) \(path)\(place))"
    }
}
