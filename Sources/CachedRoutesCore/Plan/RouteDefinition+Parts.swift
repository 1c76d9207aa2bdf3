package import RouteModel

extension RouteDefinition {
    /// All of a route that can be compared. Only the code of a handler can't.
    package struct Parts: Hashable, Sendable {
        /// The source of a route's responses.
        package enum Source: Hashable, Sendable {
            /// A statement, with the names of the inputs that are bound to its parameters.
            case sql(String, binding: [String], locked: LockedColumns?)
            /// A handler.
            case handler
        }

        /// The GET route with whose representation preconditions are compared.
        package struct Precondition: Hashable, Sendable {
            /// The name of the route.
            package let route: String
            /// Indicates that a request without preconditions is refused.
            package let isRequired: Bool
        }

        /// The settings of the route.
        package let declaration: RouteDeclaration
        /// The source of responses.
        package let source: Source
        /// The GET route with whose representation preconditions are compared; `nil` if requests with preconditions are
        /// refused.
        package let precondition: Precondition?
    }

    /// The parts of the route.
    package var parts: Parts {
        let source: Parts.Source =
            switch self.source {
            case .sql(let query):
                .sql(
                    query.sql,
                    binding: query.parameters.map { $0.name(in: signature.inputs) },
                    locked: query.locked
                )
            case .handler: .handler
            }
        return Parts(
            declaration: declaration,
            source: source,
            precondition: precondition.map { Parts.Precondition(route: $0.route.name, isRequired: $0.isRequired) }
        )
    }

    /// The statements that requests of the route run: its own, and the one that preconditions are compared with.
    var statements: [SQLStatement] {
        [source, precondition?.route.source].compactMap { if case .sql(let query) = $0 { query } else { nil } }
    }
}
