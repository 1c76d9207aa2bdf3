/// The keys of manifests, by which an error of the YAML parser is explained.
struct KnownManifestKeys {
    /// Keys that begin a line.
    let ofLines: Set<String>
    /// Keys of mappings in braces.
    let inBraces: Set<String>
}
