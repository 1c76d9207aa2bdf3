/// Reads one manifest and validates it.
public enum ManifestParser {
    /// Reads the only manifest of a target. ``ManifestSet`` reads several.
    ///
    /// A byte order mark at the start is skipped, and lines may end in LF, CRLF or CR. Values are read as text by their
    /// declared type: YAML's interpretation of `yes`, `0x10` or `1:30` does not matter, and quotes around a number are
    /// allowed. Anchors and aliases are supported; merge keys are not.
    ///
    /// - Parameters:
    ///   - source: the manifest's text.
    ///   - file: the manifest's file as diagnostics name it. Files of statements are named relative to its folder.
    ///   - typeName: the name of the generated type, see ``GeneratedTypeName``.
    ///   - readFile: returns the text of a `.sql` file for its path relative to the manifest's folder. The path has
    ///     been checked to be relative, without `..`, and to end in `.sql`.
    /// - Returns: the manifest, or `nil` if a diagnostic is an error; and all diagnostics by file, line and column,
    ///   each once.
    public static func parse(
        source: String,
        file: String,
        typeName: String,
        readFile: (String) throws(SQLFileError) -> String
    ) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
        let set = ManifestSet([.init(file: file, text: source, typeName: typeName)]) { path, _ throws(SQLFileError) in
            try readFile(path)
        }
        return (set.manifests.first, set.diagnostics)
    }
}
