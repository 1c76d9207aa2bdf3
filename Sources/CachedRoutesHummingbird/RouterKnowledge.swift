import CachedRoutes
import HTTPTypes
import Hummingbird
import RouteModel
import Synchronization

/// The routes of a router: the app's own that were added before those of a manifest, and those of all manifests.
final class RouterKnowledge: Sendable {
    private let tree: Mutex<RouterTree>

    /// - Parameter ignoringCase: true if the router does not distinguish `/Users` from `/users`.
    init(ignoringCase: Bool) {
        tree = Mutex(RouterTree(ignoresCase: ignoringCase))
    }

    /// Notes routes that the router has.
    func note(_ routes: [(elements: [String], method: HTTPRequest.Method)]) {
        tree.withLock { tree in
            for route in routes { tree.note(route.elements, route.method) }
        }
    }

    /// Adds a route of a manifest.
    ///
    /// - Parameters:
    ///   - route: the route.
    ///   - prefix: the path of the group that it is added to.
    /// - Throws: ``RouteClashError`` if the router can't have it.
    func add(_ route: RouteDefinition, below prefix: [String]) throws(RouteClashError) -> RouterTree.Endpoint {
        try tree.withLock { tree throws(RouteClashError) in try tree.add(route, below: prefix) }
    }

    /// Returns the place of a path; `nil` if there is none.
    func place(of segments: [String]) -> RouterTree.Place? {
        tree.withLock { $0.place(of: segments) }
    }
}

/// The reason why a router can't have a route.
struct RouteClashError: Error, CustomStringConvertible {
    let description: String
}

/// The paths of a router as a tree.
///
/// For a router, `/users/{id}` and `/users/{user}/orders` are two branches of which the second is never reached, and a
/// debug build traps. Routes read their inputs from the path themselves, so the name of a capture does not matter: each
/// has the name that the first route gave it.
struct RouterTree: Sendable {
    /// A route that was added.
    struct Endpoint: Sendable {
        let id: Int
        /// The path below the group.
        let path: RouterPath
    }

    /// The owner of a method's route.
    enum Owner: Sendable {
        case app
        case manifest(RouteDefinition, id: Int)
    }

    /// The routes of a path.
    struct Place: Sendable {
        /// The path as the router prints it.
        let path: String
        var owners: [HTTPRequest.Method: Owner] = [:]

        /// Indicates that a route of a manifest is among them.
        var isOfManifest: Bool { owners.values.contains { if case .manifest = $0 { true } else { false } } }
    }

    private struct Node {
        let path: String
        /// The nodes below by their elements, without that of the capture.
        var children: [String: Int] = [:]
        var capture: (element: String, node: Int)?
        var owners: [HTTPRequest.Method: Owner] = [:]
    }

    private static let wildcard = "*"
    private static let catchAll = "**"

    private let ignoresCase: Bool
    private var nodes = [Node(path: "")]
    private var count = 0

    init(ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
    }

    // MARK: - Adding routes

    /// Notes a route of the app's, or one that is known already.
    mutating func note(_ elements: [String], _ method: HTTPRequest.Method) {
        var node = 0
        for element in elements { node = child(element, of: node) }
        if nodes[node].owners[method] == nil { nodes[node].owners[method] = .app }
    }

    mutating func add(_ route: RouteDefinition, below prefix: [String]) throws(RouteClashError) -> Endpoint {
        var node: Int? = 0
        var elements: [String] = []
        for (position, wanted) in (prefix + route.signature.path.segments.map(\.element)).enumerated() {
            let element = position < prefix.count ? wanted : name(wanted, at: node)
            if let hidden = obstacle(to: element, at: node) {
                throw RouteClashError(
                    description:
                        "\(route.label(below: prefix)) can't stand beside the app's own '\(hidden)', which matches the "
                        + "same requests: give one of the two another path"
                )
            }
            elements.append(element)
            node = node.flatMap { existing(element, of: $0) }
        }
        for method in route.methods {
            guard let owner = node.flatMap({ nodes[$0].owners[method] }) else { continue }
            throw clash(of: route, with: owner, for: method, below: prefix)
        }
        var last = 0
        for element in elements { last = child(element, of: last) }
        count += 1
        for method in route.methods { nodes[last].owners[method] = .manifest(route, id: count) }
        let path = RouterPath("/" + elements.dropFirst(prefix.count).joined(separator: "/"))
        return Endpoint(id: count, path: path)
    }

    private func clash(
        of route: RouteDefinition,
        with owner: Owner,
        for method: HTTPRequest.Method,
        below prefix: [String]
    ) -> RouteClashError {
        switch owner {
        case .app:
            RouteClashError(
                description: "\(route.label(below: prefix)) matches the same requests as the app's own route for "
                    + "\(method.rawValue), which was added before: give one of the two another path"
            )
        case .manifest(let first, _):
            RouteClashError(
                description:
                    "\(route.label(below: prefix)) matches the same requests as \(first.label), which was added before: "
                    + "give one of the two another path, or 'base-path', or add it to a group"
            )
        }
    }

    /// Returns the element that stands at a node for the element of a new route.
    private func name(_ element: String, at node: Int?) -> String {
        guard element.isCapture, let node else { return element }
        // For the router a capture beside a wildcard would hide it.
        return nodes[node].capture?.element ?? (nodes[node].children[Self.wildcard] == nil ? element : Self.wildcard)
    }

    /// Returns the path that a new element at a node would hide, or that would hide it.
    private func obstacle(to element: String, at node: Int?) -> String? {
        guard let node else { return nil }
        if element.isCapture || element == Self.wildcard, let hidden = nodes[node].children[Self.catchAll] {
            return nodes[hidden].path
        }
        guard element.isCapture, let capture = nodes[node].capture, capture.element != element else { return nil }
        return nodes[capture.node].path
    }

    private func key(_ element: String) -> String { ignoresCase && !element.isCapture ? element.lowercased() : element }

    private func existing(_ element: String, of node: Int) -> Int? {
        guard element.isCapture else { return nodes[node].children[key(element)] }
        return nodes[node].capture.flatMap { $0.element == element ? $0.node : nil }
    }

    private mutating func child(_ element: String, of node: Int) -> Int {
        if let existing = existing(element, of: node) { return existing }
        let child = nodes.count
        nodes.append(Node(path: "\(nodes[node].path)/\(element)"))
        if !element.isCapture {
            nodes[node].children[key(element)] = child
        } else if nodes[node].capture == nil {
            nodes[node].capture = (element, child)
        }
        return child
    }

    // MARK: - Finding routes

    /// Returns the place of a path; `nil` if there is none.
    ///
    /// A literal goes before a capture, for each method separately: a path may match a literal for one method and a
    /// capture for another.
    func place(of segments: [String]) -> Place? {
        var place: Place?
        find(segments[...], below: 0, into: &place)
        return place
    }

    private func find(_ segments: ArraySlice<String>, below node: Int, into place: inout Place?) {
        guard let segment = segments.first else {
            let found = nodes[node]
            guard !found.owners.isEmpty else { return }
            place = place ?? Place(path: found.path)
            place?.owners.merge(found.owners) { first, _ in first }
            return
        }
        let ways = [nodes[node].children[key(segment)], nodes[node].capture?.node, nodes[node].children[Self.wildcard]]
        for way in ways.compactMap({ $0 }) { find(segments.dropFirst(), below: way, into: &place) }
    }
}

extension String {
    /// Indicates that the router reads the element as a capture of a whole segment.
    fileprivate var isCapture: Bool { hasPrefix("{") && firstIndex(of: "}") == indices.last }
}

extension PathTemplate.Segment {
    fileprivate var element: String {
        switch self {
        case .literal(let text): text
        case .input(let name): "{\(name)}"
        }
    }
}

extension RouteDefinition {
    /// Returns the route's name in messages, with its path in the router.
    fileprivate func label(below prefix: [String]) -> String {
        let path =
            prefix.map { "/\($0)" }.joined()
            + (signature.path.segments.isEmpty ? "" : signature.path.description)
        return label(path.isEmpty ? "/" : path)
    }
}
