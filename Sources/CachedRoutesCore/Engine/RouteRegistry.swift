import RouteModel
import Synchronization

/// The routes of a service by their names, and the reasons why some can't be served.
final class RouteRegistry: Sendable {
    private struct Name: Hashable {
        let namespace: String
        let name: String

        init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }

        init(_ route: RouteDefinition) { self.init(namespace: route.signature.namespace, name: route.name) }
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
        var byName: [Name: [CompiledRoute]] = [:]
        var byPrefix: [KeyPrefix: RouteDefinition] = [:]
        var problems: [RouteProblem] = []

        mutating func add(_ compiled: CompiledRoute) {
            let route = compiled.route
            byName[Name(route), default: []].append(compiled)
            guard let prefix = KeyPrefix(route), byPrefix[prefix] == nil else { return }
            byPrefix[prefix] = route
        }

        func has(_ route: RouteDefinition) -> Bool {
            byName[Name(route)]?.contains { route.isDeclared(as: $0.route) } ?? false
        }

        /// Returns the reason why a route conflicts with those that are there; `nil` if it does not.
        func problem(with route: RouteDefinition) -> String? {
            let namespace = route.signature.namespace
            if let first = byName[Name(route)]?.first?.route {
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

        /// Adds the routes of one table.
        ///
        /// - Parameters:
        ///   - routes: the routes.
        ///   - fault: returns the reason why a route can't be served whatever the others are; `nil` if there is none.
        /// - Returns: the routes without those that can't be served, whose reasons are noted.
        mutating func take(_ routes: [CompiledRoute], unless fault: (RouteDefinition) -> String?) -> [CompiledRoute] {
            let taken = routes.filter { compiled in
                let route = compiled.route
                guard let problem = fault(route) ?? self.problem(with: route) else { return true }
                problems.append(RouteProblem(problem, of: route))
                return false
            }
            for compiled in taken where !has(compiled.route) { add(compiled) }
            return taken
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
        state.withLock { $0.take(routes, unless: databaseProblem) }
    }

    /// Exchanges the routes of all tables for others, by the same rules.
    ///
    /// - Returns: the routes that can be served, and the reasons why others can't, without repetitions.
    func replace(_ routes: [CompiledRoute]) -> (routes: [CompiledRoute], problems: [RouteProblem]) {
        var new = State()
        // One after the other, because the names of several tables are compared here.
        let taken = routes.flatMap { new.take([$0], unless: databaseProblem) }
        state.withLock { $0 = new }
        return (taken, new.problems.withoutRepetitions)
    }

    /// All routes, in no order.
    var routes: [CompiledRoute] { state.withLock { Array($0.byName.values.joined()) } }

    /// Returns a route by its name; `nil` if there is none.
    func route(namespace: String, name: String) -> CompiledRoute? {
        state.withLock { $0.byName[Name(namespace: namespace, name: name)]?.first }
    }

    private func databaseProblem(with route: RouteDefinition) -> String? {
        guard !hasDatabase, case .sql = route.source else { return nil }
        return "\(route.label) has SQL, but this program was built without PostgreSQL: enable the trait 'Postgres'"
    }

    /// Notes the reason why a route can't be served.
    func refuse(_ problem: String) {
        state.withLock { $0.problems.append(RouteProblem(problem)) }
    }

    /// The reasons why routes can't be served, without repetitions.
    var problems: [String] { state.withLock { $0.problems.map(\.message).withoutRepetitions } }
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
