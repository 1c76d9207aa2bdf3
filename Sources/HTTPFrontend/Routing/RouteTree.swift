package import CachedRoutes
package import HTTPTypes
import RouteModel

/// The reason why a route can't be served beside others.
package struct RouteClashError: Error, CustomStringConvertible {
    package let description: String

    /// Makes a reason.
    ///
    /// - Parameter description: the reason in a sentence, with its remedy.
    package init(description: String) { self.description = description }
}

/// The paths of routes as a tree.
///
/// For a router, `/users/{id}` and `/users/{user}/orders` are two branches of which the second is never reached, and a
/// debug build traps. Routes read their inputs from the path themselves, so the name of a capture does not matter: each
/// has the name that the first route gave it.
///
/// Paths that differ only in the encoding of unreserved characters are the same (RFC 3986, 6.2.2.2), and empty segments
/// do not count.
package struct RouteTree: Sendable {
    /// A route that was added.
    package struct Endpoint: Sendable {
        /// The number of the route in the tree.
        package let id: Int
        /// The elements of the path below the group, with captures as `{name}`.
        package let elements: [String]
    }

    /// The owner of a method's route.
    package enum Owner: Sendable {
        case app
        case manifest(RouteDefinition, id: Int)
    }

    /// The routes of a path.
    package struct Place: Sendable {
        package fileprivate(set) var owners: [HTTPRequest.Method: Owner] = [:]

        /// Indicates that a route of a manifest is among them.
        package var isOfManifest: Bool { owners.values.contains { if case .manifest = $0 { true } else { false } } }
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
    private let hasGroups: Bool
    private var nodes = [Node(path: "")]
    private var count = 0

    /// Makes a tree without routes.
    ///
    /// - Parameters:
    ///   - ignoresCase: true if `/Users` and `/users` are the same path.
    ///   - hasGroups: true if routes can be added below a prefix.
    package init(ignoresCase: Bool, hasGroups: Bool = true) {
        self.ignoresCase = ignoresCase
        self.hasGroups = hasGroups
    }

    // MARK: - Adding routes

    /// Records a route of the app's, or one that is known already.
    package mutating func note(_ elements: [String], _ method: HTTPRequest.Method) {
        var node = 0
        for element in elements { node = child(element, of: node) }
        if nodes[node].owners[method] == nil { nodes[node].owners[method] = .app }
    }

    /// Adds a route of a manifest.
    ///
    /// - Parameters:
    ///   - route: the route.
    ///   - prefix: the elements of the path that it is added below.
    /// - Throws: ``RouteClashError`` if another route matches the same requests, or would hide it.
    package mutating func add(
        _ route: RouteDefinition,
        below prefix: [String] = []
    ) throws(RouteClashError) -> Endpoint {
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
        return Endpoint(id: count, elements: Array(elements.dropFirst(prefix.count)))
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
                    + "give one of the two another path, or 'base-path'\(hasGroups ? ", or add it to a group" : "")"
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

    /// Returns the routes of a path; `nil` if there is none.
    ///
    /// A literal goes before a capture, for each method separately: a path may match a literal for one method and a
    /// capture for another.
    package func place(of path: String) -> Place? {
        var path = path
        return path.withUTF8 { place(of: UnsafeRawBufferPointer($0)) }
    }

    /// Returns the routes of a path in bytes; `nil` if there is none.
    package func place(of path: UnsafeRawBufferPointer) -> Place? {
        var place: Place?
        _ = find(path, from: 0, below: 0) { found in
            place = place ?? Place()
            place?.owners.merge(found.owners) { first, _ in first }
            return false
        }
        return place
    }

    /// Returns the owner of a method's route for a path in bytes; `nil` if there is none.
    package func owner(of path: UnsafeRawBufferPointer, method: HTTPRequest.Method) -> Owner? {
        var owner: Owner?
        _ = find(path, from: 0, below: 0) { found in
            owner = found.owners[method]
            return owner != nil
        }
        return owner
    }

    /// Visits the nodes with routes that match a path, literals before captures.
    ///
    /// - Parameters:
    ///   - path: the path.
    ///   - start: the position of the rest of the path.
    ///   - node: the node of the part of the path before.
    ///   - isEnough: takes a node, and returns true to end the visit.
    /// - Returns: true if the visit was ended.
    private func find(
        _ path: UnsafeRawBufferPointer,
        from start: Int,
        below node: Int,
        _ isEnough: (Node) -> Bool
    ) -> Bool {
        guard let start = path[start...].firstIndex(where: { $0 != UInt8(ascii: "/") }) else {
            return nodes[node].owners.isEmpty ? false : isEnough(nodes[node])
        }
        let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
        if !nodes[node].children.isEmpty {
            let segment = PathNormalization.decoded(path[start..<end])
            if let child = nodes[node].children[key(segment)], find(path, from: end, below: child, isEnough) {
                return true
            }
        }
        if let capture = nodes[node].capture?.node, find(path, from: end, below: capture, isEnough) { return true }
        guard let wildcard = nodes[node].children[Self.wildcard] else { return false }
        return find(path, from: end, below: wildcard, isEnough)
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
    /// The methods that the route handles.
    package var methods: [HTTPRequest.Method] {
        switch signature.method.kind {
        case .get: [.get, .head]
        case .post: [.post]
        case .put: [.put]
        case .patch: [.patch]
        case .delete: [.delete]
        }
    }

    /// Returns the route's name in messages, with its path in the router.
    fileprivate func label(below prefix: [String]) -> String {
        let path =
            prefix.map { "/\($0)" }.joined()
            + (signature.path.segments.isEmpty ? "" : signature.path.description)
        return label(path.isEmpty ? "/" : path)
    }
}
