import CachedRoutes
import HTTPTypes
import Hummingbird
import RouteModel
import Synchronization

/// The routes of one router: the app's own, as far as they were added before those of a manifest, and those of all manifests.
final class RouterKnowledge: Sendable {
    private let tree: Mutex<RouterTree>

    /// - Parameter ignoringCase: whether the router takes `/Users` for `/users`.
    init(ignoringCase: Bool) {
        tree = Mutex(RouterTree(ignoresCase: ignoringCase))
    }

    /// The router has these routes.
    func note(_ routes: [(elements: [String], method: HTTPRequest.Method)]) {
        tree.withLock { tree in
            for route in routes { tree.note(route.elements, route.method) }
        }
    }

    /// Takes a route of a manifest.
    ///
    /// - Parameter prefix: the path of the group that it is added to.
    /// - Throws: why the router can't have it.
    func add(_ route: CachedRoute, below prefix: [String]) throws(RouteClash) -> RouterTree.Endpoint {
        try tree.withLock { tree throws(RouteClash) in try tree.add(route, below: prefix) }
    }

    /// The place that a path leads to; `nil`: none.
    func place(of segments: [String]) -> RouterTree.Place? {
        tree.withLock { $0.place(of: segments) }
    }
}

/// Why a router can't have a route.
struct RouteClash: Error, CustomStringConvertible {
    let description: String
}

/// The paths of a router with what they lead to.
///
/// A router takes `/users/{id}` and `/users/{user}/orders` for two places of which the second is never reached, and stops a debug
/// build. Routes read their inputs from the path themselves, so what the router calls a place is of no matter: it has the name
/// that the first route has for it.
struct RouterTree: Sendable {
    /// A route that was taken.
    struct Endpoint: Sendable {
        let id: Int
        /// The path below the group.
        let path: RouterPath
    }

    /// Whose route it is that answers a method.
    enum Owner: Sendable {
        case app
        case manifest(CachedRoute, id: Int)
    }

    /// What a path leads to.
    struct Place: Sendable {
        /// The path as the router prints it.
        let path: String
        var owners: [HTTPRequest.Method: Owner] = [:]

        /// Whether a route of a manifest is there.
        var isOfManifest: Bool { owners.values.contains { if case .manifest = $0 { true } else { false } } }
    }

    private struct Node {
        let path: String
        /// The nodes below it by their elements; those of captures are in `capture`.
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

    // MARK: - Taking routes

    /// The router has a route of the app's, or one that is known already.
    mutating func note(_ elements: [String], _ method: HTTPRequest.Method) {
        var node = 0
        for element in elements { node = child(element, of: node) }
        if nodes[node].owners[method] == nil { nodes[node].owners[method] = .app }
    }

    mutating func add(_ route: CachedRoute, below prefix: [String]) throws(RouteClash) -> Endpoint {
        var node: Int? = 0
        var elements: [String] = []
        for (position, wanted) in (prefix + route.signature.path.segments.map(\.element)).enumerated() {
            let element = position < prefix.count ? wanted : name(wanted, at: node)
            if let hidden = obstacle(to: element, at: node) {
                throw RouteClash(
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
            throw clash(route, owner, method, below: prefix)
        }
        var last = 0
        for element in elements { last = child(element, of: last) }
        count += 1
        for method in route.methods { nodes[last].owners[method] = .manifest(route, id: count) }
        let path = RouterPath("/" + elements.dropFirst(prefix.count).joined(separator: "/"))
        return Endpoint(id: count, path: path)
    }

    private func clash(
        _ route: CachedRoute,
        _ owner: Owner,
        _ method: HTTPRequest.Method,
        below prefix: [String]
    ) -> RouteClash {
        switch owner {
        case .app:
            RouteClash(
                description: "\(route.label(below: prefix)) matches the same requests as the app's own route for "
                    + "\(method.rawValue), which was added before: give one of the two another path"
            )
        case .manifest(let first, _):
            RouteClash(
                description:
                    "\(route.label(below: prefix)) matches the same requests as \(first.label), which was added before: "
                    + "give one of the two another path, or 'base-path', or add it to a group"
            )
        }
    }

    /// What a place is called for which a route says `element`.
    private func name(_ element: String, at node: Int?) -> String {
        guard element.isCapture, let node else { return element }
        // The router would take a capture beside a wildcard for one that hides it.
        return nodes[node].capture?.element ?? (nodes[node].children[Self.wildcard] == nil ? element : Self.wildcard)
    }

    /// The path that an element at a node would hide from the router, or the other way round.
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

    // MARK: - Finding them

    /// The place that a path leads to; `nil`: none.
    ///
    /// A literal goes before a capture, for each method by itself: a path may match a literal for one and a capture for another.
    func place(of segments: [String]) -> Place? {
        var place: Place?
        find(segments[...], below: 0, &place)
        return place
    }

    private func find(_ segments: ArraySlice<String>, below node: Int, _ place: inout Place?) {
        guard let segment = segments.first else {
            let found = nodes[node]
            guard !found.owners.isEmpty else { return }
            place = place ?? Place(path: found.path)
            place?.owners.merge(found.owners) { first, _ in first }
            return
        }
        let ways = [nodes[node].children[key(segment)], nodes[node].capture?.node, nodes[node].children[Self.wildcard]]
        for way in ways.compactMap({ $0 }) { find(segments.dropFirst(), below: way, &place) }
    }
}

extension String {
    /// Whether the router takes it for one that matches a whole segment and gives it a name.
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

extension CachedRoute {
    /// The route in messages, by the path that the router has it under.
    fileprivate func label(below prefix: [String]) -> String {
        let path =
            prefix.map { "/\($0)" }.joined()
            + (signature.path.segments.isEmpty ? "" : signature.path.description)
        return label(path.isEmpty ? "/" : path)
    }
}
