/// Reads manifests: YAML to a validated model, or to diagnostics with places.
public enum ManifestParser {
    /// Reads a manifest that is alone in its target; ``ManifestSet`` reads several.
    ///
    /// A byte order mark at the start is skipped, and lines may end in LF, CRLF or CR. Values are read as they are written, by the
    /// declared type: YAML's own idea of `yes`, `0x10` or `1:30` does not matter, and quotes around a number are fine. Anchors
    /// and aliases work; merge keys do not.
    ///
    /// - Parameters:
    ///   - source: the manifest's text.
    ///   - file: the manifest's file, as diagnostics shall name it. Files of statements are named beside it.
    ///   - typeName: the name of the generated type, see ``TypeName``.
    ///   - readFile: gives the text of a `.sql` file from its path relative to the target's folder. The path has been checked
    ///     to be relative, without `..`, and to end in `.sql`.
    /// - Returns: the manifest, unless there is an error among the diagnostics; and all diagnostics, by file, line and column,
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
