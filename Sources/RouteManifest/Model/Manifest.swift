public import RouteModel

/// A validated manifest: what `routes.yaml` means, with every default filled in.
public struct Manifest: Sendable, Hashable {
    /// The access level of what is generated.
    public enum Access: String, Sendable, Hashable, CaseIterable {
        /// Seen inside the user's module.
        case `internal`
        /// Seen inside the user's package.
        case package
        /// Seen everywhere.
        case `public`
    }

    /// The name of the generated type: `Routes`, or `AdminRoutes` for `admin.routes.yaml`.
    public var typeName: String
    /// The first part of every key.
    public var namespace: String
    /// The access level of the generated type.
    public var access: Access
    /// Modules the generated file imports besides its own.
    public var imports: [String]
    /// The routes in the manifest's order.
    public var routes: [ManifestRoute]

    /// A manifest from its parts.
    public init(typeName: String, namespace: String, access: Access, imports: [String], routes: [ManifestRoute]) {
        self.typeName = typeName
        self.namespace = namespace
        self.access = access
        self.imports = imports
        self.routes = routes
    }

    /// The context inputs of all routes, by name, each once.
    public var contextInputs: [RouteInput] {
        var seen: Set<String> = []
        return routes.flatMap(\.signature.inputs)
            .filter { $0.group == .context && seen.insert($0.name).inserted }
            .sorted { $0.name < $1.name }
    }
}
