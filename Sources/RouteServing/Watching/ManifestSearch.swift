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
    /// New ones count at once, and so do as many missing ones as there are new ones: they have other names now. One that is missing
    /// otherwise must be missing twice, because some editors remove a file and write another one, and the last ones stay: their
    /// absence is an error.
    ///
    /// - Parameters:
    ///   - found: the manifests, sorted.
    ///   - isEarly: true if it is not time for the next search, but a manifest is missing. It doesn't count as the second time.
    /// - Returns: true if the manifests are others from now on.
    package mutating func found(_ found: [String], isEarly: Bool = false) -> Bool {
        defer { if !isEarly { last = found } }
        guard found != files, !found.isEmpty else { return false }
        let missing = Set(files).subtracting(found)
        let new = Set(found).subtracting(files)
        guard missing.count <= new.count || !isEarly && found == last else { return false }
        files = found
        return true
    }
}
