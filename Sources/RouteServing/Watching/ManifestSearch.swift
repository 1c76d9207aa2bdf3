/// Decides which of the manifests that are found now and then are served.
package struct ManifestSearch: Sendable {
    /// The manifests that are served.
    package private(set) var files: [String]
    /// The manifests of the last search.
    private var last: [String]

    /// Creates a search.
    ///
    /// - Parameter files: the manifests that were found at the start.
    package init(_ files: [String]) {
        self.files = files
        last = files
    }

    /// Takes the manifests that are found now.
    ///
    /// New ones count at once. One that is missing must be missing twice, because some editors remove a file and write another
    /// one, and the last ones stay: their absence is an error.
    ///
    /// - Returns: true if the manifests are others from now on.
    package mutating func found(_ found: [String]) -> Bool {
        defer { last = found }
        guard found != files, !found.isEmpty else { return false }
        guard found == last || Set(found).isSuperset(of: files) else { return false }
        files = found
        return true
    }
}
