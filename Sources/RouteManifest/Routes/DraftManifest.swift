/// A manifest as far as it could be read.
struct DraftManifest {
    var file: String
    var typeName: String
    var namespace: String?
    var access = Manifest.Access.internal
    var imports: [String] = []
    var routes: [DraftRoute] = []
    /// The routes without errors.
    var checkedRoutes: [CheckedRoute] = []
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
