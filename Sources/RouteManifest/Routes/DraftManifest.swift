/// A manifest as far as it could be read.
struct DraftManifest {
    var file: String
    var typeName: String
    var namespace: String?
    var access = Manifest.Access.internal
    var imports: [String] = []
    var routes: [DraftRoute] = []
    /// The names under `routes` whose routes could not be read, which is reported there.
    var unreadRoutes: Set<String> = []
    /// The routes without errors.
    var checkedRoutes: [CheckedRoute] = []
    /// The statements that can be checked on a database.
    var statements: [StatementToCheck] = []
    /// The tables of the routes with handlers.
    var handlerTables: [HandlerTables] = []
    /// The names of the routes for which a lock gives types of rows.
    var lockedRoutes: Set<String> = []
    /// The labels of the lock's enums.
    var enums: [String: [String]] = [:]
    /// Indicates that the manifest has errors.
    var isFaulty = false

    /// An empty draft.
    init(file: String, typeName: String) {
        self.file = file
        self.typeName = typeName
    }

    /// The place of diagnostics about the whole file.
    var location: Location { Location(file: file, line: 1, column: 1) }
}
