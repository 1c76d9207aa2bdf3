public import RouteModel

/// A validated manifest with all defaults applied.
public struct Manifest: Sendable, Hashable {
    /// The access level of generated declarations.
    public enum Access: String, Sendable, Hashable, CaseIterable {
        /// Visible inside the user's module.
        case `internal`
        /// Visible inside the user's package.
        case package
        /// Visible everywhere.
        case `public`
    }

    /// The name of the generated type, such as `Routes` for `routes.yaml` and `AdminRoutes` for `admin.routes.yaml`.
    public var typeName: String
    /// The namespace, which is the first part of every key.
    public var namespace: String
    /// The access level of the generated type.
    public var access: Access
    /// The modules that the generated file imports besides those it needs itself.
    public var imports: [String]
    /// The routes in the manifest's order.
    public var routes: [ManifestRoute]
    /// The labels of the lock's enums by the names of their types, as the columns of ``PositionalStatement/locked`` have
    /// them; empty without a lock.
    package var enums: [String: [String]] = [:]

    /// Creates a manifest.
    public init(typeName: String, namespace: String, access: Access, imports: [String], routes: [ManifestRoute]) {
        self.typeName = typeName
        self.namespace = namespace
        self.access = access
        self.imports = imports
        self.routes = routes
    }

    /// The context inputs of all routes, sorted by name, each once.
    public var contextInputs: [RouteInput] {
        var seen: Set<String> = []
        return routes.flatMap(\.signature.inputs)
            .filter { $0.group == .context && seen.insert($0.name).inserted }
            .sorted { $0.name < $1.name }
    }
}
