/// A manifest as far as it could be read.
struct DraftManifest {
    var file: String
    var typeName: String
    var namespace: String?
    var access = Manifest.Access.internal
    var imports: [String] = []
    var routes: [DraftRoute] = []
    /// Those of the routes that have no fault.
    var checkedRoutes: [CheckedRoute] = []
    /// Whether something of the manifest could not be read.
    var isFaulty = false

    /// An empty draft.
    init(file: String, typeName: String) {
        self.file = file
        self.typeName = typeName
    }

    /// The place of what concerns the file as a whole.
    var location: Location { Location(file: file, line: 1, column: 1) }
}
