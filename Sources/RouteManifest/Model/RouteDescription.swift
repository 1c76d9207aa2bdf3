package import RouteModel

/// All that a manifest says about a route for its run time.
///
/// Generated code is printed from it, and tools that serve or describe manifests without generated code take it as it is, so
/// that both have the same route.
@dynamicMemberLookup
package struct RouteDescription: Hashable, Sendable {
    /// The source of a route's responses.
    package enum Source: Hashable, Sendable {
        /// A statement.
        case sql(SQLDescription)
        /// A method of the app.
        case handler
    }

    /// The declaration, with the location of the route in the manifest.
    package var declaration: RouteDeclaration
    /// The source of the route's responses.
    package var source: Source
    /// The route that conditional requests are compared with; `nil` if they are refused.
    package var precondition: ManifestPreconditionPolicy?

    /// Creates a description.
    ///
    /// - Parameters:
    ///   - declaration: the declaration, with the location of the route in the manifest.
    ///   - source: the source of the route's responses.
    ///   - precondition: the route that conditional requests are compared with; `nil` if they are refused.
    package init(
        _ declaration: RouteDeclaration,
        source: Source,
        precondition: ManifestPreconditionPolicy? = nil
    ) {
        self.declaration = declaration
        self.source = source
        self.precondition = precondition
    }

    /// A property of the declaration.
    package subscript<Value>(dynamicMember property: KeyPath<RouteDeclaration, Value>) -> Value {
        declaration[keyPath: property]
    }

    /// Indicates that a method of the app makes the responses.
    package var isHandler: Bool { source == .handler }
}

/// The statement of a route as it is sent.
package struct SQLDescription: Hashable, Sendable {
    /// The text with the parameters `$1`, `$2`, ….
    package var sql: String
    /// For each parameter, the name of the input that is bound; `bio_given` for the presence of the nullable input `bio`.
    package var binding: [String]
    /// The types in the manifest's lock; `nil` without a lock.
    package var locked: LockDescription?

    /// Creates a statement.
    package init(sql: String, binding: [String], locked: LockDescription? = nil) {
        self.sql = sql
        self.binding = binding
        self.locked = locked
    }
}

/// The types of a statement's parameters and columns in the manifest's lock.
package struct LockDescription: Hashable, Sendable {
    /// A column of the result.
    package struct Column: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The name of the type.
        package var type: String

        /// Creates a column.
        package init(_ name: String, _ type: String) {
            self.name = name
            self.type = type
        }
    }

    /// The names of the parameters' types.
    package var parameters: [String]
    /// The columns in their order.
    package var columns: [Column]

    /// Creates types.
    package init(parameters: [String], columns: [Column]) {
        self.parameters = parameters
        self.columns = columns
    }
}

extension Manifest {
    /// The routes in the manifest's order.
    ///
    /// - Parameter path: the path of the manifest in messages at run time, such as `Sources/App/routes.yaml`.
    package func descriptions(path: String) -> [RouteDescription] { routes.map { $0.description(path: path) } }
}

extension ManifestRoute {
    fileprivate func description(path: String) -> RouteDescription {
        var declaration = declaration
        if let manifestLocation { declaration.location = "\(path):\(manifestLocation.line)" }
        let source: RouteDescription.Source =
            switch self.source {
            case .sql(let statement): .sql(SQLDescription(statement, inputs: declaration.signature.inputs))
            case .handler: .handler
            }
        return RouteDescription(declaration, source: source, precondition: precondition)
    }
}

extension SQLDescription {
    fileprivate init(_ statement: PositionalStatement, inputs: [RouteInput]) {
        self.init(
            sql: statement.sql,
            binding: statement.parameters.map { $0.name(in: inputs) },
            locked: statement.locked.map { locked in
                LockDescription(
                    parameters: locked.parameters,
                    columns: locked.columns.map { LockDescription.Column($0.name, $0.type) }
                )
            }
        )
    }
}
