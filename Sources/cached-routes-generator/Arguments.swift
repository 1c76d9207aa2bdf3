/// The arguments of the plugin:
/// `[--code <version>] [--root <folder>] (--manifest <path> --output <path>)… (--sql <path>)… (--lock <path>)…`.
struct Arguments {
    /// A manifest and the file that is generated from it.
    struct Job {
        let manifest: String
        let output: String
    }

    /// The error about arguments of another form.
    struct UsageError: Error, CustomStringConvertible {
        let description =
            "usage: cached-routes-generator [--code <version>] [--root <folder>] (--manifest <path> --output <path>)… "
            + "(--sql <path>)… (--lock <path>)…"
    }

    /// The version of generated code that the caller's library is for; see ``GeneratedCode``.
    private(set) var codeVersion: String?
    /// The folder of the package. Messages at run time name manifests relative to it.
    private(set) var root: String?
    private(set) var jobs: [Job] = []
    /// The `.sql` files that manifests may name. A change in one of them runs the tool again.
    private(set) var sqlFiles: Set<String> = []
    /// The locks of manifests. A change in one of them runs the tool again.
    private(set) var locks: Set<String> = []

    /// Parses arguments.
    ///
    /// - Throws: ``UsageError`` for arguments of another form.
    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        var manifest: String?
        while let option = rest.popFirst() {
            guard let path = rest.popFirst() else { throw UsageError() }
            switch (option, manifest) {
            case ("--manifest", nil): manifest = path
            case ("--output", let pending?):
                jobs.append(Job(manifest: pending, output: path))
                manifest = nil
            case ("--code", nil): codeVersion = path
            case ("--root", nil): root = path
            case ("--sql", nil): sqlFiles.insert(path)
            case ("--lock", nil): locks.insert(path)
            default: throw UsageError()
            }
        }
        guard manifest == nil, !jobs.isEmpty else { throw UsageError() }
    }
}
