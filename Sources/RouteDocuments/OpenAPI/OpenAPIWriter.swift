package import RouteManifest
import RouteModel

/// Writes the OpenAPI 3.1 description of manifests.
///
/// It keeps to what generators of Swift clients read as well: operations have unique identifiers, schemas of components names that
/// are identifiers, and null stands in lists of types alone.
package struct OpenAPIWriter {
    /// What the manifests don't say.
    package struct Options: Sendable {
        /// The title; `nil` for the namespaces.
        package var title: String?
        /// The version of the API.
        package var version: String
        /// The URL of the server, to which the paths are appended; `nil` for that of the document.
        package var server: String?
        /// Indicates that operations name a security scheme: the bearer token that a 401's challenge asks for.
        package var hasSecurity = true
        /// Paths that begin with one of these need an authenticated request, which the app sees to in front of the routes.
        package var securedPaths: [String]
        /// Indicates that operations say how their responses are cached, in `x-cached-routes`.
        package var hasExtensions: Bool

        /// Makes options.
        package init(
            title: String? = nil,
            version: String = "1",
            server: String? = nil,
            hasSecurity: Bool = true,
            securedPaths: [String] = [],
            hasExtensions: Bool = false
        ) {
            self.title = title
            self.version = version
            self.server = server
            self.hasSecurity = hasSecurity
            self.securedPaths = securedPaths
            self.hasExtensions = hasExtensions
        }
    }

    /// Two routes for one method and path, which a document can't have.
    package struct RepeatedOperation: Error, CustomStringConvertible {
        /// The method and the path.
        package let operation: String

        /// A sentence.
        package var description: String {
            "two routes answer \(operation), as those of two services may; describe one service at a time, with --manifest"
        }
    }

    /// The document that describes the routes of manifests, in their order.
    ///
    /// - Parameters:
    ///   - manifests: the manifests of one service.
    ///   - options: what the manifests don't say.
    /// - Throws: ``RepeatedOperation``
    package static func document(
        _ manifests: [Manifest],
        options: Options = Options()
    ) throws(RepeatedOperation) -> Document {
        var writer = OpenAPIWriter(manifests, options)
        let paths = try writer.paths()
        let namespaces = manifests.map(\.namespace).withoutRepetitions
        return Document.object([
            .init("openapi", "3.1.0"),
            .init(
                "info",
                [
                    "title": .string(options.title ?? namespaces.joined(separator: ", ")),
                    "description": .string(about),
                    "version": .string(options.version),
                ]
            ),
        ])
        .adding("servers", options.server.map { [["url": .string($0)]] })
        .adding("tags", .array(namespaces.map { ["name": .string($0)] }))
        .adding("paths", paths)
        .adding("components", writer.components.document)
    }

    private static let about =
        "GET is answered to HEAD as well, without the body. A path with another method is answered by a 405, whose Allow says which "
        + "there are. Unless it says otherwise, an operation ignores query parameters that it doesn't name."

    let manifests: [Manifest]
    let options: Options
    let names: OpenAPINames
    var components = OpenAPIComponents()

    private init(_ manifests: [Manifest], _ options: Options) {
        self.manifests = manifests
        self.options = options
        names = OpenAPINames(manifests)
    }

    /// A path with the names of its inputs in braces, which are those of its first route: the names don't tell paths apart.
    private struct PathItem {
        var path: PathTemplate
        var operations: [Document.Member] = []
    }

    private mutating func paths() throws(RepeatedOperation) -> Document {
        var items: [PathItem] = []
        var indices: [String: Int] = [:]
        for (number, manifest) in manifests.enumerated() {
            for (index, route) in manifest.routes.enumerated() {
                let path = route.signature.path
                let key = Self.shape(of: path)
                let item = indices[key] ?? items.count
                if item == items.count {
                    items.append(PathItem(path: path))
                    indices[key] = item
                }
                let method = route.signature.method.rawValue
                guard !items[item].operations.contains(where: { $0.name == method }) else {
                    throw RepeatedOperation(operation: "\(method.uppercased()) \(items[item].path)")
                }
                let operation = operation(
                    of: OpenAPIRoute(route, of: manifest, number: number, index: index),
                    pathNames: items[item].path.inputNames
                )
                items[item].operations.append(.init(method, operation))
            }
        }
        return .object(items.map { .init($0.path.description, .object($0.operations)) })
    }

    /// The path without the names of its inputs.
    private static func shape(of path: PathTemplate) -> String {
        path.segments.map { if case .literal(let text) = $0 { "/\(text)" } else { "/{}" } }.joined()
    }

    private mutating func operation(of route: OpenAPIRoute, pathNames: [String]) -> Document {
        let parameters = parameters(of: route, pathNames: pathNames)
        let isSecured = isSecured(route)
        return Document.object([])
            .adding("operationId", .string(names.operation(route)))
            .adding("summary", route.route.summary.map { .string($0) })
            .adding("description", description(of: route).map { .string($0) })
            .adding("tags", [.string(route.manifest.namespace)])
            .adding("security", security(route, isSecured))
            .adding("parameters", parameters.isEmpty ? nil : .array(parameters))
            .adding("requestBody", requestBody(of: route))
            .adding("responses", responses(to: route, isSecured: isSecured))
            .adding("x-cached-routes", options.hasExtensions ? Self.caching(of: route.route) : nil)
    }

    /// Indicates that the operation needs an authenticated request.
    private func isSecured(_ route: OpenAPIRoute) -> Bool {
        let path = route.route.signature.path.description
        return route.needsContext
            || options.securedPaths.contains { prefix in
                path.hasPrefix(prefix)
                    && (prefix.hasSuffix("/") || path.count == prefix.count
                        || path.dropFirst(prefix.count).first == "/")
            }
    }

    private mutating func security(_ route: OpenAPIRoute, _ isSecured: Bool) -> Document? {
        guard options.hasSecurity else { return nil }
        guard isSecured || !route.inputs(.context).isEmpty else { return [] }
        components.hasSession = true
        // Without an optional input of the context a request is answered, but the response may be another.
        return isSecured ? [["session": []]] : [["session": []], [:]]
    }

    private func description(of route: OpenAPIRoute) -> String? {
        var sentences: [String] = []
        if route.route.unknownQuery == .reject {
            sentences.append("Query parameters that are not named here are refused with a 400.")
        }
        for input in route.inputs(.header) where Self.isReservedHeader(input) {
            sentences.append("The response depends on the field \(input.wireName).")
        }
        if let read = route.preconditionRoute {
            for input in read.signature.inputs where input.group == .header && Self.isReservedHeader(input) {
                sentences.append(
                    "The response of \(read.name) that If-Match speaks of depends on the field \(input.wireName)."
                )
            }
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    /// Indicates a field that OpenAPI doesn't have as a parameter (3.1.0, 4.8.12.1).
    static func isReservedHeader(_ input: RouteInput) -> Bool {
        ["accept", "content-type", "authorization"].contains(input.wireName.lowercased())
    }

    private static func caching(of route: ManifestRoute) -> Document {
        guard let cache = route.cache else { return ["cache": route.write == nil ? "off" : "none"] }
        return Document.object([
            .init("cache", "on"),
            .init("ttl", .string("\(cache.ttl.milliseconds)ms")),
            .init("tags", .array(cache.tags.map { .string($0.description) })),
            .init("tables", .array((cache.tables?.names ?? []).map { .string($0) })),
        ])
    }
}

/// A route with its place among the manifests.
struct OpenAPIRoute {
    let route: ManifestRoute
    let manifest: Manifest
    /// The place of the manifest.
    let number: Int
    /// The place of the route in its manifest.
    let index: Int

    init(_ route: ManifestRoute, of manifest: Manifest, number: Int, index: Int) {
        self.route = route
        self.manifest = manifest
        self.number = number
        self.index = index
    }

    var isHandler: Bool { route.source == .handler }
    var isWrite: Bool { route.write != nil }
    var locked: LockedStatement? { route.source.locked }
    /// Indicates a write that purges stored responses.
    var purges: Bool { !(route.write?.invalidates.isEmpty ?? true) || !(route.write?.targets.isEmpty ?? true) }
    /// Indicates a context input without which a request is refused.
    var needsContext: Bool { inputs(.context).contains { !$0.isOptional } }

    func inputs(_ group: RouteInput.Group) -> [RouteInput] { route.signature.inputs.filter { $0.group == group } }

    /// The GET route that conditions of the write speak of.
    var preconditionRoute: ManifestRoute? {
        route.precondition.flatMap { precondition in manifest.routes.first { $0.name == precondition.route } }
    }
}
