import RouteModel
import Synchronization

/// The routes of a service by their names, and what of them can't be answered.
final class RouteNames: Sendable {
    private struct Name: Hashable {
        let namespace: String
        let name: String
    }

    /// What the keys of a route begin with.
    private struct Keys: Hashable {
        let namespace: String
        let fingerprint: String
        let path: PathTemplate
    }

    private struct State {
        var byName: [Name: Route] = [:]
        var byKeys: [Keys: Route] = [:]
        var problems: [String] = []
    }

    private let state = Mutex(State())

    /// Takes a route; one that is added at several places is one route.
    ///
    /// - Returns: whether there is no other one of its namespace and name, or with its keys: purges, logs and metrics could not
    ///   tell the two apart, or one would get the answers of the other.
    func take(_ route: Route) -> Bool {
        let signature = route.signature
        let name = Name(namespace: signature.namespace, name: route.name)
        let keys = Keys(namespace: signature.namespace, fingerprint: signature.fingerprint, path: signature.path)
        return state.withLock { state in
            if let first = state.byName[name] {
                if first.isDeclared(as: route) { return true }
                state.problems.append(
                    "the namespace '\(name.namespace)' has two routes called '\(name.name)': \(first.label) and "
                        + "\(route.label); rename one of them, or give one of the manifests another namespace"
                )
                return false
            }
            if signature.method == .get, let first = state.byKeys[keys] {
                state.problems.append(
                    "\(first.label) and \(route.label) have the same keys in the namespace '\(name.namespace)'; give one of the "
                        + "manifests another namespace"
                )
                return false
            }
            state.byName[name] = route
            if signature.method == .get { state.byKeys[keys] = route }
            return true
        }
    }

    /// Notes why a route can't be answered.
    func refuse(_ problem: String) {
        state.withLock { $0.problems.append(problem) }
    }

    /// Why routes can't be answered, each once.
    var problems: [String] { state.withLock { $0.problems.withoutRepetitions } }
}

extension Route {
    /// Whether two routes come from one declaration.
    fileprivate func isDeclared(as other: Route) -> Bool {
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
